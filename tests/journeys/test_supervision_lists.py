"""The lists of supervision: filters, penalties, versions, answer times, watch, inspections."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from signing import institution
from sqlalchemy import Engine, select
from supervision_ground import FACTS, START, Ground, begun, reader

from portal.casework.signals import watched
from portal.casework.supervision import case_publication as publication
from portal.casework.supervision import inspections, letters
from portal.domain.errors import Conflict
from portal.publication.listing.inspection_year import inspection_year
from portal.rules.checklists import checklists
from portal.rules.rulebook import rules_on
from portal.rules.workdays import add_months
from portal.store.cases import CaseFile
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
NUMBER = re.compile(r'href="/issues/(\d{4}-\d{4})"')


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town."""
    del office
    return begun(engine)


def shown(settings: Settings, day: date, query: str) -> set[str]:
    """Return the entries that the list shows for a query."""
    page = reader(settings, day).get(f"/issues?{query}").text
    return set(NUMBER.findall(page))


def test_each_filter_narrows_the_list_and_unknown_ones_do_not(
    ground: Ground, settings: Settings
) -> None:
    one = ground.published("T1")
    unit = ground.published("U1", is_unit=True)
    with transaction(ground.engine) as session:
        row = session.get_one(CaseFile, one.id)
        row.trade, row.rectification = "low-voltage-electrician", "asked"
    day = one.publish_from_on or START
    first, second = str(one.listing_no), str(unit.listing_no)
    both = {first, second}
    assert shown(settings, day, "") == both
    narrowed = {
        "subject=institution": {first},
        "subject=unit": {second},
        f"ground={one.ground}": {first},
        f"ground={unit.ground}": {second},
        "trade=low-voltage-electrician": {first},
        "state=rectifying": {first},
        "state=published": {second},
        "state=corrected": set(),
        f"state=rectifying&ground={unit.ground}": set(),
        "area=310107005": both,
        "area=nowhere": both,
        "colour=red": both,
    }
    assert {query: shown(settings, day, query) for query in narrowed} == narrowed
    page = reader(settings, day).get(f"/issues?state=rectifying&ground={unit.ground}").text
    assert "没有符合条件的条目" in page
    assert f'href="/issues?ground={unit.ground}"' in page  # each condition can be taken away


def test_the_register_keeps_penalties_and_orders_apart(ground: Ground, settings: Settings) -> None:
    fined, ordered = ground.published("T1"), ground.published("U1", is_unit=True)
    with transaction(ground.engine) as session:
        row = session.get_one(CaseFile, fined.id)
        row.penalty, row.amount, row.is_ordered = "fine", 20_000, False
    day, off = fined.publish_from_on or START, fined.publish_until_on or START
    page = reader(settings, day).get("/penalties").text
    penalties, orders = page.split("<h2>责令改正</h2>")
    assert f"/issues/{fined.listing_no}" in penalties
    assert f"/issues/{ordered.listing_no}" not in penalties
    assert f"/issues/{ordered.listing_no}" in orders
    assert f"/issues/{fined.listing_no}" not in orders
    row_of = penalties[penalties.index(f"/issues/{fined.listing_no}") :]
    for words in ("20,000", str(fined.decision_no), day.isoformat(), off.isoformat(), "《"):
        assert words in row_of
    sheet = reader(settings, day).get("/api/v1/penalties.csv").text
    (line,) = csv.DictReader(io.StringIO(sheet))
    assert (line["no"], line["penalty"], line["amount"]) == (fined.listing_no, "fine", "20000")
    assert (line["basis"], line["until_on"]) == ("saws-order-44#34", off.isoformat())
    empty = reader(settings, off).get("/penalties").text
    assert "目前没有正在公示的行政处罚" in empty
    assert str(fined.decision_no) not in empty


def test_an_amendment_keeps_both_versions_public_and_leaves_with_the_entry(
    ground: Ground, settings: Settings
) -> None:
    case = ground.published()
    day, no = case.publish_from_on or START, case.number
    new, why = FACTS.replace("12", "11"), "人次 12 改为 11。"
    later = day + timedelta(days=2)
    ground.do("first", later, lambda on: publication.amend(on, no, 6, facts=new, reasons=why))
    assert new not in reader(settings, later).get(f"/issues/{case.listing_no}").text
    told = ground.refused("first", later, lambda on: publication.confirm_amend(on, no, 7))
    assert told.key == "case.second_person"
    ground.do("second", later, lambda on: publication.confirm_amend(on, no, 7))
    page = reader(settings, later).get(f"/issues/{case.listing_no}").text
    assert new in page
    assert FACTS not in page
    assert why in page
    history = reader(settings, later).get(f"/issues/{case.listing_no}/history").text
    assert history.index(new) < history.index(FACTS)
    assert reader(settings, day).get(f"/issues/{case.listing_no}/history").text.count("版 <") == 1
    off = case.publish_until_on or START
    gone = reader(settings, off).get(f"/issues/{case.listing_no}/history")
    assert gone.status_code == 410
    assert not [words for words in (new, FACTS, why) if words in gone.text]


def test_a_trainee_reads_whether_it_concerns_them_and_what_to_do(
    ground: Ground, settings: Settings
) -> None:
    case = ground.published()
    day = case.publish_from_on or START
    address = f"/issues/{case.listing_no}"
    vague = reader(settings, day).get(address).text
    assert "不清楚自己的班在不在里面" in vague
    with transaction(ground.engine) as session:
        row = session.get_one(CaseFile, case.id)
        row.affected, row.trade = "春季第一、二班，共 71 名学员。", "low-voltage-electrician"
        row.trainee_advice = "由机构免费补足课时。"
    page = reader(settings, day).get(address).text
    box = page[page.index('id="affected"') :].partition("</section>")[0]
    for words in ("春季第一、二班", "由机构免费补足课时", 'href="/rank/low-voltage-electrician"'):
        assert words in box
    assert "不因这条公示失效" in box
    assert f'href="{address}"' in reader(settings, day).get("/i/T1").text


def test_answer_times_of_help_are_published_as_they_are(ground: Ground, settings: Settings) -> None:
    def asked(day: date, words: str) -> str:
        written = letters.Written(kind="help", words=words)
        return ground.do("first", day, lambda on: letters.receive_letter(on, written)[0].number)

    add = rules_on(START).calendar.add_working_days
    promised = rules_on(START).letters.answer_days
    quick, slow, _open = (asked(START, words) for words in ("一", "二", "三"))
    for number, day in ((quick, add(START, 3)), (slow, add(START, promised + 2))):
        ground.do("first", day, lambda on, no=number: letters.answer_letter(on, no, words="答"))  # type: ignore[misc]
    day = add(START, promised + 3)
    page = reader(settings, day).get("/ask-help").text
    for words in ("3 件", "2 件，其中按时 1 件", "中位数 10 个工作日", "1 件"):
        assert words in page
    assert f"{promised} 个工作日答复" in page.replace("内", "")
    early = reader(settings, add(START, 1)).get("/ask-help").text
    assert "还没有答复过" in early


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
