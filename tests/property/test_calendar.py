"""The working-day calendar: laws that hold on every day, known year or not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.error import RuleError
from portal.rules.rulebook import rules_on
from portal.rules.workdays import Span, YearArrangement, add_months, calendar_of

CALENDAR = rules_on(date(2026, 1, 5)).calendar
DAY = timedelta(days=1)

days = st.dates(date(2023, 1, 1), date(2028, 12, 31))
counts = st.integers(0, 60)


@given(days, counts)
def test_adding_counts_exactly_the_working_days(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    walked = [start + n * DAY for n in range(1, (end - start).days + 1)]
    assert sum(CALENDAR.is_working_day(day) for day in walked) == count
    assert CALENDAR.working_days_between(start, end) == count
    if count:
        assert CALENDAR.is_working_day(end)


@given(days, counts, counts)
def test_adding_twice_is_adding_once(start: date, one: int, other: int) -> None:
    stepwise = CALENDAR.add_working_days(CALENDAR.add_working_days(start, one), other)
    assert stepwise == CALENDAR.add_working_days(start, one + other)


@given(days, days, days)
def test_counts_between_days_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    between = CALENDAR.working_days_between
    assert between(first, middle) + between(middle, last) == between(first, last)
    assert between(last, first) == -between(first, last)


@given(days)
def test_a_later_start_never_ends_earlier(start: date) -> None:
    end, next_end = (CALENDAR.add_working_days(day, 5) for day in (start, start + DAY))
    assert end <= next_end


@given(days)
def test_outside_known_years_only_weekends_are_off(day: date) -> None:
    if not CALENDAR.certain(day):
        assert CALENDAR.is_working_day(day) == (day.weekday() < 5)
    assert CALENDAR.certain(day) == (2024 <= day.year <= 2026)


@given(days, st.integers(0, 60))
def test_months_keep_the_day_or_the_months_end(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + DAY).day == 1)


@pytest.mark.parametrize(("year", "statutory"), [(2024, 11), (2025, 13), (2026, 13)])
def test_make_up_days_give_back_all_but_the_statutory_days(year: int, statutory: int) -> None:
    """Source: the State Council's rules on holidays: 11 days a year, 13 from 2025."""
    first = date(year, 1, 1)
    days_of_year = [first + n * DAY for n in range((date(year + 1, 1, 1) - first).days)]
    weekends = sum(day.weekday() >= 5 for day in days_of_year)
    off = sum(not CALENDAR.is_working_day(day) for day in days_of_year)
    assert off - weekends == statutory


def test_the_ends_of_what_is_known_are_told() -> None:
    assert (CALENDAR.known_from, CALENDAR.known_until) == (date(2024, 1, 1), date(2026, 12, 31))
    assert CALENDAR.verified_until is None
    empty = calendar_of([], frozenset())
    assert (empty.known_from, empty.known_until, empty.verified_until) == (None, None, None)


def test_an_arrangement_is_known_only_once_it_was_announced() -> None:
    assert not rules_on(date(2025, 11, 3)).calendar.certain(date(2026, 1, 1))
    assert rules_on(date(2025, 11, 4)).calendar.certain(date(2026, 1, 1))


def test_what_no_calendar_means_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2026, 1, 1), -1)
    new_year = Span(first=date(2026, 1, 1), last=date(2026, 1, 1))
    with pytest.raises(RuleError, match="a holiday is named twice"):
        YearArrangement(year=2026, holidays=(new_year, new_year), worked=())
    arranged = YearArrangement(year=2026, holidays=(new_year,), worked=())
    with pytest.raises(RuleError, match="given twice"):
        calendar_of([arranged, arranged], frozenset())
