"""Counts, surveys and registers taken in as files."""

from __future__ import annotations

import csv
import io

import pytest
from handed import COUNTS, TALLY_HEADER, Hand, csv_of, rules_of, tally
from sqlalchemy import Engine, func, select

from portal.intake.files.formats import Kind, format_of
from portal.intake.handing_in import Outcome, Wish
from portal.rules.office import Office
from portal.settings import ROOT
from portal.store.exams import Tally
from portal.store.institutions import Institution, InstitutionName, InstitutionTrade, Unit
from portal.store.session import reading, transaction
from portal.store.surveys import SurveyTally

SURVEY_HEADER = format_of(Kind.SURVEYS).keys
REGISTER_HEADER = format_of(Kind.INSTITUTIONS).keys


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return who hands files in, with two institutions registered."""
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    return hand


def test_counts_go_in_as_they_are(hand: Hand) -> None:
    unknown = dict.fromkeys(("registered", "sat_first", "passed_first"), "")
    outcome = hand.tallies(tally(), tally(period="2025-H2", **unknown))
    assert outcome.receipt is not None
    assert hand.counted() == {
        ("fusion-welding", "2025-H1"): (100, 95, 90, 70, 80),
        ("fusion-welding", "2025-H2"): (None, 95, None, None, 80),
    }


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"passed": 96}, "tally.passed_over_sat"),
        ({"sat": 101}, "tally.sat_over_registered"),
        ({"sat_first": 96}, "tally.sat_first_over_sat"),
        ({"passed_first": 81}, "tally.passed_first_over_passed"),
        ({"sat_first": ""}, "tally.first_half_given"),
        ({"passed": ""}, "cell.empty"),
        ({"passed": "FEWER THAN 50"}, "cell.count"),
        ({"period": "2025-Q5"}, "tally.period"),
        ({"period": "2027"}, "tally.future"),
        ({"trade": "不存在的工种"}, "trade.unknown"),
        ({"exam_kind": "review", "period": "2026-H2"}, "exam.kind_not_held"),
        ({"institution_code": ""}, "institution.none"),
        (
            {"institution_code": "", "institution_name": "未登记学校"},
            "institution.unknown_name",
        ),
        ({"institution_name": "示例P002安全培训中心"}, "institution.code_name_differ"),
    ],
)
def test_impossible_counts_are_refused(hand: Hand, changed: dict[str, object], rule: str) -> None:
    assert hand.tallies(tally()).receipt is not None  # the control
    outcome = hand.tallies(tally(**{"period": "2024-H1"} | changed))
    assert rule in [found for _, _, found in rules_of(outcome)]
    assert all(one.words("zh") and one.words("en") for one in outcome.refusals)


def test_counts_of_overlapping_periods_name_the_earlier_receipt(hand: Hand) -> None:
    first = hand.tallies(tally(period="2025"))
    outcome = hand.tallies(tally(), tally(trade="brazing"))
    assert first.receipt is not None
    assert rules_of(outcome) == [(2, "", "tally.taken_already")]
    assert first.receipt.number in outcome.refusals[0].words("en")
    again = hand.tallies(tally(period="2025"), tally(period="2024"))
    assert (again.accepted, again.merged, again.refused) == (1, 1, 0)


def portuguese() -> list[dict[str, object]]:
    """Return the real Portuguese figures as rows of counts: theory and practice as two trades."""
    path = ROOT / "data/real/pt_imt_driving_school_exams_2015_2019.csv"
    parts = (("t", "low-voltage-electrician"), ("d", "fusion-welding"))
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                "institution_code": row["inst_key"],
                "institution_name": row["inst_name_raw"],
                "trade": trade,
                "exam_kind": "initial",
                "period": row["year"],
                "registered": row[f"{part}_scheduled"],
                "sat": row[f"{part}_done"],
                "passed": row[f"{part}_passed"],
            }
            for row in csv.DictReader(file)
            for part, trade in parts
            if row[f"{part}_done"] not in {"", "0"} and row[f"{part}_passed"]
        ]


def test_the_real_portuguese_counts_go_in_whole(hand: Hand) -> None:
    rows = portuguese()
    names: dict[object, list[object]] = {}
    for row in rows:
        names.setdefault(row["institution_code"], []).append(row["institution_name"])
    register = [
        {
            "institution_code": code,
            "name": borne[-1],
            "former_names": ";".join(map(str, dict.fromkeys(borne[:-1]))),
        }
        for code, borne in names.items()
    ]
    assert hand.give(Kind.INSTITUTIONS, csv_of(register, REGISTER_HEADER)).refused == 0
    outcome = hand.tallies(*rows)
    assert (outcome.refused, outcome.merged) == (0, 0), rules_of(outcome)[:5]
    totals = select(func.sum(Tally.sat), func.sum(Tally.passed))
    with reading(hand.engine) as session:
        theory = totals.where(Tally.trade == "low-voltage-electrician", Tally.period == "2019")
        practice = totals.where(Tally.trade == "fusion-welding", Tally.period == "2015")
        assert tuple(session.execute(theory).one()) == (182_599, 129_075)
        assert tuple(session.execute(practice).one()) == (
            181_441 - 37,
            126_184,
        )  # one school: 37 sat, passed unknown


def survey(**changed: object) -> dict[str, object]:
    """Return the cells of one good row of satisfaction."""
    steps = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
    row: dict[str, object] = {
        "institution_code": "P001", "trade": "", "period": "2025-H1", "invited": 80,
        "answered": 50, "source": "示例问卷",
    }  # fmt: skip
    return row | dict(zip(steps, (20, 18, 6, 4, 2), strict=True)) | changed


def give_survey(hand: Hand, *rows: dict[str, object]) -> Outcome:
    """Hand rows of satisfaction in."""
    return hand.give(Kind.SURVEYS, csv_of(rows, SURVEY_HEADER), "满意度.csv")


NO_STEPS = dict.fromkeys(
    ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied"), ""
)


def test_satisfaction_as_counts_or_as_a_rounded_share(hand: Hand) -> None:
    shares_only = survey(institution_code="P002", satisfied_share="82,69 %") | NO_STEPS
    outcome = give_survey(hand, survey(), shares_only)
    assert outcome.receipt is not None, rules_of(outcome)
    with reading(hand.engine) as session:
        counted, rounded = session.scalars(select(SurveyTally).order_by(SurveyTally.id))
        assert (counted.very_satisfied, counted.answered, counted.satisfied_share) == (20, 50, None)
        assert rounded.satisfied_share == pytest.approx(0.8269)
        assert rounded.very_satisfied is None


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"answered": 81, "invited": 80}, "survey.answered_over_invited"),
        ({"answered": 49}, "survey.steps_over_answered"),
        (NO_STEPS, "survey.nothing_counted"),
        ({"satisfied_share": 0.7}, "survey.share_and_counts"),
        (NO_STEPS | {"satisfied_share": "82.69"}, "cell.share"),
        ({"source": ""}, "cell.empty"),
        ({"source": "=cmd|' /C calc'!A0"}, "cell.formula"),
    ],
)
def test_impossible_satisfaction_is_refused(
    hand: Hand, changed: dict[str, object], rule: str
) -> None:
    outcome = give_survey(hand, survey(**changed))
    assert outcome.receipt is None
    assert rule in [found for _, _, found in rules_of(outcome)]


def test_the_register_takes_changes_and_keeps_old_names_findable(hand: Hand) -> None:
    row = {
        "institution_code": "P001", "name": "示例甲新名（东）培训学校",
        "former_names": "示例甲夜校",
        "area_code": "310107005", "opened_on": "2015-03-01", "trades": "低压电工作业",
    }  # fmt: skip
    good = hand.give(Kind.INSTITUTIONS, csv_of([row], REGISTER_HEADER))
    assert good.accepted == 1, rules_of(good)
    assert hand.give(Kind.INSTITUTIONS, csv_of([row, row], REGISTER_HEADER)).refused == 1
    with reading(hand.engine) as session:
        one = session.scalars(select(Institution).where(Institution.code == "P001")).one()
        names = session.scalars(select(InstitutionName.name).filter_by(institution_id=one.id)).all()
        trades = session.scalars(select(InstitutionTrade.trade).filter_by(institution_id=one.id))
        assert one.name == "示例甲新名（东）培训学校"
        assert set(names) == {"示例甲新名（东）培训学校", "示例P001安全培训中心", "示例甲夜校"}
        assert trades.all() == ["low-voltage-electrician"]
    old_name = tally(institution_code="", institution_name=" 示例P001安全培训中心 ")
    by_old_name = hand.tallies(old_name)
    assert by_old_name.receipt is not None


def test_wrong_register_rows_are_refused_one_by_one(hand: Hand) -> None:
    rows = [
        {"institution_code": "P003", "name": "示例丙", "credit_code": "9131O107MA1G0X2U4I"},
        {"institution_code": "P004", "name": "=HYPERLINK(1)"},
        {"institution_code": "P005", "name": "示例戊", "area_code": "999999"},
        {"institution_code": "P006", "name": "示例己", "opened_on": "2020", "closed_on": "2019-01"},
        {"institution_code": "P007", "name": "示例庚", "opened_on": "3/5/26"},
        {"institution_code": "P008", "name": "示例辛"},
        {"institution_code": "P008", "name": "示例壬"},
    ]
    outcome = hand.give(Kind.INSTITUTIONS, csv_of(rows, REGISTER_HEADER), wish=Wish(partial=True))
    assert (outcome.rows_read, outcome.accepted, outcome.refused) == (7, 1, 6)
    assert rules_of(outcome) == [
        (2, "credit_code", "cell.credit_code"),
        (3, "name", "cell.formula"),
        (4, "area_code", "cell.area"),
        (5, "opened_on", "cell.day"),
        (5, "closed_on", "cell.day"),
        (6, "opened_on", "cell.day_unclear"),
        (8, "", "institution.twice_in_file"),
    ]


def test_units_are_registered_and_changed(hand: Hand) -> None:
    header = format_of(Kind.UNITS).keys
    rows = [{"unit_code": "U1", "name": "示例单位", "area_code": "310107014", "industry": "化工"}]
    assert hand.give(Kind.UNITS, csv_of(rows, header)).accepted == 1
    rows[0]["industry"] = "仓储"
    assert hand.give(Kind.UNITS, csv_of(rows, header)).accepted == 1
    assert hand.give(Kind.UNITS, csv_of([*rows, rows[0] | {"unit_code": "U2"}], header)).merged == 1
    with reading(hand.engine) as session:
        assert session.scalars(select(Unit.industry).order_by(Unit.code)).all() == ["仓储", "仓储"]


def test_a_tally_file_reads_the_same_whatever_the_separator(hand: Hand) -> None:
    text = csv_of([tally(registered="1,200", sat="1 100")], TALLY_HEADER, ";")
    assert hand.give(Kind.TALLIES, text).accepted == 1
    assert hand.counted()["fusion-welding", "2025-H1"][:2] == (1200, 1100)
    assert len(COUNTS) == len(next(iter(hand.counted().values())))
    assert csv.Sniffer().sniff(io.StringIO(text.decode()).readline()).delimiter == ";"


def hcahps() -> list[dict[str, str]]:
    """Return the real satisfaction table of 4,126 hospitals, as it was published."""
    path = ROOT / "data/real/us_cms_hcahps_satisfaction_2016q4_2017q3.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_told(real: list[dict[str, str]]) -> list[dict[str, object]]:
    """Return the table's rows as the portal takes surveys in."""
    return [
        {
            "institution_code": row["inst_id"],
            "period": "2017",
            "answered": row["n_completed"],
            "response_rate": f"{row['response_rate_pct']}%",
            "satisfied_share": f"{row['rating_9_10_pct']}%",
            "source": "HCAHPS 2016-10/2017-09, rating 9-10",
        }
        for row in real
    ]


