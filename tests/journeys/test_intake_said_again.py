"""A row that two files say stands as long as one of them does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from handed import AT, TALLY_HEADER, Hand, csv_of, exam, tally
from sqlalchemy import Engine, select

from portal.domain.people import OPERATOR
from portal.intake.files.formats import Kind
from portal.intake.handing_in import Outcome, Wish
from portal.intake.taking_back import undo
from portal.rules.office import Office
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt, SaidAgain
from portal.store.session import reading, transaction

CELL = ("low-voltage-electrician", "2026-H1")
ROSTER = {"status": "registered", "theory_score": "", "practical_score": ""}


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into the site, with two institutions registered."""
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    return hand


def number_of(outcome: Outcome) -> str:
    """Return the number of the receipt."""
    assert outcome.receipt, outcome.refusals
    return outcome.receipt.number


def reissue(hand: Hand, of: Outcome, *rows: Mapping[str, object]) -> Outcome:
    """Hand a corrected file in."""
    return hand.exams(*rows, wish=Wish(corrects=number_of(of), reason="示例：漏登"))


def take_back(hand: Hand, outcome: Outcome) -> None:
    """Undo what an outcome brought."""
    with transaction(hand.engine) as session:
        undo(session, OPERATOR, number_of(outcome), "示例：交错了", AT)


def brought_by(hand: Hand) -> list[str]:
    """Return the receipt's number of every stored result, by ticket's age."""
    asked = select(Receipt.number).join(ExamResult, ExamResult.receipt_id == Receipt.id)
    with reading(hand.engine) as session:
        return sorted(session.scalars(asked))


def notes(hand: Hand) -> int:
    """Return how many rows are noted beside."""
    with reading(hand.engine) as session:
        return len(session.scalars(select(SaidAgain.id)).all())


def test_a_row_of_two_files_goes_with_the_second_of_them(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    second = hand.exams(exam(2), exam(3))
    assert (second.accepted, second.merged) == (1, 1)
    take_back(hand, first)
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    assert brought_by(hand) == [number_of(second)] * 2
    take_back(hand, second)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_it_goes_the_same_way_when_the_second_is_taken_back_first(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    take_back(hand, hand.exams(exam(2), exam(3)))
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    take_back(hand, first)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_what_a_shared_result_completed_stays_completed(hand: Hand) -> None:
    roster = hand.exams(exam(1, **ROSTER), exam(2, **ROSTER))
    results = hand.exams(exam(1))
    again = hand.exams(exam(1), exam(9))
    take_back(hand, results)
    assert hand.counted() == {CELL: (3, 2, 2, 2, 2)}
    take_back(hand, again)
    assert hand.counted() == {CELL: (2, 0, 0, 0, 0)}
    take_back(hand, roster)
    assert hand.counted() == {}


def test_a_roster_sent_after_the_result_stands_when_the_result_goes(hand: Hand) -> None:
    results = hand.exams(exam(1))
    roster = hand.exams(exam(1, **ROSTER), exam(2, **ROSTER))
    assert (roster.accepted, roster.merged) == (1, 1)
    take_back(hand, results)
    assert hand.counted() == {CELL: (2, 0, 0, 0, 0)}
    take_back(hand, roster)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_a_correction_withdraws_nothing_that_another_file_says(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2), exam(3))
    other = hand.exams(exam(2))
    second = reissue(hand, first, exam(1))
    assert second.withdrawn == 1
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    take_back(hand, second)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    take_back(hand, other)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    take_back(hand, first)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_a_corrected_file_bequeaths_nothing(hand: Hand) -> None:
    other = hand.exams(exam(2))
    first = hand.exams(exam(1), exam(2))
    reissue(hand, first, exam(1))
    take_back(hand, other)
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_a_correction_of_a_correction_reaches_the_first_file_s_rows(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2), exam(3, theory_score=60))
    second = reissue(hand, first, exam(1), exam(2), exam(3, theory_score=81))
    third = reissue(hand, second, exam(1, theory_score=70), exam(3, theory_score=81))
    assert (third.accepted, third.merged, third.withdrawn) == (1, 1, 1)
    assert hand.counted() == {CELL: (2, 2, 2, 1, 1)}
    take_back(hand, third)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    take_back(hand, second)
    assert hand.counted() == {CELL: (3, 3, 3, 2, 2)}


def test_counts_that_two_files_bring_stay_with_the_second(hand: Hand) -> None:
    first = hand.tallies(tally(), tally(institution_code="P002"))
    second = hand.tallies(tally(), tally(period="2025-H2"))
    assert (second.accepted, second.merged) == (1, 1)
    new = csv_of([tally(institution_code="P002", sat=96)], TALLY_HEADER)
    wish = Wish(corrects=number_of(first), reason="示例")
    third = hand.give(Kind.TALLIES, new, wish=wish)
    assert (third.accepted, third.withdrawn) == (1, 0)
    assert len(hand.counted()) == 2
    take_back(hand, third)
    take_back(hand, second)
    assert hand.counted() == {("fusion-welding", "2025-H1"): (100, 95, 90, 70, 80)}
    take_back(hand, first)
    assert (hand.counted(), notes(hand)) == ({}, 0)
