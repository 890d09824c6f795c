"""The clocks of a case around New Year, Spring Festival and midnight, day by day."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from portal.domain.drawing import drawn, promise_of, tickets_of
from portal.rules.checklists import ALWAYS, checklists
from portal.rules.rulebook import rules_on

RULES = rules_on(date(2026, 1, 5))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # 1 to 3 January 2026 are off, Sunday the 4th is worked.
        (date(2025, 12, 30), 1, date(2025, 12, 31)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2025, 12, 30), 3, date(2026, 1, 5)),
        (date(2025, 12, 29), 5, date(2026, 1, 6)),
        # 15 to 23 February are off, the Saturdays 14 and 28 are worked.
        (date(2026, 2, 12), 1, date(2026, 2, 13)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 2, 24), 5, date(2026, 3, 2)),
        # 1 to 7 October are off, Saturday the 10th is worked.
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
    ],
)
def test_working_days_skip_holidays_and_count_make_up_days(
    start: date, days: int, end: date
) -> None:
    assert RULES.calendar.add_working_days(start, days) == end


def test_the_law_gives_the_days() -> None:
    cases = RULES.cases
    assert (cases.hearing_request_days, cases.hearing_notice_days) == (5, 7)
    assert (cases.withdraw_quashed_days, cases.dispute_mark_days) == (3, 1)
    assert cases.dispute_decide_days == 5
    spans = [(period.min_months, period.max_months) for period in cases.periods]
    assert spans == [(0, 3), (3, 12), (12, 36)]


def test_every_checklist_asks_about_training() -> None:
    assert {"institutions", "construction", "manufacturing"} <= checklists().keys()
    for checklist in checklists().values():
        item = checklist.item(ALWAYS)
        assert item is not None
        assert item.mandatory


def test_a_draw_can_be_repeated_by_hand() -> None:
    tickets = tickets_of({"P2": 2, "P1": 1, "P3": 1})
    assert tickets == ["P1", "P2", "P2", "P3"]
    by_hand = sorted(
        range(1, 5), key=lambda number: hashlib.sha256(f"seed:{number}".encode()).hexdigest()
    )
    owners = [tickets[number - 1] for number in by_hand]
    numbers = drawn("seed", tickets, 2)
    assert [tickets[number - 1] for number in numbers] == list(dict.fromkeys(owners))[:2]
    assert numbers[0] == by_hand[0]
    assert len({tickets[number - 1] for number in drawn("seed", tickets, 3)}) == len("123")


def test_a_promise_binds_seed_and_tickets() -> None:
    tickets = ["P1", "P2"]
    assert promise_of("a", tickets) != promise_of("b", tickets)
    assert promise_of("a", tickets) != promise_of("a", ["P1", "P3"])
