"""Filing a report: typing, leaving, coming back, handing in, and every way of going wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reports_desk import FILLED, STEPS, Desk, address, fill, hand_in, hidden, post, set_up_desk
from sqlalchemy import select

from portal.store.reports import ReportDraft, SpecialReport
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def test_another_institution_finds_nothing(desk: Desk) -> None:
    clerk, rival = desk.browser("clerk"), desk.browser("rival")
    fill(clerk)
    hand_in(clerk)
    assert rival.get(f"{address()}/v1").status_code == 404
    assert "钱示例" not in rival.get(address("systems")).text
    assert rival.get(address("sent")).status_code == 303
    nobody, reg = desk.app.test_client(), desk.browser("reg")
    assert nobody.get(address()).status_code == 303
    assert nobody.get(address()).headers["Location"].startswith("/login?next=")
    assert reg.get(address()).status_code == 403
    assert clerk.get("/desk/reports").status_code == 403
    assert nobody.get("/desk/reports/SR-1").status_code == 303
    assert reg.get("/desk/reports/SR-1").status_code == 404
    assert clerk.get("/my/reports/2024-H1").status_code == 404
    assert clerk.get(address("no-such-step")).status_code == 404


def test_all_empty_names_every_field(desk: Desk) -> None:
    answer = post(desk.browser("clerk"), address("systems"))
    assert answer.status_code == 422
    for words in ("主要负责人姓名", "已建立的管理制度数", "有应急预案"):
        assert f"请填写“{words}" in answer.text
    assert "请选择这一步填完了没有" in answer.text
    assert 'href="#responsible_person"' in answer.text
    assert "<title>有错误：" in answer.text


@pytest.mark.parametrize("typed", ["12,5", "1e3", "-1", "NaN", "1e400", "2147483648", "９" * 20])
def test_a_wrong_number_keeps_everything_typed(desk: Desk, typed: str) -> None:
    fields = {**FILLED["venues"], "classroom_area_m2": typed, "finished": "later"}
    answer = post(desk.browser("clerk"), address("venues"), fields)
    assert answer.status_code == 422
    for kept in (typed, "一号教学楼", "2024.3.1"):
        assert f'value="{kept}"' in answer.text
    with reading(desk.engine) as session:
        assert session.scalar(select(ReportDraft)) is None


def test_a_fault_in_a_row_is_named_with_its_row(desk: Desk) -> None:
    fields = {**FILLED["teachers"], "teachers-1-trades": "电梯", "finished": "done"}
    answer = post(desk.browser("clerk"), address("teachers"), fields)
    assert answer.status_code == 422
    assert '<a href="#teachers-1-trades">第 2 行：“授课工种”里的“电梯”' in answer.text


def test_full_width_digits_are_digits(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fields = {**FILLED["files"], "files_count": "３２０", "finished": "done"}
    assert post(clerk, address("files"), fields).status_code == 303


def test_text_without_bounds_and_control_characters_are_refused(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    for typed in ("字" * 501, "示例\x00"):
        fields = {**FILLED["systems"], "responsible_person": typed, "finished": "done"}
        assert post(clerk, address("systems"), fields).status_code == 422
    for typed in ("\x00", "字" * 10_001):
        later = {"responsible_person": typed, "later": "1"}
        assert post(clerk, address("systems"), later).status_code == 422
    million = {"responsible_person": "x" * 1_000_000, "later": "1"}
    assert post(clerk, address("systems"), million).status_code in {413, 422}


def test_markup_stays_text(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    markup = {"quality_measures": "</textarea><script>alert(1)</script>", "later": "1"}
    assert post(clerk, address("teaching"), markup).status_code == 303
    page = clerk.get(address("teaching")).text
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script" not in page


def test_rows_are_added_and_removed_without_a_script(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    more = post(clerk, address("teachers"), {**FILLED["teachers"], "more": "teachers"})
    assert more.status_code == 303
    assert more.headers["Location"].endswith("#teachers-table")
    page = clerk.get(more.headers["Location"]).text
    assert 'name="teachers-9-name"' in page
    assert 'name="teachers-10-name"' not in page
    drop = post(clerk, address("teachers"), {**FILLED["teachers"], "drop": "teachers-1"})
    assert drop.status_code == 303
    page = clerk.get(address("teachers")).text
    assert "王示例" not in page
    assert "李示例" in page


@pytest.mark.parametrize("odd", ["teachers-²", "teachers", "nothing-1", "teachers-" + "9" * 20])
def test_a_strange_row_number_does_no_harm(desk: Desk, odd: str) -> None:
    clerk = desk.browser("clerk")
    fields = {**FILLED["teachers"], "teachers-²-name": "x", f"teachers-{'9' * 20}-name": "y"}
    assert post(clerk, address("teachers"), {**fields, "drop": odd}).status_code == 303
    assert "王示例" in clerk.get(address("teachers")).text


def test_a_stale_tab_loses_nothing(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    opened = clerk.get(address("files")).text
    fields = {**FILLED["files"], "files_count": "300", "finished": "done"}
    assert post(clerk, address("files"), fields).status_code == 303
    stale = {**FILLED["files"], "files_count": "999", "finished": "done"}
    answer = post(clerk, address("files"), stale, page=opened)
    assert answer.status_code == 409
    assert "300 份" in answer.text
    assert "999 份" in answer.text
    assert 'value="999"' in answer.text
    assert 'value="300"' in clerk.get(address("files")).text
    assert post(clerk, address("files"), stale, page=answer.text).status_code == 303
    assert 'value="999"' in clerk.get(address("files")).text


def test_two_tabs_on_two_steps_do_not_meet(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    opened = clerk.get(address("files")).text
    fill(clerk, ("systems",))
    fields = {**FILLED["files"], "finished": "done"}
    assert post(clerk, address("files"), fields, page=opened).status_code == 303


def test_the_same_save_twice_is_one_event(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    opened = clerk.get(address("files")).text
    for _ in range(2):
        fields = {**FILLED["files"], "finished": "done"}
        assert post(clerk, address("files"), fields, page=opened).status_code == 303
    assert desk.events().count("report.save") == 1


def test_handing_in_twice_gives_one_report(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fill(clerk)
    page = clerk.get(address("check")).text
    old_step = clerk.get(address("files")).text
    hand_in(clerk)
    again = clerk.post(address("check"), data=hidden(page))
    assert again.status_code == 409
    assert "已经提交过了" in again.text
    late_tab = {**FILLED["files"], "files_count": "1", "finished": "done"}
    both = post(clerk, address("files"), late_tab, page=old_step)
    assert both.status_code == 409
    assert "320 份" in both.text
    assert 'value="1"' in both.text
    assert clerk.get(address("check")).status_code == 303
    with reading(desk.engine) as session:
        assert len(list(session.scalars(select(SpecialReport)))) == 1
    assert desk.events().count("report.submit") == 1


def test_an_unfinished_report_is_not_taken(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    assert post(clerk, address("check")).status_code == 422
    fill(clerk, ("systems", "venues"))
    answer = post(clerk, address("check"))
    assert answer.status_code == 422
    assert "还不能提交" in answer.text
    assert "report.submit" not in desk.events()


def test_a_done_step_that_was_broken_again_is_not_taken(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fill(clerk)
    broken = {**FILLED["files"], "files_count": "", "finished": "later"}
    assert post(clerk, address("files"), broken).status_code == 303
    assert clerk.get(address()).text.count("已完成") == len(STEPS) - 1
    assert post(clerk, address("check")).status_code == 422


def test_what_is_left_for_later_is_kept_as_it_was_typed(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    half = {"classroom_area_m2": "九十", "later": "1"}
    assert post(clerk, address("venues"), half).headers["Location"] == address()
    assert "需要修改" in clerk.get(address()).text
    assert 'value="九十"' in clerk.get(address("venues")).text


def test_less_than_the_standard_may_be_reported(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    short = {**FILLED["venues"], "classroom_area_m2": "60", "finished": "done"}
    assert post(clerk, address("venues"), short).status_code == 303
    assert "标准条件为不少于 90 平方米" in clerk.get(address("check")).text
    receipt = hand_in(clerk)
    assert "标准条件为不少于 90 平方米" in reg.get(f"/desk/reports/{receipt}").text


def test_an_answer_is_needed_only_where_its_neighbour_says_so(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    answer = post(clerk, address("online"), {"online_used": "yes", "finished": "done"})
    assert answer.status_code == 422
    assert "请填写“线上平台名称”" in answer.text
    fill(clerk, ("online",))


def test_english_pages_speak_english(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    answer = post(clerk, f"/en{address('systems')}")
    assert answer.status_code == 422
    assert "Fill in “Name of the principal”" in answer.text
    page = clerk.get(f"/en{address('teachers')}").text
    assert "Add 5 rows" in page


def test_what_was_typed_outlives_the_session(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    page = clerk.get(address("files")).text
    out = desk.app.test_client()
    fields = {**FILLED["files"], "files_count": "777", "finished": "done"}
    answer = post(out, address("files"), fields, page=page)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/login?next={address('files')}"
    again = clerk.get(address("files")).text
    assert "登录中断以前填的内容还在" in again
    assert 'value="777"' in again
    assert 'value="777"' not in clerk.get(f"{address('files')}?saved=1").text
    assert "777" not in desk.browser("rival").get(address("files")).text
    assert post(clerk, address("files"), fields, page=again).status_code == 303
    assert "登录中断以前填的内容还在" not in clerk.get(address("files")).text
    assert desk.events() == ["report.open_period", "report.park", "report.save"]


def test_without_a_ticket_nothing_is_parked(desk: Desk) -> None:
    page = desk.browser("clerk").get(address("files")).text
    out = desk.app.test_client()
    for forged in ("", "x", hidden(page)["_ticket"] + "x"):
        fields = {**FILLED["files"], "_ticket": forged}
        assert post(out, address("files"), fields, page=page).status_code == 303
    bad = {**FILLED["files"], "files_count": "\x00"}
    assert post(out, address("files"), bad, page=page).status_code == 303
    assert "report.park" not in desk.events()
