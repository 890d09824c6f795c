"""A file issued anew replaces what it corrects; what was taken in can be taken back."""

from __future__ import annotations

import pytest
from handed import AT, TALLY_HEADER, Hand, csv_of, exam, number_of, tally
from sqlalchemy import Engine, select

from portal.domain.errors import Conflict, RuleBroken
from portal.domain.people import OPERATOR
from portal.intake.files.formats import Kind
from portal.intake.handing_in import Wish
from portal.intake.taking_back import undo
from portal.rules.office import Office
from portal.store.audit import AuditEvent
from portal.store.receipts import Receipt, ReplacedRow
from portal.store.session import reading, transaction

CELL = ("low-voltage-electrician", "2026-H1")


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into the site, with two institutions registered."""
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    return hand


def test_a_corrected_file_replaces_adds_and_withdraws(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2), exam(3, theory_score=60, status="normal"))
    assert hand.counted() == {CELL: (3, 3, 3, 2, 2)}
    second = hand.reissue(first, exam(1), exam(3, theory_score=81), exam(4))
    assert (second.accepted, second.merged, second.withdrawn) == (2, 1, 1)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    with reading(hand.engine) as session:
        kept = session.scalars(select(ReplacedRow)).all()
        assert sorted(row.content["theory_score"] for row in kept) == [60, 88]
        receipt = session.scalars(select(Receipt).order_by(Receipt.id.desc())).first()
        assert receipt
        assert (receipt.withdrawn, receipt.reason) == (1, "示例：漏登")
        facts = session.scalars(select(AuditEvent.facts).order_by(AuditEvent.id.desc())).first()
        assert facts
        assert facts["withdrawn"] == 1


def test_without_saying_so_a_changed_row_is_refused(hand: Hand) -> None:
    first = hand.exams(exam(1))
    again = hand.exams(exam(1, theory_score=90))
    assert [one.rule for one in again.refusals] == ["exam.differs"]
    assert again.refusals[0].facts["receipt"] == number_of(first)


def test_a_correction_moves_a_candidate_to_another_institution(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    hand.reissue(first, exam(1), exam(2, institution_code="P002"))
    assert hand.counted("P001") == {CELL: (1, 1, 1, 1, 1)}
    assert hand.counted("P002") == {CELL: (1, 1, 1, 1, 1)}


def test_a_corrected_file_with_a_fault_is_not_taken_in_part(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    outcome = hand.reissue(first, exam(1), exam(3, theory_score="缺"), partial=True)
    assert (outcome.receipt, outcome.refused) == (None, 1)
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}


def test_a_file_is_corrected_once_and_with_a_reason(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    with pytest.raises(RuleBroken, match="no_reason"):
        hand.exams(exam(1), wish=Wish(corrects=number_of(first)))
    hand.reissue(first, exam(1))
    with pytest.raises(RuleBroken, match="corrected_by"):
        hand.reissue(first, exam(2))
    with pytest.raises(RuleBroken, match="no_such_receipt"):
        hand.exams(exam(9), wish=Wish(corrects="20200101-001", reason="示例"))


def test_taking_back_leaves_what_was_before(hand: Hand) -> None:
    roster = [exam(n, status="registered", theory_score="", practical_score="") for n in (1, 2)]
    hand.exams(*roster)
    before = hand.counted()
    results = hand.exams(exam(1), exam(2), exam(3))
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    hand.take_back(results)
    assert hand.counted() == before == {CELL: (2, 0, 0, 0, 0)}
    again = hand.exams(exam(1), exam(2), exam(3))
    assert again.accepted == 3
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}


def test_a_correction_is_taken_back_before_what_it_corrects(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2, theory_score=60))
    before = hand.counted()
    second = hand.reissue(first, exam(2, theory_score=85))
    with pytest.raises(Conflict, match="undo_later"):
        hand.take_back(first)
    hand.take_back(second)
    assert hand.counted() == before
    with pytest.raises(Conflict, match="undone_already"):
        hand.take_back(second)
    hand.take_back(first)
    assert hand.counted() == {}


def test_first_sittings_follow_what_is_taken_back(hand: Hand) -> None:
    early = hand.exams(exam(1, theory_score=50, ticket_no="E1"))
    hand.exams(exam(1, attempt=2, ticket_no="E2", theory_on="2026-04-05", practical_on=""))
    assert hand.counted()[CELL][2:4] == (1, 0)
    hand.take_back(early)
    assert hand.counted() == {CELL: (1, 1, 0, 0, 1)}


def test_counts_are_corrected_and_taken_back_too(hand: Hand) -> None:
    first = hand.tallies(tally(), tally(institution_code="P002"))
    before = hand.counted(), hand.counted("P002")
    wish = Wish(corrects=number_of(first), reason="示例")
    new = csv_of([tally(sat=96, registered=101)], TALLY_HEADER)
    second = hand.give(Kind.TALLIES, new, wish=wish)
    assert (second.accepted, second.withdrawn) == (1, 1)
    assert hand.counted()["fusion-welding", "2025-H1"] == (101, 96, 90, 70, 80)
    assert hand.counted("P002") == {}
    hand.take_back(second)
    assert (hand.counted(), hand.counted("P002")) == before


def test_a_register_is_not_undone(hand: Hand) -> None:
    with reading(hand.engine) as session:
        number = session.scalars(select(Receipt.number)).one()
    with transaction(hand.engine) as session, pytest.raises(RuleBroken, match="undo_not_kind"):
        undo(session, OPERATOR, number, "示例", AT)
