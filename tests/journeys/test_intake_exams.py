"""Exam results on their way into the tallies: what counts, what is known, what contradicts."""

from __future__ import annotations

import pytest
from handed import EXAM_HEADER, Hand, csv_of, exam, identity_number, rules_of, tally
from sqlalchemy import Engine, func, select

from portal.intake.files.formats import Kind
from portal.intake.handing_in import Wish
from portal.rules.office import Office
from portal.store.audit import AuditEvent
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt
from portal.store.session import reading

CELL = ("low-voltage-electrician", "2026-H1")
AUTUMN = ("low-voltage-electrician", "2026-H2")


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return who hands files in, with two institutions registered."""
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    return hand


def stored(hand: Hand) -> int:
    """Return how many results are stored."""
    with reading(hand.engine) as session:
        return session.scalar(select(func.count()).select_from(ExamResult)) or 0


def test_counts_follow_the_definitions(hand: Hand) -> None:
    outcome = hand.exams(
        exam(1),
        exam(2, practical_score=79.5),
        exam(3, theory_score=70, practical_on="", practical_score=""),
        exam(4, theory_score="", practical_on="", practical_score="", status="absent"),
        exam(5, theory_score="", practical_on="", practical_score="", status="violation"),
        exam(6, attempt=2),
        exam(7, institution_code="P002"),
        exam(8, institution_code=""),
    )
    assert outcome.receipt is not None
    assert (outcome.rows_read, outcome.accepted, outcome.refused) == (8, 8, 0)
    # registered 1-6; sat all but the absent one; first sittings are attempts 1 that sat
    assert hand.counted() == {CELL: (6, 5, 4, 1, 2)}
    assert hand.counted("P002") == {CELL: (1, 1, 1, 1, 1)}
    assert stored(hand) == 8


def test_the_same_file_again_changes_nothing(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    again = hand.exams(exam(1), exam(2))
    assert again.already
    assert again.receipt is not None
    assert first.receipt is not None
    assert again.receipt.number == first.receipt.number
    assert (again.rows_read, again.accepted, again.merged) == (2, 0, 2)
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    with reading(hand.engine) as session:
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act == "file.taken_in"))
        assert len(acts.all()) == 2  # the list of institutions, and this file once


def test_rows_that_are_known_are_merged(hand: Hand) -> None:
    hand.exams(exam(1), exam(2))
    outcome = hand.exams(exam(1), exam(2), exam(3), exam(3), exam(3))
    assert (outcome.rows_read, outcome.accepted, outcome.merged, outcome.refused) == (5, 1, 4, 0)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}


def test_a_row_that_reads_differently_names_the_earlier_receipt(hand: Hand) -> None:
    first = hand.exams(exam(1))
    outcome = hand.exams(exam(1, theory_score=95), exam(2))
    assert outcome.receipt is None
    assert rules_of(outcome) == [(2, "", "exam.differs")]
    assert first.receipt is not None
    assert first.receipt.number in outcome.refusals[0].words("zh")
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_refused_rows_stop_the_file_unless_the_good_ones_are_asked_for(hand: Hand) -> None:
    rows = (exam(1), exam(2, theory_score="八十五"), exam(3, institution_code="P999"))
    assert hand.exams(*rows).receipt is None
    assert stored(hand) == 0
    outcome = hand.exams(*rows, wish=Wish(partial=True))
    assert outcome.receipt is not None
    assert (outcome.rows_read, outcome.accepted, outcome.refused) == (3, 1, 2)
    assert rules_of(outcome) == [
        (3, "theory_score", "cell.score"),
        (4, "institution_code", "institution.unknown_code"),
    ]
    assert stored(hand) == 1


def test_a_trial_changes_nothing(hand: Hand) -> None:
    outcome = hand.exams(exam(1), wish=Wish(trial=True))
    assert (outcome.accepted, outcome.receipt) == (1, None)
    assert stored(hand) == 0
    with reading(hand.engine) as session:
        assert session.scalars(select(Receipt.kind)).all() == [Kind.INSTITUTIONS]


ROSTER = {"theory_score": "", "practical_on": "", "practical_score": "", "status": "registered"}


def test_a_roster_is_completed_by_the_results(hand: Hand) -> None:
    hand.exams(*(exam(number, **ROSTER) for number in (1, 2, 3)))
    assert hand.counted() == {CELL: (3, 0, 0, 0, 0)}
    absent = exam(2, theory_score="", practical_on="", practical_score="", status="absent")
    outcome = hand.exams(exam(1), absent)
    assert outcome.accepted == 2
    assert hand.counted() == {CELL: (3, 1, 1, 1, 1)}
    assert stored(hand) == 3
    roster_again = hand.exams(*(exam(number, **ROSTER) for number in (1, 2, 3, 4)))
    assert (roster_again.accepted, roster_again.merged) == (1, 3)
    assert hand.counted() == {CELL: (4, 1, 1, 1, 1)}


def test_a_result_cannot_move_a_candidate_of_the_roster_elsewhere(hand: Hand) -> None:
    hand.exams(exam(1, **ROSTER))
    assert rules_of(hand.exams(exam(1, institution_code="P002"))) == [(2, "", "exam.differs")]


def test_practice_sat_later_completes_the_row(hand: Hand) -> None:
    hand.exams(exam(1, practical_on="", practical_score=""))
    assert hand.counted() == {CELL: (1, 1, 1, 0, 0)}
    hand.exams(exam(1))
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_a_first_sitting_counts_once_and_moves_when_an_earlier_one_arrives(hand: Hand) -> None:
    retake = exam(1, ticket_no="R1", attempt=2, theory_on="2026-08-03", practical_on="2026-08-04")
    hand.exams(retake)
    assert hand.counted() == {AUTUMN: (1, 1, 0, 0, 1)}  # its first sitting is not known here
    hand.exams(exam(1, theory_score=60, practical_on="", practical_score=""))
    assert hand.counted() == {AUTUMN: (1, 1, 0, 0, 1), CELL: (1, 1, 1, 0, 0)}


def test_who_missed_the_first_attempt_sits_first_at_the_second(hand: Hand) -> None:
    absent = exam(1, theory_score="", practical_on="", practical_score="", status="absent")
    retake = exam(1, ticket_no="R1", attempt=2, theory_on="2026-08-03", practical_on="2026-08-04")
    hand.exams(absent, retake)
    assert hand.counted() == {CELL: (1, 0, 0, 0, 0), AUTUMN: (1, 1, 1, 0, 1)}


def test_two_first_attempts_of_one_person_count_one_first_sitting(hand: Hand) -> None:
    hand.exams(
        exam(1), exam(1, ticket_no="OTHER", theory_on="2026-04-01", practical_on="2026-04-02")
    )
    assert hand.counted() == {CELL: (2, 2, 1, 1, 2)}


def test_results_and_counts_never_feed_one_cell(hand: Hand) -> None:
    counts = tally(trade="low-voltage-electrician", period="2026")
    taken = hand.tallies(counts)
    assert taken.receipt is not None
    outcome = hand.exams(exam(1), exam(2, institution_code="P002"))
    assert rules_of(outcome) == [(2, "", "exam.counted_already")]
    assert taken.receipt.number in outcome.refusals[0].words("en")
    hand.exams(exam(2, institution_code="P002"))
    after = hand.tallies(counts | {"institution_code": "P002"})
    assert rules_of(after) == [(2, "", "tally.taken_already")]


def test_contradicting_twins_in_one_file_are_refused(hand: Hand) -> None:
    outcome = hand.exams(exam(1), exam(2), exam(1, theory_score=99))
    assert rules_of(outcome) == [(4, "", "exam.twice_in_file")]
    assert "2" in outcome.refusals[0].words("zh")


def test_no_identity_reaches_the_database(hand: Hand, engine: Engine) -> None:
    hand.exams(exam(1, name="张三丰", ticket_no="T310107199003070029"))
    number = identity_number(1)
    with reading(engine) as session:
        dump = str([tuple(vars(row).values()) for row in session.scalars(select(ExamResult))])
        dump += str([tuple(vars(row).values()) for row in session.scalars(select(Receipt))])
    assert "2026-03-05" in dump or "2026, 3, 5" in dump  # the control: rows are really looked at
    for secret in (number, number[:14], "张三丰", "T310107199003070029"):
        assert secret not in dump


def test_other_person_key_other_hashes(hand: Hand, engine: Engine, office: Office) -> None:
    hand.exams(exam(1))
    Hand(engine, office, "another key").exams(exam(1), exam(2))
    with reading(engine) as session:
        hashes = session.scalars(select(ExamResult.person_hash)).all()
    assert len(set(hashes)) == 3


def test_a_roster_needs_no_columns_for_scores(hand: Hand) -> None:
    header = [name for name in EXAM_HEADER if name not in {"theory_score", "practical_score"}]
    rows = [exam(n, status="registered", theory_on="2026-12-05", practical_on="") for n in (1, 2)]
    outcome = hand.give(Kind.EXAMS, csv_of(rows, header))
    assert outcome.accepted == 2
    assert hand.counted() == {("low-voltage-electrician", "2026-H2"): (2, 0, 0, 0, 0)}
