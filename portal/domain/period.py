"""Periods of counting: a year, a half-year or a quarter, written 2025, 2025-H1, 2025-Q3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<kind>[HQ])(?P<part>[1-4]))?")
_PARTS = {"": 1, "H": 2, "Q": 4}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A part of a year; ``kind`` is "" (year), "H" (half) or "Q" (quarter); ``part`` from 1."""

    year: int
    kind: str = ""
    part: int = 1

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period written as ``text``.

        Raises:
            ValueError: it is not written like 2025, 2025-H1 or 2025-Q3.

        """
        match = _WRITTEN.fullmatch(text)
        period = match and cls(int(match["year"]), match["kind"] or "", int(match["part"] or 1))
        if not period or period.part > _PARTS[period.kind]:
            raise ValueError(text)
        return period

    @classmethod
    def of(cls, day: date, kind: str = "H") -> Period:
        """Return the period of that kind in which ``day`` lies."""
        return cls(day.year, kind, (day.month - 1) // (12 // _PARTS[kind]) + 1)

    def __str__(self) -> str:
        """Return the written form."""
        return f"{self.year}-{self.kind}{self.part}" if self.kind else f"{self.year}"

    @property
    def starts_on(self) -> date:
        """Return its first day."""
        return date(self.year, (self.part - 1) * self.months + 1, 1)

    @property
    def ends_on(self) -> date:
        """Return its last day."""
        return self.after(1).starts_on - timedelta(days=1)

    @property
    def months(self) -> int:
        """Return its length in months."""
        return 12 // _PARTS[self.kind]

    @property
    def share_of_year(self) -> float:
        """Return its length as a share of a year."""
        return 1 / _PARTS[self.kind]

    def after(self, steps: int) -> Period:
        """Return the period ``steps`` later (earlier when negative)."""
        parts = _PARTS[self.kind]
        index = self.year * parts + self.part - 1 + steps
        return Period(index // parts, self.kind, index % parts + 1)

    def window(self, length: int) -> tuple[Period, ...]:
        """Return this period and those before it, newest first, ``length`` in all."""
        return tuple(self.after(-step) for step in range(length))

    def overlaps(self, other: Period) -> bool:
        """Tell whether some day lies in both."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on
