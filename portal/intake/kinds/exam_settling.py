"""Checked exam rows against what is stored: known, completing, contradicting, or new.

The rows lie in a temporary table of hashes; every question is asked of the database at once, so
that cost and memory follow the new rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.domain.exam import OPEN, ExamStatus
from portal.domain.period import Period
from portal.intake.counts.practice import PracticeLimit, practice_again
from portal.intake.counts.replaced import Content, keep, written_down
from portal.intake.counts.said_again import (
    drop_again,
    has_heir,
    keep_again,
    note,
    note_again,
    pass_on,
)
from portal.intake.counts.tally_upkeep import Upkeep
from portal.intake.counts.touched import drop_touched, touched
from portal.intake.files.checking import Findings
from portal.intake.files.refusals import Fault, Refused
from portal.store.bulk import put
from portal.store.exams import ExamResult, Tally
from portal.store.receipts import Receipt

_KEPT = (
    "natural_key", "content_hash", "person_hash", "name_hash", "ticket_hash", "institution_id",
    "trade", "exam_kind", "period", "attempt", "registered_on", "theory_on", "theory_score",
    "practical_on", "practical_score", "site", "status", "sat", "passed",
)  # fmt: skip
_CHANGED = tuple(name for name in _KEPT if name not in {"natural_key", "person_hash"})
_STAGED = ("sheet", "line", *_KEPT, "shown")
_TYPES: dict[str, Any] = {
    "institution_id": Integer, "attempt": Integer, "registered_on": Date, "theory_on": Date,
    "practical_on": Date, "theory_score": Float, "practical_score": Float, "sat": Boolean,
    "passed": Boolean, "sheet": Integer, "line": Integer,
}  # fmt: skip

INCOMING = Table(
    "incoming_exam",
    MetaData(),
    Column("row_no", Integer, primary_key=True, autoincrement=True),
    *(Column(name, _TYPES.get(name, String)) for name in _STAGED),
    Column("completes", Integer),
    prefixes=["TEMPORARY"],
)
_NEW = INCOMING.c


class ExamSettler:
    """Settles the rows of one file in one transaction."""

    def __init__(self, limit: PracticeLimit, corrected: frozenset[int] = frozenset()) -> None:
        """Start with nothing found; receipts ``corrected`` are those that this file issues anew.

        ``limit`` tells how often practice may be failed before theory is sat again.
        """
        self._limit, self._corrected = limit, corrected
        self._gone: list[int] = []
        self._staying: list[int] = []
        self._lesser: list[Content] = []
        self.merged = 0
        self.refusals: list[Refused] = []
        self._sheets: list[str] = []

    @property
    def withdrawn(self) -> int:
        """Return how many rows the corrected file says no more."""
        return len(self._gone)

    def settle(self, session: Session, found: Findings) -> int:
        """Lay the rows beside what is stored; return how many would be written."""
        self._sheets = found.sheets
        INCOMING.drop(session.connection(), checkfirst=True)
        INCOMING.create(session.connection())
        put(session, INCOMING, _STAGED, found.spool.batches())
        self._refuse_twins(session)
        self._part_with(session)
        self._refuse_counted(session)
        self._settle_known(session)
        self._refuse_practice(session)
        return session.scalar(select(func.count()).select_from(INCOMING)) or 0

    def write(self, session: Session, receipt: Receipt) -> dict[str, Any]:
        """Write the settled rows and bring the tallies up to date; return the coverage."""
        persons = touched(session, INCOMING, self._gone) if self._gone else INCOMING
        upkeep = Upkeep(session, persons)
        pass_on(session, receipt.kind, self._staying, self._corrected, noted=True)
        keep(session, receipt, self._completed(session))
        keep(session, receipt, self._gone, gone=True)
        fresh = select(*(_NEW[name] for name in _KEPT)).where(_NEW.completes.is_(None))
        first, number = literal(value=False), literal(receipt.id)
        session.execute(
            insert(ExamResult).from_select(
                [*_KEPT, "first", "receipt_id"], fresh.add_columns(first, number)
            )
        )
        session.execute(
            update(ExamResult)
            .where(ExamResult.id == _NEW.completes)
            .values({name: _NEW[name] for name in _CHANGED} | {"receipt_id": receipt.id})
            .execution_options(synchronize_session=False)
        )
        note_again(session, receipt)
        note(session, receipt, self._lesser, lesser=True)
        upkeep.bring_up_to_date(receipt)
        return _coverage(session)

    def drop(self, session: Session) -> None:
        """Throw the temporary tables away."""
        INCOMING.drop(session.connection(), checkfirst=True)
        drop_again(session)
        drop_touched(session)

    def _part_with(self, session: Session) -> None:
        """Find the rows of what is corrected that the file says no more; others may say them."""
        still = exists().where(_NEW.natural_key == ExamResult.natural_key)
        brought = ExamResult.receipt_id.in_(self._corrected)
        unsaid = list(session.scalars(select(ExamResult.id).where(brought, ~still)))
        staying = has_heir(session, "exams", unsaid, self._corrected)
        self._staying = sorted(staying)
        self._gone = [one for one in unsaid if one not in staying]

    @staticmethod
    def _completed(session: Session) -> list[int]:
        return list(session.scalars(select(_NEW.completes).where(_NEW.completes.is_not(None))))

    def _refuse_twins(self, session: Session) -> None:
        """Merge rows that stand twice in the file; refuse those that say different things."""
        firsts = (
            select(_NEW.natural_key, func.min(_NEW.row_no).label("row_no"))
            .group_by(_NEW.natural_key)
            .having(func.count() > 1)
            .subquery()
        )
        first = INCOMING.alias("first")
        twins = (
            select(
                INCOMING,
                first.c.line.label("first_line"),
                (_NEW.content_hash == first.c.content_hash).label("same"),
            )
            .join(firsts, _NEW.natural_key == firsts.c.natural_key)
            .join(first, first.c.row_no == firsts.c.row_no)
            .where(_NEW.row_no != firsts.c.row_no)
        )
        gone = []
        for row in session.execute(twins):
            gone.append(row.row_no)
            if row.same:
                self.merged += 1
            else:
                self._refuse(row, "exam.twice_in_file", first=str(row.first_line))
        _forget(session, gone)

    def _refuse_counted(self, session: Session) -> None:
        """Refuse rows of cells that were already taken in as counts."""
        cell = (_NEW.institution_id, _NEW.trade, _NEW.exam_kind, _NEW.period)
        clashes = (
            select(*cell, Tally.period.label("counted"), Receipt.number)
            .distinct()
            .join(Tally, and_(*(getattr(Tally, column.name) == column for column in cell[:3])))
            .join(Receipt, Receipt.id == Tally.receipt_id)
            .where(Tally.source == "tallies")
        )
        for clash in session.execute(clashes).all():
            if not Period.parse(clash.period).overlaps(Period.parse(clash.counted)):
                continue
            here = [column == value for column, value in zip(cell, clash[:4], strict=True)]
            rows = session.execute(select(INCOMING).where(*here)).all()
            for row in rows:
                self._refuse(
                    row, "exam.counted_already", receipt=clash.number, period=clash.counted
                )
            _forget(session, [row.row_no for row in rows])

    def _settle_known(self, session: Session) -> None:
        """Merge rows that are stored already; mark those that complete one; refuse the others."""
        same = and_(
            ExamResult.natural_key == _NEW.natural_key, ExamResult.content_hash == _NEW.content_hash
        )
        known = select(func.count()).select_from(INCOMING).where(exists().where(same))
        self.merged += session.scalar(known) or 0
        keep_again(session, select(_NEW.natural_key, _NEW.content_hash).where(exists().where(same)))
        session.execute(delete(INCOMING).where(exists().where(same)))
        gone = []
        for row, stored, number in self._met(session):
            again = stored.receipt_id in self._corrected
            verdict = "completes" if again else _verdict(row, stored)
            if verdict == "completes":
                session.execute(
                    update(INCOMING).where(_NEW.row_no == row.row_no).values(completes=stored.id)
                )
                continue
            gone.append(row.row_no)
            if verdict == "merged":
                self.merged += 1
                self._lesser.append(written_down({name: getattr(row, name) for name in _KEPT}))
            else:
                self._refuse(row, "exam.differs", receipt=number)
        _forget(session, gone)

    def _refuse_practice(self, session: Session) -> None:
        """Refuse practice sat again and again without the theory that the rules ask for."""
        gone = []
        for row, limit in practice_again(session, INCOMING, self._limit):
            self._refuse(row, "exam.practical_attempts", limit=limit)
            gone.append(row.row_no)
        _forget(session, gone)

    @staticmethod
    def _met(session: Session) -> Iterator[tuple[Row[Any], ExamResult, str]]:
        met = (
            select(ExamResult, Receipt.number, INCOMING)
            .join(INCOMING, ExamResult.natural_key == _NEW.natural_key)
            .join(Receipt, Receipt.id == ExamResult.receipt_id)
        )
        for found in session.execute(met).all():
            yield found, found.ExamResult, found.number

    def _refuse(self, row: Row[Any], rule: str, **facts: object) -> None:
        refused = Refused(
            sheet=self._sheets[row.sheet],
            line=row.line,
            column="",
            raw=row.shown,
            rule=rule,
            facts=Fault(rule, facts).facts,
        )
        self.refusals.append(refused)


def _verdict(row: Row[Any], stored: ExamResult) -> str:
    """Return what a row is to the stored one of the same sitting that reads differently."""
    if row.status == ExamStatus.REGISTERED:
        return "merged"  # the roster again, after the result
    if row.institution_id != stored.institution_id:
        return "differs"
    if stored.status in OPEN:
        return "completes"
    adds_practice = (
        stored.status == row.status == ExamStatus.NORMAL
        and stored.practical_score is None
        and row.practical_score is not None
        and stored.theory_score == row.theory_score
    )
    return "completes" if adds_practice else "differs"


def _forget(session: Session, row_numbers: list[int]) -> None:
    for start in range(0, len(row_numbers), 500):
        some = row_numbers[start : start + 500]
        session.execute(delete(INCOMING).where(_NEW.row_no.in_(some)))


def _coverage(session: Session) -> dict[str, Any]:
    cell = (_NEW.trade, _NEW.exam_kind, _NEW.period)
    counted = select(*cell, func.count().label("rows")).group_by(*cell).order_by(*cell)
    return {"cells": [dict(row) for row in session.execute(counted).mappings()]}
