"""Checked rows against what is stored: what every kind must be able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.intake.counts.replaced import content_of, keep
from portal.intake.counts.said_again import has_heir, note, pass_on
from portal.intake.files.checking import Findings
from portal.intake.files.refusals import Fault, Refused
from portal.intake.files.spool import Staged
from portal.store.base import Table
from portal.store.receipts import Receipt


class Settler(Protocol):
    """Lays the rows of one file beside what is stored, then writes them.

    ``merged`` counts rows that say nothing new, ``refusals`` those that contradict what is known.
    """

    merged: int
    refusals: list[Refused]

    @property
    def withdrawn(self) -> int:
        """Return how many stored rows the file says no more."""

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

    kind: ClassVar[str] = ""
    """The kind of its rows, where what a file of it brought can be taken back."""

    def __init__(self, session: Session, corrected: frozenset[int] = frozenset()) -> None:
        """Settle in the transaction of ``session``; receipts ``corrected`` are issued anew."""
        self._session, self._corrected = session, corrected
        self._rows: list[Staged] = []
        self._again: list[Staged] = []
        self._staying: list[int] = []
        self._reissue = Reissue()
        self.merged = self._changed = 0
        self.refusals: list[Refused] = []

    def settle(self, session: Session, found: Findings) -> int:
        """Return how many rows would be written."""
        for row in checked_rows(found):
            verdict = self.verdict(row)
            if isinstance(verdict, Fault):
                self.refusals.append(_refused(row, verdict))
            elif verdict:
                self._rows.append(row.values)
            else:
                self.merged += 1
                self._again.append(row.values)
        if unsaid := self._reissue.unsaid():
            self._staying = [*has_heir(session, self.kind, unsaid, self._corrected)]
            self._reissue.leave(self._staying)
        return len(self._rows)

    def write(self, session: Session, receipt: Receipt) -> dict[str, Any]:
        """Write the settled rows; return what the receipt says of its coverage."""
        if self._staying:
            pass_on(session, self.kind, self._staying, self._corrected, noted=True)
        if self._reissue.gone:
            keep(session, receipt, self._reissue.gone, gone=True)
        coverage = self.put(self._rows, receipt)
        session.flush()
        if self.kind:
            rows = (self.row_of(values, receipt) for values in self._again)
            note(session, receipt, [content_of(row) for row in rows])
        return coverage

    @property
    def withdrawn(self) -> int:
        """Return how many stored rows the corrected file says no more."""
        return len(self._reissue.gone) - self._changed

    def reissued(self, key: Staged, said: Staged) -> bool | None:
        """Tell what a row is to the receipt that is corrected; None: nothing."""
        verdict = self._reissue.verdict(key, said)
        self._changed += bool(verdict)
        return verdict

    def drop(self, session: Session) -> None:
        """Have nothing to throw away."""
        del session

    def row_of(self, values: Staged, receipt: Receipt) -> Table:
        """Return the row that a line of the file stands for."""
        raise NotImplementedError

    @abstractmethod
    def verdict(self, row: Checked) -> Fault | bool:
        """Tell whether a row says something new, or what is wrong with it."""

    @abstractmethod
    def put(self, rows: list[Staged], receipt: Receipt) -> dict[str, Any]:
        """Write the rows; return the coverage."""


class Reissue:
    """The rows of a receipt that a file issues anew: each is said again, changed, or gone.

    ``gone`` are the ids of rows that the new file changes or says no more.
    """

    def __init__(self) -> None:
        """Start with no receipt to correct."""
        self._rows: dict[Staged, tuple[int, Staged]] = {}
        self.gone: list[int] = []

    def know(self, key: Staged, said: Staged, row_id: int) -> None:
        """Note a row of the receipt that is corrected."""
        self._rows[key] = (row_id, said)
        self.gone.append(row_id)

    def unsaid(self) -> list[int]:
        """Return the ids of rows of which the file says nothing."""
        return [row_id for row_id, _ in self._rows.values()]

    def leave(self, ids: Iterable[int]) -> None:
        """Let rows stay that another file says still."""
        for row_id in ids:
            self.gone.remove(row_id)

    def verdict(self, key: Staged, said: Staged) -> bool | None:
        """Tell whether a row changes one (True) or repeats it (False); None: it speaks of none."""
        if key not in self._rows:
            return None
        row_id, before = self._rows.pop(key)
        if before == said:
            self.gone.remove(row_id)
        return before != said


class Series:
    """Figures by period of one counted thing: none may be repeated otherwise, or overlap."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._known: dict[str, tuple[Staged, str | int]] = {}

    def know(self, period: str, said: Staged, origin: str | int) -> None:
        """Note what a receipt, or a line of this file, brought."""
        self._known[period] = (said, origin)

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
