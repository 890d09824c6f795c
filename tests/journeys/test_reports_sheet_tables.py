"""Venues and equipment sent as sheets: every fault at once, mended in place; every bad file."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from bad_sheets import bad_sheets
from reports_desk import Desk, address, hidden, post, set_up_desk
from sqlalchemy import select
from teacher_sheet import HEADER, rows
from workbooks import sheet_xml, xlsx

from portal.store.reports import ReportDraft
from portal.store.session import reading
from portal.store.staged_sheets import StagedSheet

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Table:
    """A table of the form: a good row, and rows with faults: line → (column, typed, mended)."""

    key: str
    name: str
    header: tuple[str, ...]
    good: tuple[object, ...]
    faults: dict[int, tuple[str, str, str]]
    words: tuple[str, ...]

    def sheet(self) -> list[tuple[object, ...]]:
        """Return the rows with their faults, a good row before and after."""
        return [self.header, self.good, *(self._faulty(line) for line in self.faults), self.good]

    def _faulty(self, line: int) -> tuple[object, ...]:
        column, typed, _ = self.faults[line]
        at = self.header.index(column)
        return (*self.good[:at], typed, *self.good[at + 1 :])


VENUES = Table(
    key="venues",
    name="场所",
    header=(
        *("场所名称", "地址", "用途", "权属", "租期截止日", "租期", "面积", "可同时容纳人数"),
        *("消防验收或者评估合格", "消防验收或者评估日期"),
    ),
    good=(
        "一号楼",
        "示例路1号",
        "理论教室",
        "租赁",
        "2031-12-31",
        5,
        120.5,
        70,
        "是",
        "2024-03-01",
    ),
    faults={
        3: ("面积", "一百二", "120"),
        4: ("租期截止日", "2031.2.30", "2031-02-28"),
        5: ("用途", "宿舍", "office"),
        6: ("消防验收或者评估合格", "也许", "yes"),
        7: ("可同时容纳人数", "70.5", "70"),
    },
    words=("没有这一天", "第 5 行：请", "第 3 行：“面积”"),
)
EQUIPMENT = Table(
    key="equipment",
    name="设备清单",
    header=("设备名称", "用于工种", "数量", "实操工位数", "完好可用"),
    good=("低压配电实训台", "低压电工作业", 6, 6, "是"),
    faults={
        3: ("用于工种", "低压", "low-voltage-electrician"),
        4: ("数量", "六台", "6"),
        5: ("完好可用", "一般", "yes"),
        6: ("设备名称", "", "焊机"),
    },
    words=("名称不完整", "第 4 行：“数量”", "第 6 行：请填写“设备名称”"),
)
TABLES = pytest.mark.parametrize("table", [VENUES, EQUIPMENT], ids=["venues", "equipment"])


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def send(client: FlaskClient, table: Table, content: bytes, **typed: str) -> TestResponse:
    """Upload a sheet of that table, with what was typed beside it."""
    url = address(table.key)
    sent: dict[str, Any] = {f"sheet_{table.key}": (io.BytesIO(content), "表格.xlsx")}
    data = {**hidden(client.get(url).text), **typed, **sent, "sheet": table.key}
    return client.post(url, data=data, content_type="multipart/form-data")


def saved(desk: Desk, table: Table) -> list[dict[str, str]]:
    """Return the rows of the draft."""
    with reading(desk.engine) as session:
        found: list[dict[str, str]] = (
            session.scalars(select(ReportDraft)).one().content[table.key][table.key]
        )
    return found


@TABLES
def test_every_fault_is_shown_at_once_and_mended_in_place(desk: Desk, table: Table) -> None:
    clerk, url = desk.browser("clerk"), address(table.key)
    assert send(clerk, table, xlsx({"表": table.sheet()})).status_code == 303
    page = clerk.get(url).text
    assert f"表里有 {len(table.faults)} 处需要修改" in page
    assert "2 行通过" in page
    for words in table.words:
        assert words in page
    fields = re.findall(rf'(?:<input|<select) class="input" id="(fix-{table.key}-[^"]+)"', page)
    assert [int(name.split("-")[2]) for name in fields] == list(table.faults)
    noted = clerk.get(f"{url}/{table.key}/faults.xlsx")
    assert noted.status_code == 200
    assert sheet_xml(noted.data).decode().count("“") >= len(table.faults)
    mended = dict(zip(fields, (right for _, _, right in table.faults.values()), strict=True))
    last = fields[-1]
    most = {**mended, last: "" if table is EQUIPMENT else "很多"}
    assert post(clerk, url, {**most, "finished": "later"}).status_code == 422
    assert "表里有 1 处需要修改" in clerk.get(url).text
    assert post(clerk, url, {last: mended[last], "finished": "later"}).status_code == 303
    assert len(saved(desk, table)) == len(table.faults) + 2
    again = clerk.get(f"{url}/{table.key}.xlsx")
    before = saved(desk, table)
    assert send(clerk, table, again.data).status_code == 303
    assert saved(desk, table) == before, "what goes out comes back the same"


@TABLES
def test_each_bad_sheet_has_its_own_sentence(desk: Desk, table: Table) -> None:
    clerk = desk.browser("clerk")
    teachers = ("教师名册", HEADER, rows()[0])
    beside = {"classroom_seats": "七十"} if table is VENUES else {}
    for name, (content, words) in bad_sheets(
        table.name, table.header, table.good, teachers
    ).items():
        answer = send(clerk, table, content, **beside)
        assert answer.status_code == 422, name
        assert words in answer.text, name
        assert all(f'value="{typed}"' in answer.text for typed in beside.values()), name
    with reading(desk.engine) as session:
        assert session.scalar(select(StagedSheet)) is None
        assert session.scalar(select(ReportDraft)) is None
