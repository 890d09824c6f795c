"""Many hands at the same moment: one of them does it, the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from handed import Hand, csv_of, exam
from sqlalchemy import Engine, select

from portal.intake.files.formats import Kind
from portal.rules.office import Office
from portal.store.receipts import Receipt
from portal.store.session import reading

HANDS = 8
CELL = ("low-voltage-electrician", "2026-H1")


def test_identical_imports_at_once_end_as_one(engine: Engine, office: Office) -> None:
    hand = Hand(engine, office)
    hand.register("P001")
    content = csv_of([exam(number) for number in range(1, 40)])
    with ThreadPoolExecutor(HANDS) as pool:
        outcomes = list(pool.map(lambda _: hand.give(Kind.EXAMS, content), range(HANDS)))
    assert sorted(outcome.already for outcome in outcomes) == [False] + [True] * (HANDS - 1)
    assert len({outcome.receipt.number for outcome in outcomes if outcome.receipt}) == 1
    assert hand.counted() == {CELL: (39,) * 5}


def test_overlapping_files_at_once_count_each_row_once(engine: Engine, office: Office) -> None:
    hand = Hand(engine, office)
    hand.register("P001")
    files = [csv_of([exam(number) for number in range(1, 21 + more)]) for more in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        outcomes = list(pool.map(lambda content: hand.give(Kind.EXAMS, content), files))
    assert sum(outcome.accepted for outcome in outcomes) == 20 + HANDS - 1
    assert all(outcome.refused == 0 for outcome in outcomes)
    assert hand.counted() == {CELL: (20 + HANDS - 1,) * 5}
    with reading(engine) as session:
        numbers = session.scalars(select(Receipt.number)).all()
    assert len(set(numbers)) == len(numbers) == HANDS + 1
