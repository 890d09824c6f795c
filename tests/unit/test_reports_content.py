"""Whole contents: what is missing, what is short, how far a step is, what changed."""

from __future__ import annotations

from typing import Any

from portal.domain.masking import masked_name
from portal.domain.report_review import ChangeKind, compare, shortfalls
from portal.domain.reports import (
    MOST_ROWS,
    Step,
    faults_in,
    mark_of,
    read_report,
    step_of,
    tidied,
    typed_report,
    unstorable,
)
from portal.rules.form import FormSection, Item, ReportForm

VENUES = FormSection(
    key="venues",
    zh="场所",
    en="Venues",
    items=(
        Item(
            key="rooms",
            kind="table",
            zh="教室",
            en="Rooms",
            columns=(
                Item(key="name", kind="text", zh="名称", en="Name"),
                Item(key="tenure", kind="choice", zh="权属", en="T", choices=("owned", "leased")),
                Item(key="until", kind="date", zh="到期", en="Until", needed_when="tenure=leased"),
            ),
        ),
        Item(key="area", kind="number", zh="面积", en="Area", min=90.0, min_from="area"),
        Item(key="online", kind="yesno", zh="线上", en="Online"),
        Item(key="platform", kind="text", zh="平台", en="Platform", needed_when="online=yes"),
    ),
)
FORM = ReportForm(version="1", sections=(VENUES,))


def no_trade(_name: str) -> None:
    return None


def room(name: str, tenure: str = "owned", until: str = "") -> dict[str, str]:
    return {"name": name, "tenure": tenure, "until": until}


def typed(**answers: Any) -> dict[str, Any]:  # noqa: ANN401 -- what a form may send
    full = {"rooms": [room("甲")], "area": "96", "online": "no"} | answers
    return tidied(VENUES, full, no_trade)


def faults(**answers: Any) -> dict[str, str]:  # noqa: ANN401
    found = faults_in(VENUES, typed(**answers), no_trade, complete=True)
    return {fault.path: fault.key for fault in found}


def test_a_full_section_has_no_fault() -> None:
    assert faults() == {}
    assert step_of(VENUES, typed(), no_trade, is_done=True) is Step.DONE
    assert step_of(VENUES, typed(), no_trade, is_done=False) is Step.NOW


def test_what_is_missing_is_named_by_its_place() -> None:
    assert faults(area="", online="") == {
        "venues.area": "answer.missing",
        "venues.online": "answer.missing",
    }
    assert faults(rooms=[]) == {"venues.rooms": "answer.no_rows"}
    assert faults(rooms=[room("甲"), room("", "leased")]) == {
        "venues.rooms.2.name": "answer.missing",
        "venues.rooms.2.until": "answer.missing",
    }


def test_an_answer_may_wait_for_its_neighbour() -> None:
    assert faults(online="yes") == {"venues.platform": "answer.missing"}
    assert faults(online="yes", platform="云课堂") == {}


def test_a_draft_need_not_be_complete_but_must_be_readable() -> None:
    half = typed(area="", rooms=[])
    assert faults_in(VENUES, half, no_trade, complete=False) == ()
    assert step_of(VENUES, half, no_trade, is_done=False) is Step.NOW
    assert step_of(VENUES, typed(area="九十"), no_trade, is_done=False) is Step.FAULTY
    assert step_of(VENUES, tidied(VENUES, {}, no_trade), no_trade, is_done=False) is Step.TODO


def test_a_draft_keeps_only_its_own_items_and_no_empty_rows() -> None:
    kept = typed(rooms=[room("甲"), room(" ", ""), "x"], rank="1", area=7)
    assert kept == {"rooms": [room("甲")], "area": "", "online": "no", "platform": ""}


def test_there_is_an_end_to_what_a_draft_keeps() -> None:
    many = typed(rooms=[room("甲")] * (MOST_ROWS + 1))
    assert [fault.key for fault in unstorable(VENUES, many)] == ["answer.too_many_rows"]
    control = typed(rooms=[room("甲\x00")])
    assert [fault.path for fault in unstorable(VENUES, control)] == ["venues.rooms.1.name"]
    assert unstorable(VENUES, typed()) == ()


def test_the_mark_of_a_section_tells_its_content_not_its_shape() -> None:
    assert mark_of(None) == mark_of(tidied(VENUES, {}, no_trade))
    assert mark_of(typed()) != mark_of(typed(area="97"))


def test_content_can_be_typed_again() -> None:
    content, _ = read_report(
        FORM, {"venues": typed(rooms=[room("乙", "leased", "2031.1.2")])}, no_trade
    )
    assert content["venues"]["rooms"][0]["until"] == "2031-01-02"
    again, found = read_report(FORM, typed_report(FORM, content), no_trade)
    assert (again, found) == (content, ())


def content(**answers: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    return {"venues": {"area": 96, "online": False} | answers}


def test_a_true_answer_below_the_rule_is_short_not_wrong() -> None:
    assert faults(area="60") == {}
    (short,) = shortfalls(FORM, content(area=60))
    assert (short.item.key, short.value, short.least) == ("area", 60, 90.0)
    assert shortfalls(FORM, content(area=90)) == ()


def test_rows_that_only_moved_are_unchanged() -> None:
    one, two = {"name": "甲"}, {"name": "乙"}
    found = compare(FORM, content(rooms=[one, two]), content(rooms=[two, one]))
    assert found.changes == ()
    assert found.unchanged == 4


def test_a_row_is_known_again_by_its_first_column() -> None:
    old = content(rooms=[{"name": "甲", "tenure": "owned"}, {"name": "乙"}], area=96)
    new = content(rooms=[{"name": "丙"}, {"name": "甲", "tenure": "leased"}], area=97)
    found = compare(FORM, old, new).changes
    told = [(change.item.key, change.kind, change.row, change.old_row) for change in found]
    assert told == [
        ("rooms", ChangeKind.ADDED, 1, None),
        ("rooms", ChangeKind.CHANGED, 2, 1),
        ("rooms", ChangeKind.REMOVED, None, 2),
        ("area", ChangeKind.CHANGED, None, None),
    ]
    assert [column.key for column in found[1].columns] == ["tenure"]


def test_the_first_report_is_all_new() -> None:
    found = compare(FORM, {}, content(rooms=[{"name": "甲"}]))
    assert {change.kind for change in found.changes} == {ChangeKind.ADDED}
    assert found.unchanged == 0


def test_of_a_name_only_the_surname_is_public() -> None:
    names = {
        "王志强": "王某某",
        "王强": "王某某",
        "欧阳修文": "欧阳某某",
        "欧阳": "欧某某",
        "马诸亮": "马某某",
        "许示例1": "许某某",
        "买买提·吐尔逊": "买某某",
        "Maria da Silva": "M. d. S.",
        " ": "",
    }
    assert {name: masked_name(name) for name in names} == names