def test_a_real_survey_from_elsewhere_goes_in_whole_under_its_own_name(hand: Hand) -> None:
    real = hcahps()
    with transaction(hand.engine) as session:
        session.add_all(
            Institution(code=row["inst_id"], name=row["inst_name"], area_code="") for row in real
        )
    outcome = give_survey(hand, *as_told(real))
    assert (outcome.accepted, outcome.refused) == (4_126, 0), rules_of(outcome)[:5]
    with reading(hand.engine) as session:
        stored = session.scalars(select(SurveyTally)).all()
    assert sum(one.answered for one in stored) == 2_957_668
    assert {one.source for one in stored} == {"HCAHPS 2016-10/2017-09, rating 9-10"}
    rates = {row["inst_id"]: int(row["response_rate_pct"]) for row in real}
    with reading(hand.engine) as session:
        codes = {
            row.id: row.code for row in session.execute(select(Institution.id, Institution.code))
        }
    exact = [100 * one.answered / rates[codes[one.institution_id]] for one in stored]
    invited = [one.invited or 0 for one in stored]
    assert max(abs(ours - theirs) for ours, theirs in zip(invited, exact, strict=True)) <= 0.5


def test_the_portal_s_own_name_is_no_survey_elsewhere(hand: Hand) -> None:
    outcome = give_survey(hand, survey(source="Portal"))
    assert [one.rule for one in outcome.refusals] == ["survey.source_reserved"]
