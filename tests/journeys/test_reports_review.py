"""Reviewing a report: from an empty desk to public facts, returned with words, one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from reports_desk import (
    FILLED,
    PERIOD,
    STEPS,
    Desk,
    address,
    fill,
    hand_in,
    hidden,
    post,
    set_up_desk,
)
from sqlalchemy import select

from portal.publication.institutions.institution_facts import accepted_facts
from portal.rules.rulebook import rules_on
from portal.store.people import Person
from portal.store.reports import Fact, SpecialReport
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def public_facts(desk: Desk, day: date | None = None) -> dict[str, tuple[Any, str]]:
    """Return path → (value, proof) of what is public of the first institution on a day."""
    day = day or desk.day
    with reading(desk.engine) as session:
        groups = accepted_facts(session, desk.ids["P001"], day, rules_on(day))
    return {fact.path: (fact.value, fact.proof) for group in groups for fact in group.facts}


def accept(reg: FlaskClient, receipt: str, **marks: str) -> None:
    """Review a report and accept it with these proofs."""
    url = f"/desk/reports/{receipt}"
    assert post(reg, url, {"deed": "start"}).status_code == 303
    proofs = {f"proof-{path.replace('__', '.')}": mark for path, mark in marks.items()}
    assert post(reg, url, {"deed": "accept", **proofs}).status_code == 303


def test_from_an_empty_desk_to_public_facts(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    assert "未开始" in clerk.get("/my").text
    fill(clerk)
    tasks = clerk.get(address()).text
    assert "但还没有提交" in tasks
    receipt = hand_in(clerk)
    assert receipt in reg.get("/desk/reports").text
    assert "第一次报告" in reg.get(f"/desk/reports/{receipt}").text
    accept(
        reg,
        receipt,
        teachers__teachers__1="seen_on_site",
        files__files_count="document_seen",
    )
    assert "已核验" in clerk.get(address()).text
    public = public_facts(desk)
    assert public["teachers.teachers.1"][0]["name"] == "王某某"
    assert "contract" not in public["teachers.teachers.1"][0]
    assert public["teachers.teachers.1"][1] == "seen_on_site"
    assert public["teachers.teachers.2"][1] == "declared"
    assert public["files.files_count"] == (320, "document_seen")
    assert "systems.responsible_person" not in public
    assert "lease_end_on" not in public["venues.venues.1"][0]
    assert public_facts(desk, desk.day - timedelta(days=1)) == {}


def test_each_change_is_one_event(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fill(clerk)
    accept(desk.browser("reg"), hand_in(clerk))
    assert desk.events() == [
        "report.open_period",
        *["report.save"] * len(STEPS),
        "report.submit",
        "report.start_review",
        "report.accept",
    ]


def test_a_returned_report_shows_the_words_beside_the_field(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    first = hand_in(clerk)
    url = f"/desk/reports/{first}"
    post(reg, url, {"deed": "start"})
    nothing = post(reg, url, {"deed": "return"})
    assert nothing.status_code == 422
    assert "请至少写一条意见" in nothing.text
    long = post(reg, url, {"deed": "return", "words-files.files_count": "字" * 1001})
    assert long.status_code == 422
    assert "字" * 1001 in long.text
    words = {"words-teachers.teachers.2": "请补合同", "words-files.files_count": "请核对份数"}
    assert post(reg, url, {"deed": "return", **words}).status_code == 303
    assert "退回补正" in clerk.get("/my").text
    assert "请补合同" in clerk.get(address("teachers")).text
    assert "请核对份数" in clerk.get(address("files")).text
    assert "请核对份数" not in clerk.get(address("teachers")).text
    assert clerk.get(address()).text.count("已完成") == len(STEPS) - 2
    fill(clerk, ("teachers", "files"))
    second = hand_in(clerk)
    assert second != first
    assert "请核对份数" in clerk.get(f"{address()}/v1").text
    accept(reg, second)


def test_a_changed_fact_is_only_declared_again_and_the_old_one_is_kept(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    seen = dict.fromkeys(("teachers__teachers__1", "teachers__teachers__2"), "seen_on_site")
    accept(reg, hand_in(clerk), **seen, files__files_count="document_seen")
    only_second = {
        key.replace("teachers-1-", "teachers-0-"): value
        for key, value in FILLED["teachers"].items()
        if key.startswith("teachers-1-")
    }
    changed = {**FILLED["files"], "files_count": "321"}
    for step, fields in (("teachers", only_second), ("files", changed)):
        assert post(clerk, address(step), {**fields, "finished": "done"}).status_code == 303
    receipt = hand_in(clerk)
    page = reg.get(f"/desk/reports/{receipt}").text
    assert "改动 2 处" in page
    assert "<del>320 份</del> 改为" in page
    accept(reg, receipt)
    public = public_facts(desk)
    assert public["files.files_count"] == (321, "declared")
    assert "teachers.teachers.1" not in public
    assert public["teachers.teachers.2"][1] == "seen_on_site"
    with reading(desk.engine) as session:
        ended = list(session.scalars(select(Fact).where(Fact.ended_on.is_not(None))))
    assert {fact.path for fact in ended} == {"teachers.teachers.1", "files.files_count"}


def test_a_late_report_is_taken_and_marked(app: Flask, engine: Engine) -> None:
    desk = set_up_desk(app, engine, due_in_days=-2)
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    assert "逾期未报" in clerk.get("/my").text
    assert "逾期未报" in reg.get(f"/desk/reports/periods/{PERIOD}").text
    fill(clerk)
    receipt = hand_in(clerk)
    assert "逾期" in clerk.get(address("sent")).text
    with reading(engine) as session:
        report = session.scalar(select(SpecialReport))
    assert report is not None
    assert report.is_late
    assert receipt in reg.get(f"/desk/reports/periods/{PERIOD}").text


def test_the_due_day_itself_is_on_time(app: Flask, engine: Engine) -> None:
    desk = set_up_desk(app, engine, due_in_days=0)
    clerk = desk.browser("clerk")
    fill(clerk)
    hand_in(clerk)
    with reading(engine) as session:
        report = session.scalar(select(SpecialReport))
    assert report is not None
    assert not report.is_late


def test_one_reviewer_at_a_time(desk: Desk) -> None:
    clerk, reg, other = (desk.browser(name) for name in ("clerk", "reg", "reg2"))
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    assert post(reg, url, {"deed": "accept"}).status_code == 409
    assert post(reg, url, {"deed": "start"}).status_code == 303
    clash = post(other, url, {"deed": "start"})
    assert clash.status_code == 409
    assert "reg 正在核验" in clash.text
    assert post(other, url, {"deed": "accept"}).status_code == 409
    assert post(other, url, {"deed": "take_over"}).status_code == 303
    assert post(reg, url, {"deed": "accept"}).status_code == 409
    bad = post(other, url, {"deed": "accept", "proof-files.files_count": "sworn"})
    assert bad.status_code == 422
    assert post(other, url, {"deed": "accept"}).status_code == 303
    after = post(reg, url, {"deed": "start"})
    assert after.status_code == 409
    assert "reg2 已经处理过" in after.text
    assert desk.events().count("report.accept") == 1


def test_nobody_reviews_for_an_institution_they_belong_to(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    with transaction(desk.engine) as session:
        person = session.get(Person, desk.ids["clerk"])
        assert person is not None
        person.role, person.institution_id = "regulator", None
    moved = desk.browser("clerk")
    assert "不能由你核验" in moved.get(url).text
    page = moved.get("/desk/reports/periods/new").text
    assert post(moved, url, {"deed": "start"}, page=page).status_code == 403
    assert "report.start_review" not in desk.events()


def test_a_report_of_another_area_is_not_there(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    with transaction(desk.engine) as session:
        person = session.get(Person, desk.ids["reg2"])
        assert person is not None
        person.area_code = "310107012"
    elsewhere = desk.browser("reg2")
    assert elsewhere.get(url).status_code == 404
    assert desk.events("access.") == ["access.refused"]
    assert "P001" not in elsewhere.get(f"/desk/reports/periods/{PERIOD}").text


def test_the_last_report_can_be_carried_over(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    accept(reg, hand_in(clerk))
    opening = {
        "period": "2026-H1",
        "opens_on": desk.day.isoformat(),
        "due_on": (desk.day + timedelta(days=40)).isoformat(),
    }
    assert post(reg, "/desk/reports/periods/new", opening).status_code == 303
    assert post(reg, "/desk/reports/periods/new", opening).status_code == 409
    url = "/my/reports/2026-H1"
    page = clerk.get(url).text
    assert "带入上次的内容" in page
    typed = {**FILLED["files"], "files_count": "9", "finished": "later"}
    assert post(clerk, f"{url}/files", typed).status_code == 303
    page = clerk.get(url).text
    assert "还空着的步骤，可以带入上次的内容" in page
    assert clerk.post(f"{url}/start", data=hidden(page)).status_code == 303
    assert 'value="9"' in clerk.get(f"{url}/files").text, "what was typed stays"
    assert "王示例" in clerk.get(f"{url}/teachers").text
    assert "正在填写" in clerk.get(url).text
    assert clerk.post(f"{url}/start", data=hidden(page)).status_code == 409


def test_a_period_that_makes_no_sense_is_not_opened(desk: Desk) -> None:
    reg = desk.browser("reg")
    wrong = {"period": "2026-H3", "opens_on": "2026-02-30", "due_on": ""}
    answer = post(reg, "/desk/reports/periods/new", wrong)
    assert answer.status_code == 422
    assert 'value="2026-02-30"' in answer.text
    swapped = {"period": "2026-H3", "opens_on": "2026-03-01", "due_on": "2026-02-01"}
    answer = post(reg, "/desk/reports/periods/new", swapped)
    assert answer.status_code == 422
    assert "截止日期不能早于开放日期" in answer.text
    assert "报告期写成 2026-H1" in answer.text
    assert desk.events() == ["report.open_period"]


def test_empty_desks_say_what_comes_next(app: Flask, engine: Engine) -> None:
    desk = set_up_desk(app, engine)
    with transaction(engine) as session:
        for row in session.execute(select(Person)).scalars():
            row.area_code = None
    reg, clerk = desk.browser("reg"), desk.browser("clerk")
    assert "没有等待核验的报告" in reg.get("/desk/reports").text
    assert "第一次来，先做三件事" in clerk.get("/my").text


def test_a_full_name_needs_a_basis_and_consent(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    agreed = {**FILLED["teachers"], "teachers-0-name_consent": "yes", "finished": "done"}
    assert post(clerk, address("teachers"), agreed).status_code == 303
    accept(reg, hand_in(clerk))
    rules = rules_on(desk.day)
    based = replace(rules, report=replace(rules.report, full_teacher_names=True))
    with reading(desk.engine) as session:
        for book, names in ((rules, ["王某某", "李某某"]), (based, ["王示例", "李某某"])):
            groups = accepted_facts(session, desk.ids["P001"], desk.day, book)
            (teachers,) = [group for group in groups if group.section.key == "teachers"]
            assert [fact.value["name"] for fact in teachers.facts] == names
