"""Rows of exam results: each cell read, then what the cells say together."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from portal.domain.exam import Marks, sat
from portal.domain.keyed import keyed
from portal.intake.files.cells import broken, plain
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.refusals import Fault, Flaw, masked
from portal.intake.files.sheets import Sheet
from portal.intake.files.spool import HashedSpool, Staged
from portal.intake.kinds.exam_columns import ExamColumns
from portal.intake.kinds.exam_judging import Judge, Read, Standing
from portal.intake.kinds.exam_reading import Readers
from portal.intake.kinds.exam_staged import STAGED, first_alone
from portal.intake.kinds.persons import identity
from portal.intake.kinds.register import Register, Trades

FORM = format_of(Kind.EXAMS)


class ExamRows:
    """The checker of exam rows: in columns what is plainly good, row by row whatever is not."""

    form = FORM
    spool = partial(HashedSpool, STAGED.index("person_hash"))

    def __init__(self, standing: Standing, register: Register, trades: Trades) -> None:
        """Judge by ``standing``, against the known institutions and trades."""
        self._standing, self._register, self._trades = standing, register, trades
        self._judge = Judge(standing)
        self._person_hash = keyed(standing.person_key, "person")
        self._row_hash = keyed(standing.person_key, "row")
        self.begin(Sheet(name="", rows=()))

    def begin(self, sheet: Sheet) -> None:
        """Read dates as the sheet counts them."""
        readers = Readers.of(self._register, self._trades, sheet.epoch)
        self._institutions, self._readers = readers.institutions, readers.in_order()
        self.columns = ExamColumns(self._standing, self._judge, readers).judged

    def row(self, raw: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return the row as it is kept, or what is wrong with it."""
        ticket, person, name, code, institution, *rest = raw
        person_id = identity(person)
        found = self._institutions[code, institution]
        values = [memo[text] for memo, text in zip(self._readers, rest, strict=True)]
        unseen = broken(ticket) or broken(name)
        if unseen or type(person_id) is Fault or Fault in map(type, values) or type(found) is Fault:
            return self._flaws((broken(ticket), person_id, broken(name), found), values)
        row: list[Any] = [found, *values]
        read = Read(*row)
        marks = self._judge.marks(read)
        if isinstance(marks, list):
            return marks
        return self._staged(read, marks, str(person_id), plain(ticket))

    def _flaws(self, heads: tuple[object, ...], values: list[Any]) -> list[Flaw]:
        *_, institution = heads
        by_code = isinstance(institution, Fault) and "code" in institution.rule
        named = "institution_code" if by_code else "institution_name"
        keys = (*FORM.keys[:3], named, *FORM.keys[5:])
        pairs = zip(keys, (*heads, *values), strict=True)
        return [Flaw(key, value) for key, value in pairs if isinstance(value, Fault)]

    def _staged(self, read: Read, marks: Marks, person: str, ticket: str) -> Staged:
        held = read.held_on or self._standing.day
        sitting = (person, read.trade.slug, read.exam_kind, str(read.attempt), ticket or str(held))
        return (
            masked(person),
            self._row_hash("\0".join(sitting)),
            self._person_hash(person),
            *_said(read, marks, self._judge.period(read)),
            sat(marks),
            self._judge.passed(read, marks),
            first_alone(marks),
        )


def _said(read: Read, marks: Marks, period: str) -> Staged:
    """Return what a row says of its sitting."""
    return (
        read.institution_id,
        read.trade.slug,
        read.exam_kind,
        period,
        read.attempt,
        _iso(read.registered_on),
        _iso(read.theory_on),
        marks.theory_score,
        _iso(read.practical_on),
        marks.practical_score,
        read.site,
        marks.status.value,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
