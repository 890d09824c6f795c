"""Rows of persons who stand in their file once and in the store never: most rows of most files.

Nothing has to be compared with them, so that they go straight from the spool into the store, and
what they count for is known before they are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise
from operator import itemgetter, not_
from typing import Any

from sqlalchemy.orm import Session

from portal.intake.counts.tally_changes import CELL, Changes
from portal.intake.files.sheets import Reached
from portal.intake.files.spool import Spool, Staged
from portal.intake.kinds.exam_staged import KEPT, PLACE, STAGED
from portal.store.bulk import put
from portal.store.exams import ExamResult, institutions_with_counts, known_persons
from portal.store.receipts import Receipt

_PERSON = itemgetter(STAGED.index("person_hash"))
_INSTITUTION = itemgetter(STAGED.index("institution_id"))
_HALF = 0.5
_COUNTED = itemgetter(*map(STAGED.index, (*CELL, "sat", "passed", "first")))


class Newcomers:
    """The newcomers among the rows of a spool.

    ``with_counts`` are institutions in it of which figures were taken in as counts.
    """

    def __init__(self, spool: Spool, reached: Reached) -> None:
        """Look for them in ``spool``, whose batches hold whole persons."""
        self._spool, self._reached = spool, reached
        self._flags: list[bytes] = []
        self._counted: Counter[tuple[Any, ...]] = Counter()
        self.with_counts: set[int] = set()

    def others(self, session: Session) -> Iterator[list[Staged]]:
        """Yield the rows of everybody else, having noted who is a newcomer."""
        for rows in self._walk(begin=0):
            new = self.among(session, rows)
            self._flags.append(bytes(new))
            self._counted.update(map(_COUNTED, compress(rows, new)))
            yield [*compress(rows, map(not_, new))]

    @property
    def count(self) -> int:
        """Return how many they are."""
        return self._counted.total()

    def cells(self) -> Counter[tuple[str, str, str]]:
        """Return trade, kind and period → how many rows."""
        found: Counter[tuple[str, str, str]] = Counter()
        for (_, *cell, _, _, _), rows in self._counted.items():
            found[tuple(cell)] += rows
        return found

    def changes(self) -> Changes:
        """Return what they add to the tallies."""
        found: Changes = {}
        for (*cell, sat, passed, first), rows in self._counted.items():
            if cell[0] is None:
                continue
            counts = (1, sat, first, first and passed, passed)
            before = found.get(tuple(cell), (0,) * len(counts))
            found[tuple(cell)] = tuple(
                old + rows * more for old, more in zip(before, counts, strict=True)
            )
        return found

    def write(self, session: Session, receipt: Receipt) -> None:
        """Write them into the store."""
        batches = (
            [row[len(PLACE) :] for row in compress(rows, flags)]
            for rows, flags in zip(self._walk(begin=_HALF), self._flags, strict=True)
        )
        put(session, ExamResult.__table__, (*KEPT, "first"), batches, {"receipt_id": receipt.id})

    def _walk(self, *, begin: float) -> Iterator[list[Staged]]:
        """Yield all rows, noting how far they are: they are walked through twice."""
        done = 0
        for rows in self._spool.batches():
            yield rows
            done += len(rows)
            self._reached.share = begin + _HALF * done / self._spool.count
            self._reached.rows = int(self._reached.share * self._spool.count)

    def among(self, session: Session, rows: Sequence[Staged]) -> list[bool]:
        """Tell which rows of a batch are newcomers'."""
        persons = [*map(_PERSON, rows)]
        known = known_persons(session, persons)
        known |= {one for one, other in pairwise(persons) if one == other}
        # Where figures of an institution came in as counts, its rows may clash with them.
        counted = institutions_with_counts(session, {*map(_INSTITUTION, rows)} - {None})
        self.with_counts |= counted
        if not (known or counted):
            return [True] * len(rows)
        asked = zip(persons, map(_INSTITUTION, rows), strict=True)
        return [person not in known and place not in counted for person, place in asked]
