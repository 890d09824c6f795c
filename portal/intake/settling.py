"""Checked rows against what is stored: what every kind must be able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.intake.checking import Findings
from portal.intake.refusals import Fault, Refused
from portal.intake.spool import Staged
from portal.store.receipts import Receipt


class Settler(Protocol):
    """Lays the rows of one file beside what is stored, then writes them.

    ``merged`` counts rows that say nothing new, ``refusals`` those that contradict what is known.
    """

    merged: int
    refusals: list[Refused]

    def settle(self, session: Session, found: Findings) -> int:
        """Return how many rows would be written."""

    def write(self, session: Session, receipt: Receipt) -> dict[str, Any]:
        """Write the settled rows; return what the receipt says of its coverage."""

    def drop(self, session: Session) -> None:
        """Throw away what settling needed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One row that holds: where it stands, what it says."""

    sheet: str
    line: int
    values: Staged


def checked_rows(found: Findings) -> Iterator[Checked]:
    """Yield the rows that hold."""
    for sheet, line, *values in found.spool:
        yield Checked(found.sheets[sheet], line, tuple(values))


class SmallSettler(ABC):
    """Settles kinds whose files are small: row by row, in memory."""

    def __init__(self, session: Session) -> None:
        """Settle in the transaction of ``session``."""
        self._session = session
        self._rows: list[Staged] = []
        self.merged = 0
        self.refusals: list[Refused] = []

    def settle(self, session: Session, found: Findings) -> int:
        """Return how many rows would be written."""
        del session
        for row in checked_rows(found):
            verdict = self.verdict(row)
            if isinstance(verdict, Fault):
                self.refusals.append(_refused(row, verdict))
            elif verdict:
                self._rows.append(row.values)
            else:
                self.merged += 1
        return len(self._rows)

    def write(self, session: Session, receipt: Receipt) -> dict[str, Any]:
        """Write the settled rows; return what the receipt says of its coverage."""
        coverage = self.put(self._rows, receipt)
        session.flush()
        return coverage

    def drop(self, session: Session) -> None:
        """Have nothing to throw away."""
        del session

    @abstractmethod
    def verdict(self, row: Checked) -> Fault | bool:
        """Tell whether a row says something new, or what is wrong with it."""

    @abstractmethod
    def put(self, rows: list[Staged], receipt: Receipt) -> dict[str, Any]:
        """Write the rows; return the coverage."""


class Series:
    """Figures by period of one counted thing: none may be repeated otherwise, or overlap."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._known: dict[str, tuple[Staged, str | int]] = {}

    def know(self, period: str, said: Staged, receipt: str) -> None:
        """Note what a receipt brought."""
        self._known[period] = (said, receipt)

    def verdict(self, period: str, said: Staged, line: int) -> Fault | bool:
        """Tell whether the figures are new, and know them from now on; or how they clash."""
        for other, (before, origin) in self._known.items():
            if other == period and before == said:
                return False
            if Period.parse(other).overlaps(Period.parse(period)):
                return _clash(origin, other)
        self._known[period] = (said, line)
        return True


def _clash(origin: str | int, period: str) -> Fault:
    if isinstance(origin, int):
        return Fault("tally.twice_in_file", {"first": str(origin), "period": period})
    return Fault("tally.taken_already", {"receipt": origin, "period": period})


def _refused(row: Checked, fault: Fault) -> Refused:
    return Refused(
        sheet=row.sheet, line=row.line, column="", raw="", rule=fault.rule, facts=fault.facts
    )
