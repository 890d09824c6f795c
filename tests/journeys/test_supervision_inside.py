"""What supervision keeps inside: the watch, joint inspections, waivers, the years of a trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from signing import institution
from sqlalchemy import Engine, select
from supervision_ground import FACTS, START, Ground, begun, reader

from portal.casework.signals import watched
from portal.casework.supervision import inspections
from portal.domain.errors import Conflict
from portal.publication.listing.inspection_year import inspection_year
from portal.rules.checklists import checklists
from portal.rules.rulebook import rules_on
from portal.rules.workdays import add_months
from portal.store.inspections import Draw, Finding, Inspection
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from portal.rules.office import Office
    from portal.settings import Settings

JOINT = ("示例应急管理局", "示例消防救援大队")
RETENTION = """
name = "retention"
title = { zh = "保存年限", en = "Retention" }

[[version]]
in_force_from = 2026-01-01
source = "office-decision"
verified = true
trail_years = 7
"""


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town."""
    del office
    return begun(engine)


def test_the_watch_is_internal_and_gives_a_second_ticket(
    ground: Ground, settings: Settings
) -> None:
    institution(ground.engine, "T3")
    case = ground.published()
    off = case.publish_until_on or START
    end = add_months(off, rules_on(off).cases.watch_months)
    with reading(ground.engine) as session:
        ids = {
            day: list(watched(session, day, rules_on(day)))
            for day in (off - timedelta(days=1), off, end - timedelta(days=1), end)
        }
    assert list(ids.values()) == [[], [case.institution_id], [case.institution_id], []]

    def tickets(day: date) -> list[str]:
        made = ground.do(
            "first",
            day,
            lambda on: (
                inspections.draw_inspections(on, count=1, planned_on=day, departments=JOINT).number
            ),
        )
        with reading(ground.engine) as session:
            return session.scalars(select(Draw).where(Draw.number == made)).one().tickets

    assert tickets(off - timedelta(days=1)) == ["T1", "T2", "T3"]
    assert tickets(off) == ["T1", "T1", "T2", "T3"]
    assert tickets(end) == ["T1", "T2", "T3"]
    for place in ("/i/T1", "/issues", f"/issues/{case.listing_no}", "/inspections"):
        page = reader(settings, off).get(place).text
        assert "关注" not in page
        assert "观察期" not in page


def planned(ground: Ground, on_day: date, planned_on: date) -> str:
    """Plan a joint inspection of T1; return its number."""
    plan = inspections.Plan(
        subject="T1", checklist="institutions", planned_on=planned_on, departments=JOINT
    )
    return ground.do("first", on_day, lambda on: inspections.plan_inspection(on, plan).number)


def test_departments_share_one_list_of_findings(ground: Ground, settings: Settings) -> None:
    number = planned(ground, START, START)
    desk = {name: reader(settings, START, who=name) for name in ("first", "second")}
    page = f"/desk/inspections/{number}"
    for who, department, words in (
        ("first", JOINT[0], "两个班没有教案。"),
        ("second", JOINT[1], "安全出口被挡住。"),
    ):
        found = {"item": "training", "department": department, "words": words, "evidence": "照片"}
        assert desk[who].post(f"{page}/finding", data=found).status_code == 303
    stranger = {"item": "training", "department": "别的局", "words": "x", "evidence": "x"}
    assert desk["first"].post(f"{page}/finding", data=stranger).status_code == 422
    for reader_of in desk.values():
        text = reader_of.get(page).text
        assert "两个班没有教案。" in text
        assert "安全出口被挡住。" in text
    with reading(ground.engine) as session:
        rows = session.scalars(select(Finding)).all()
        year = inspection_year(session, START.year, START)
    assert {row.by for row in rows} == {"first", "second"}
    assert (year.joint, year.findings) == (1, 2)
    assert (
        "其中多部门联合检查 1 次，发现问题 2 项" in reader(settings, START).get("/inspections").text
    )


def test_training_is_always_looked_at_and_each_problem_needs_its_finding(ground: Ground) -> None:
    number = planned(ground, START, START)
    items = [item.key for item in checklists()["institutions"].items]
    left_out = ground.refused(
        "first", START, lambda on: inspections.record_results(on, number, {"training": "na"})
    )
    assert left_out.faults == {"item_training": "inspection.always_checked"}
    seen = dict.fromkeys(items, "ok") | {"training": "problem"}
    ground.do("first", START, lambda on: inspections.record_results(on, number, seen))
    untold = ground.refused(
        "first", START, lambda on: inspections.finish_inspection(on, number, inspectors="甲、乙")
    )
    assert untold.key == "inspection.finding_missing"


def test_an_overdue_inspection_is_seen_and_a_waiver_needs_reason_and_signer(
    ground: Ground, settings: Settings
) -> None:
    number = planned(ground, START, START + timedelta(days=3))
    due, late = START + timedelta(days=3), START + timedelta(days=4)
    for day, overdue in ((due, 0), (late, 1)):
        with reading(ground.engine) as session:
            assert inspection_year(session, START.year, day).overdue == overdue
    assert "逾期未查" in reader(settings, late, who="first").get(f"/desk/inspections/{number}").text
    desk, page = reader(settings, late, who="first"), f"/desk/inspections/{number}/waive"
    for lacking in ({"reason": "停业装修", "signer": ""}, {"reason": " ", "signer": "示例局长"}):
        assert desk.post(page, data=lacking).status_code == 422
    assert desk.post(page, data={"reason": "停业装修", "signer": "示例局长"}).status_code == 303
    public = reader(settings, late).get("/inspections").text
    for words in ("停业装修", "示例局长", number):
        assert words in public
    assert "示例T1" not in public  # who was to be inspected stays inside
    with pytest.raises(Conflict), transaction(ground.engine) as session:
        inspections.record_results(ground.stand(session, "first", late), number, {})
    with reading(ground.engine) as session:
        assert session.scalars(select(Inspection)).one().state == "waived"
        assert inspection_year(session, START.year, late).overdue == 0


def test_how_long_the_trail_is_kept_is_said_where_it_matters(
    ground: Ground, settings: Settings
) -> None:
    case = ground.published()
    off, page = case.publish_until_on or START, f"/desk/cases/{case.number}"
    before = reader(settings, off - timedelta(days=1), who="first").get(page).text
    assert "内部留痕" not in before
    unset = reader(settings, off, who="first").get(page).text
    assert "保存年限还没有确定" in unset
    assert FACTS in unset  # inside, what was public can still be read
    rules = settings.data_dir / "rules"
    rules.mkdir(parents=True)
    (rules / "retention.toml").write_text(RETENTION, "utf-8")
    kept = reader(settings, off, who="first").get(page).text
    until = add_months(off, 12 * 7)
    assert f"保存到 {until.year}年{until.month}月{until.day}日" in kept
