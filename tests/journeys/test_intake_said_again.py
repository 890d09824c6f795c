"""A row that two files say stands as long as one of them does."""

from __future__ import annotations

import pytest
from handed import TALLY_HEADER, Hand, csv_of, exam, number_of, tally
from sqlalchemy import Engine, select

from portal.intake.files.formats import Kind
from portal.intake.handing_in import Wish
from portal.rules.office import Office
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt, SaidAgain
from portal.store.session import reading

CELL = ("low-voltage-electrician", "2026-H1")
ROSTER = {"status": "registered", "theory_score": "", "practical_score": ""}


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into the site, with two institutions registered."""
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    return hand


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
    hand.take_back(first)
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    assert brought_by(hand) == [number_of(second)] * 2
    hand.take_back(second)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_it_goes_the_same_way_when_the_second_is_taken_back_first(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    hand.take_back(hand.exams(exam(2), exam(3)))
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    hand.take_back(first)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_what_a_shared_result_completed_stays_completed(hand: Hand) -> None:
    roster = hand.exams(exam(1, **ROSTER), exam(2, **ROSTER))
    results = hand.exams(exam(1))
    again = hand.exams(exam(1), exam(9))
    hand.take_back(results)
    assert hand.counted() == {CELL: (3, 2, 2, 2, 2)}
    hand.take_back(again)
    assert hand.counted() == {CELL: (2, 0, 0, 0, 0)}
    hand.take_back(roster)
    assert hand.counted() == {}


def test_a_roster_sent_after_the_result_stands_when_the_result_goes(hand: Hand) -> None:
    results = hand.exams(exam(1))
    roster = hand.exams(exam(1, **ROSTER), exam(2, **ROSTER))
    assert (roster.accepted, roster.merged) == (1, 1)
    hand.take_back(results)
    assert hand.counted() == {CELL: (2, 0, 0, 0, 0)}
    hand.take_back(roster)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_a_correction_withdraws_nothing_that_another_file_says(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2), exam(3))
    other = hand.exams(exam(2))
    second = hand.reissue(first, exam(1))
    assert second.withdrawn == 1
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    hand.take_back(second)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    hand.take_back(other)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    hand.take_back(first)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_a_corrected_file_bequeaths_nothing(hand: Hand) -> None:
    other = hand.exams(exam(2))
    first = hand.exams(exam(1), exam(2))
    hand.reissue(first, exam(1))
    hand.take_back(other)
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_a_correction_of_a_correction_reaches_the_first_file_s_rows(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2), exam(3, theory_score=60))
    second = hand.reissue(first, exam(1), exam(2), exam(3, theory_score=81))
    third = hand.reissue(second, exam(1, theory_score=70), exam(3, theory_score=81))
    assert (third.accepted, third.merged, third.withdrawn) == (1, 1, 1)
    assert hand.counted() == {CELL: (2, 2, 2, 1, 1)}
    hand.take_back(third)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    hand.take_back(second)
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
    hand.take_back(third)
    hand.take_back(second)
    assert hand.counted() == {("fusion-welding", "2025-H1"): (100, 95, 90, 70, 80)}
    hand.take_back(first)
    assert (hand.counted(), notes(hand)) == ({}, 0)


def test_a_file_whose_correction_is_taken_back_inherits_again(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    second = hand.exams(exam(2), exam(3))
    corrected = hand.reissue(second, exam(2), exam(3, practical_score=95))
    hand.take_back(first)
    assert brought_by(hand) == [number_of(corrected)] * 2
    hand.take_back(corrected)
    assert brought_by(hand) == [number_of(second)] * 2
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}


def test_a_roster_whose_correction_is_taken_back_says_its_own_again(hand: Hand) -> None:
    result = hand.exams(exam(1))
    roster = hand.exams(exam(1, **ROSTER), exam(2, **ROSTER))
    corrected = hand.reissue(roster, exam(1, **ROSTER), exam(3, **ROSTER))
    hand.take_back(result)
    assert brought_by(hand) == [number_of(corrected)] * 2
    hand.take_back(corrected)
    assert brought_by(hand) == [number_of(roster)] * 2
