"""The working-day calendar: weekends, holidays and make-up days as the State Council set them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.bounds import require
from portal.rules.error import RuleError

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def days(self) -> tuple[date, ...]:
        """Return every day of the span."""
        return tuple(self.first + n * _DAY for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class YearArrangement:
    """One year's holidays and the weekend days worked for them."""

    year: int
    holidays: tuple[Span, ...]
    worked: tuple[date, ...]

    def __post_init__(self) -> None:
        """Refuse days of another year, worked weekdays, and days named twice."""
        off = self.days_off()
        require(len(off) == len(set(off)), f"{self.year}: a holiday is named twice")
        require(
            all(day.year == self.year for day in (*off, *self.worked)),
            f"{self.year}: a day of another year",
        )
        require(
            all(day.weekday() >= _SATURDAY for day in self.worked),
            f"{self.year}: a make-up day must be a Saturday or Sunday",
        )
        require(not set(off) & set(self.worked), f"{self.year}: a day both off and worked")

    def days_off(self) -> tuple[date, ...]:
        """Return every holiday, weekends among them included."""
        return tuple(day for span in self.holidays for day in span.days())


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Which days count as working days.

    In a year without an arrangement only weekends are off, and ``certain`` says so.
    """

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    known_years: frozenset[int]
    verified_years: frozenset[int] = frozenset()

    @property
    def known_from(self) -> date | None:
        """First day of the earliest known year; None when no year is known."""
        return date(min(self.known_years), 1, 1) if self.known_years else None

    @property
    def known_until(self) -> date | None:
        """Last day of the latest known year; None when no year is known."""
        return date(max(self.known_years), 12, 31) if self.known_years else None

    @property
    def verified_until(self) -> date | None:
        """Last day of the latest verified year; None when no year is verified."""
        return date(max(self.verified_years), 12, 31) if self.verified_years else None

    def certain(self, day: date) -> bool:
        """Tell whether the arrangement of that day's year is known."""
        return day.year in self.known_years

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is a working day."""
        if day in self.makeup_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add_working_days(self, start: date, days: int) -> date:
        """Return the ``days``-th working day after ``start``; ``start`` is not counted.

        Zero gives ``start`` itself, whatever day it is.

        Raises:
            ValueError: ``days`` is negative.

        """
        if days < 0:
            msg = f"days must not be negative: {days}"
            raise ValueError(msg)
        day = start
        for _ in range(days):
            day = self._next_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after ``start`` up to and with ``end``.

        Negative when ``end`` lies before ``start``: then as many days are overdue.
        """
        if end < start:
            return -self.working_days_between(end, start)
        span = ((end - start).days) + 1
        return sum(self.is_working_day(start + n * _DAY) for n in range(1, span))

    def _next_working_day(self, day: date) -> date:
        day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return day


def calendar_of(years: Iterable[YearArrangement], verified: frozenset[int]) -> WorkCalendar:
    """Return the calendar of the given years.

    Raises:
        RuleError: a year is given twice.

    """
    arranged = list(years)
    numbers = [one.year for one in arranged]
    if len(numbers) != len(set(numbers)):
        msg = f"a year's working days are given twice: {sorted(numbers)}"
        raise RuleError(msg)
    return WorkCalendar(
        holidays=frozenset(day for one in arranged for day in one.days_off()),
        makeup_days=frozenset(day for one in arranged for day in one.worked),
        known_years=frozenset(numbers),
        verified_years=verified,
    )


def add_months(day: date, months: int) -> date:
    """Return the same day so many calendar months later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
