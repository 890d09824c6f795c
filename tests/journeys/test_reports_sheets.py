"""Tables sent as sheets: all faults at once, mended in place, and every wrong file told apart."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from bad_sheets import bad_sheets
from hostile_files import pdf
from reports_desk import PERIOD, Desk, address, hidden, post, set_up_desk
from sqlalchemy import select
from teacher_sheet import HEADER, NO_DAY, ROWS, SHORT, UNFINISHED, book, rows
from workbooks import changed, sheet_xml, xlsx

from portal.demonstration.answers import identity_number
from portal.domain.errors import RuleBroken
from portal.intake.files.source import Source
from portal.intake.report_sheets import rows_in
from portal.rules.rulebook import rules_on
from portal.rules.words import say
from portal.store.reports import ReportDraft
from portal.store.session import reading
from portal.store.staged_sheets import StagedSheet

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

FIX = re.compile(r'(?:<input|<select) class="input" id="(fix-[^"]+)"')


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def send(
    client: FlaskClient, content: bytes, name: str = "教师名册2025Q3.xlsx", root: str = ""
) -> TestResponse:
    """Upload a sheet of teachers."""
    url = f"{root}{address('teachers')}"
    fields = {"sheet_teachers": (io.BytesIO(content), name), "sheet": "teachers"}
    data = {**hidden(client.get(url).text), **fields}
    return client.post(url, data=data, content_type="multipart/form-data")


def test_the_sheet_of_the_drawing_behaves_as_drawn(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    assert send(clerk, book()).status_code == 303
    page = clerk.get(address("teachers")).text
    assert "表里有 3 处需要修改" in page
    assert "21 行通过" in page
    assert "3 行有误" in page
    assert "教师名册2025Q3.xlsx" in page
    for line, words in (
        (SHORT, "“身份证号”少 1 位，应为 18 位"),
        (NO_DAY, "“证书有效期至”填的“2025.2.30”没有这一天"),
        (UNFINISHED, "“授课工种”填的“低压”名称不完整，应与目录一致"),
    ):
        assert f"第 {line} 行：{words}" in page
    for column in ("D 身份证号", "F 证书有效期至", "H 授课工种"):
        assert column in page
    assert FIX.findall(page) == [
        f"fix-teachers-{SHORT}-identity",
        f"fix-teachers-{NO_DAY}-qualification_until_on",
        f"fix-teachers-{UNFINISHED}-trades",
    ]
    assert rows()[SHORT - 2][3] not in page
    assert "需要修改" in clerk.get(address()).text


def test_faults_are_mended_in_place_and_passed_rows_never_typed_again(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    send(clerk, book())
    first = {f"fix-teachers-{NO_DAY}-qualification_until_on": "2025-02-28", "finished": "done"}
    answer = post(clerk, address("teachers"), first)
    assert answer.status_code == 422
    assert "22 行通过" in answer.text
    assert "2025.2.30" not in clerk.get(address("teachers")).text
    rest = {
        f"fix-teachers-{SHORT}-identity": identity_number(900 + SHORT),
        f"fix-teachers-{UNFINISHED}-trades": "低压电工作业",
        "finished": "done",
    }
    assert post(clerk, address("teachers"), rest).status_code == 303
    page = clerk.get(address("teachers")).text
    assert page.count('class="row" id="teachers-row-') == ROWS + 3
    assert "教师示例25" in page
    assert "已完成" in clerk.get(address()).text
    with reading(desk.engine) as session:
        draft = session.scalars(select(ReportDraft)).one()
        assert session.scalar(select(StagedSheet)) is None
    numbers = [row["identity"] for row in draft.content["teachers"]["teachers"]]
    assert all(re.fullmatch(r"0000\*{10}\w{4}~[0-9a-f]{32}", number) for number in numbers)
    assert len(set(numbers)) == ROWS


def test_identity_numbers_survive_being_shown_hidden(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    assert send(clerk, book(faulty=False)).status_code == 303
    again = clerk.get(f"{address('teachers')}/teachers.xlsx")
    assert again.status_code == 200
    assert "attachment" in again.headers["Content-Disposition"]
    with reading(desk.engine) as session:
        before = session.scalars(select(ReportDraft)).one().content
    assert send(clerk, again.data).status_code == 303
    with reading(desk.engine) as session:
        assert session.scalars(select(ReportDraft)).one().content == before
        assert session.scalar(select(StagedSheet)) is None


def test_the_sheet_with_notes_can_be_corrected_and_sent_again(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    send(clerk, book())
    noted = clerk.get(f"{address('teachers')}/teachers/faults.xlsx")
    (item,) = [one for one in rules_on(desk.day).report.form.items() if one.key == "teachers"]
    lines = rows_in(Source("x.xlsx", noted.data), item, [], 10**6)
    assert len(lines) == ROWS
    assert lines[NO_DAY - 2][1]["qualification_until_on"] == "2025.2.30"
    sheet = sheet_xml(noted.data).decode()
    assert "没有这一天" in sheet
    mended = sheet.replace("2025.2.30", "2025-02-28")
    assert send(clerk, changed(noted.data, sheet1=mended.encode())).status_code == 303
    page = clerk.get(address("teachers")).text
    assert "22 行通过" in page
    assert f"fix-teachers-{SHORT}-identity" in page


def test_a_sheet_can_be_given_up(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    send(clerk, book(faulty=False))
    send(clerk, book())
    assert post(clerk, address("teachers"), {"leave": "teachers"}).status_code == 303
    page = clerk.get(address("teachers")).text
    assert "处需要修改" not in page
    assert "教师示例25" in page
    assert clerk.get(f"{address('teachers')}/teachers/faults.xlsx").status_code == 404


def test_an_unfinished_sheet_keeps_the_report_back(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    send(clerk, book())
    assert post(clerk, address("teachers"), {"finished": "done"}).status_code == 422
    assert post(clerk, address("check")).status_code == 422
    assert (
        desk.browser("rival").get(f"{address('teachers')}/teachers/faults.xlsx").status_code == 404
    )


def test_what_was_typed_beside_a_bad_file_stays(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    url = address("venues")
    fields = {"classroom_area_m2": "九十", "classroom_seats": "70", "sheet": "venues"}
    sent = {**fields, "sheet_venues": (io.BytesIO(pdf()), "x.xlsx")}
    data = {**hidden(clerk.get(url).text), **sent}
    answer = clerk.post(url, data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'value="九十"' in answer.text
    assert 'href="#sheet_venues"' in answer.text


OTHER = (
    "设备清单",
    ("设备名称", "用于工种", "数量", "实操工位数", "完好可用"),
    ("台", "低压电工", 1, 1, "是"),
)
BAD = bad_sheets("教师名册", HEADER, rows(faulty=False)[0], OTHER)


def test_each_bad_sheet_has_its_own_sentence(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    for name, (content, words) in BAD.items():
        answer = send(clerk, content, "x.xlsx")
        assert answer.status_code == 422, name
        assert words in answer.text, name
    with reading(desk.engine) as session:
        assert session.scalar(select(StagedSheet)) is None


def test_a_sheet_beyond_the_limit_is_not_even_opened() -> None:
    (item,) = [
        one for one in rules_on(date(2026, 6, 1)).report.form.items() if one.key == "teachers"
    ]
    with pytest.raises(RuleBroken) as refused:
        rows_in(Source("x.xlsx", book()), item, [], 1000)
    assert refused.value.key == "sheet.too_large"
    assert "最大" in say("sheet.too_large", "zh", **refused.value.facts)


def test_formulas_stay_text_both_ways(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    sheet = rows(faulty=False)
    sheet[0][4] = "=1+1"
    assert send(clerk, xlsx({"教师名册": [HEADER, *sheet]})).status_code == 303
    out = sheet_xml(clerk.get(f"{address('teachers')}/teachers.xlsx").data).decode()
    assert ">'=1+1<" in out
    assert "<f>" not in out


def test_english_sheets_speak_english(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    out = clerk.get(f"/en/my/reports/{PERIOD}/teachers/teachers.xlsx")
    assert "Identity number" in sheet_xml(out.data).decode()
    answer = send(clerk, xlsx({"a": [("a", "b"), (1, 2)]}), root="/en")
    assert "not the template of “Register of teachers”" in answer.text
