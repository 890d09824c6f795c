"""What changed on 2026-06-01: kinds of exam, attempts, candidates of no institution here."""

from __future__ import annotations

from handed import AT, Hand, exam, rules_of
from sqlalchemy import select

from portal.domain.people import OPERATOR
from portal.intake.remembering import OUTSIDE, learn_names
from portal.store.exams import ExamResult
from portal.store.session import reading, transaction

TRADE = "low-voltage-electrician"
JUNE = {"theory_on": "2026-06-10", "practical_on": "2026-06-11"}
PRACTICE = {"theory_on": "", "theory_score": "", "practical_score": 50}
BEYOND = {"institution_code": "", "institution_name": "示例外区培训学校"}


def attempt(number: int, **changed: object) -> dict[str, object]:
    """Return a later attempt of the same candidate, one a month."""
    day = {"practical_on": f"2026-{5 + number:02d}-11", "theory_on": f"2026-{5 + number:02d}-10"}
    return exam(1, attempt=number, ticket_no=f"A{number}", **(day | changed))


def test_a_review_ends_with_may_and_a_renewal_goes_on(hand: Hand) -> None:
    alone = {"practical_on": "", "practical_score": ""}
    may = exam(1, exam_kind="review", theory_on="2026-05-31", **alone)
    june = exam(2, exam_kind="复审", theory_on="2026-06-01", **alone)
    renewed = exam(3, exam_kind="换证", theory_on="2026-06-01", **alone)
    assert hand.exams(may).accepted == 1
    assert rules_of(hand.exams(june)) == [(2, "exam_kind", "exam.kind_not_held")]
    assert hand.exams(renewed).accepted == 1


def test_theory_may_be_sat_as_often_as_it_takes(hand: Hand) -> None:
    failed = {"theory_score": 40, "practical_on": "", "practical_score": ""}
    outcome = hand.exams(*[attempt(number, **failed) for number in range(1, 6)], attempt(6))
    assert (outcome.accepted, outcome.refused) == (6, 0)
    first, later = hand.counted()[TRADE, "2026-H1"], hand.counted()[TRADE, "2026-H2"]
    assert (first, later) == ((1, 1, 1, 0, 0), (5, 5, 0, 0, 1))


def test_practice_may_be_failed_five_times_then_theory_is_sat_again(hand: Hand) -> None:
    hand.exams(attempt(1, practical_score=50))
    for number in range(2, 6):
        assert hand.exams(attempt(number, **PRACTICE)).accepted == 1
    sixth = attempt(6, **(PRACTICE | {"practical_score": 90}))
    assert [rule for _, _, rule in rules_of(hand.exams(sixth))] == ["exam.practical_attempts"]
    assert hand.exams(attempt(6)).accepted == 1
    assert hand.counted()[TRADE, "2026-H2"][-1] == 1


def test_who_comes_from_no_institution_counts_for_none(hand: Hand) -> None:
    nobody = exam(2, institution_code="", institution_name="个人", **JUNE)
    assert hand.exams(exam(1, **JUNE), nobody).accepted == 2
    with reading(hand.engine) as session:
        owners = session.scalars(select(ExamResult.institution_id)).all()
    assert sorted(one is None for one in owners) == [False, True]
    assert hand.counted() == {(TRADE, "2026-H1"): (1, 1, 1, 1, 1)}


def test_who_comes_from_another_district_counts_here_for_none(hand: Hand) -> None:
    stranger = exam(2, **BEYOND, **JUNE)
    assert [rule for _, _, rule in rules_of(hand.exams(stranger))] == ["institution.unknown_name"]
    with transaction(hand.engine) as session:
        learn_names(session, OPERATOR, {"示例外区培训学校": OUTSIDE}, AT)
    assert hand.exams(stranger, exam(3, site="外省第九考点", **JUNE)).accepted == 2
    assert hand.counted() == {(TRADE, "2026-H1"): (1, 1, 1, 1, 1)}
