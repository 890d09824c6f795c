"""Checked exam rows against what is stored: known, completing, contradicting, or new.

The rows lie in a temporary table of hashes; every question is asked of the database at once, so
that cost and memory follow the new rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Row,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.intake.counts.practice import PracticeLimit, practice_again
from portal.intake.counts.replaced import BATCH, Content, keep, written_down
from portal.intake.counts.said_again import (
    drop_again,
    has_heir,
    keep_again,
    note,
    note_again,
    pass_on,
)
from portal.intake.counts.tally_changes import change_tallies
from portal.intake.counts.tally_upkeep import Upkeep
from portal.intake.counts.touched import drop_touched, touched
from portal.intake.files.checking import Findings
from portal.intake.files.refusals import Fault, Refused
from portal.intake.files.sheets import Reached
from portal.intake.files.spool import Staged
from portal.intake.kinds.exam_meeting import (
    AGAIN,
    DIFFERS,
    LESSER,
    SAME_SITTING,
    say_the_same,
    verdict,
)
from portal.intake.kinds.exam_newcomers import Newcomers
from portal.intake.kinds.exam_staged import INCOMING, KEPT, STAGED
from portal.store.bulk import put
from portal.store.exams import ExamResult, Tally
from portal.store.receipts import Receipt

_PLACE = itemgetter(STAGED.index("sheet"), STAGED.index("line"))
_CHANGED = tuple(name for name in KEPT if name not in {"natural_key", "person_hash"})
_NEW = INCOMING.c


class ExamSettler:
    """Settles the rows of one file in one transaction."""

    def __init__(
        self,
        limit: PracticeLimit,
        corrected: frozenset[int] = frozenset(),
        reached: Reached | None = None,
    ) -> None:
        """Start with nothing found; receipts ``corrected`` are those that this file issues anew.

        ``limit`` tells how often practice may be failed before theory is sat again.
        """
        self._limit, self._corrected = limit, corrected
        self._reached = reached or Reached()
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
        self._newcomers = Newcomers(found.spool, self._reached)
        INCOMING.drop(session.connection(), checkfirst=True)
        INCOMING.create(session.connection())
        put(session, INCOMING, STAGED, map(_in_file_order, self._newcomers.others(session)))
        self._refuse_twins(session)
        self._part_with(session)
        self._refuse_counted(session)
        self._settle_known(session)
        self._refuse_practice(session)
        return self._newcomers.count + self._left(session)

    def write(self, session: Session, receipt: Receipt) -> dict[str, Any]:
        """Write the settled rows and bring the tallies up to date; return the coverage."""
        if self._gone or self._staying or self._left(session):
            self._write_others(session, receipt)
        note_again(session, receipt)
        note(session, receipt, self._lesser, lesser=True)
        self._newcomers.write(session, receipt)
        change_tallies(session, self._newcomers.changes(), receipt)
        return self._coverage(session)

    def _write_others(self, session: Session, receipt: Receipt) -> None:
        persons = touched(session, INCOMING, self._gone) if self._gone else INCOMING
        upkeep = Upkeep(session, persons)
        pass_on(session, receipt.kind, self._staying, self._corrected, noted=True)
        keep(session, receipt, self._completed(session))
        keep(session, receipt, self._gone, gone=True)
        fresh = select(*(_NEW[name] for name in KEPT)).where(_NEW.stored.is_(None))
        first, number = literal(value=False), literal(receipt.id)
        session.execute(
            insert(ExamResult).from_select(
                [*KEPT, "first", "receipt_id"], fresh.add_columns(first, number)
            )
        )
        session.execute(
            update(ExamResult)
            .where(ExamResult.id == _NEW.stored)
            .values({name: _NEW[name] for name in _CHANGED} | {"receipt_id": receipt.id})
            .execution_options(synchronize_session=False)
        )
        upkeep.bring_up_to_date(receipt)

    def drop(self, session: Session) -> None:
        """Throw the temporary tables away."""
        INCOMING.drop(session.connection(), checkfirst=True)
        drop_again(session)
        drop_touched(session)

    def _part_with(self, session: Session) -> None:
        """Find the rows of what is corrected that the file says no more; others may say them."""
        brought = ExamResult.receipt_id.in_(self._corrected)
        beside = select(ExamResult.id).outerjoin(INCOMING, SAME_SITTING)
        unsaid = list(session.scalars(beside.where(brought, _NEW.row_no.is_(None))))
        staying = has_heir(session, "exams", unsaid, self._corrected)
        self._staying = sorted(staying)
        self._gone = [one for one in unsaid if one not in staying]

    @staticmethod
    def _completed(session: Session) -> list[int]:
        return list(session.scalars(select(_NEW.stored).where(_NEW.stored.is_not(None))))

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
                say_the_same(_NEW, first.c).label("same"),
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
            .where(Tally.source == "tallies", Tally.institution_id.in_(self._newcomers.with_counts))
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
        met = {"stored": ExamResult.id, "verdict": verdict(self._corrected)}
        session.execute(update(INCOMING).where(SAME_SITTING).values(met))
        differing = (
            select(INCOMING, Receipt.number)
            .join(ExamResult, ExamResult.id == _NEW.stored)
            .join(Receipt, Receipt.id == ExamResult.receipt_id)
            .where(_NEW.verdict == DIFFERS)
        )
        for row in session.execute(differing):
            self._refuse(row, "exam.differs", receipt=row.number)
        keep_again(session, _contents(session, AGAIN))
        self._lesser = [*_contents(session, LESSER)]
        settled = _NEW.verdict.in_([AGAIN, LESSER])
        self.merged += session.scalar(select(func.count()).where(settled)) or 0
        session.execute(delete(INCOMING).where(or_(settled, _NEW.verdict == DIFFERS)))

    def _refuse_practice(self, session: Session) -> None:
        """Refuse practice sat again and again without the theory that the rules ask for."""
        gone = []
        for row, limit in practice_again(session, INCOMING, self._limit):
            self._refuse(row, "exam.practical_attempts", limit=limit)
            gone.append(row.row_no)
        _forget(session, gone)

    @staticmethod
    def _left(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(INCOMING)) or 0

    def _coverage(self, session: Session) -> dict[str, Any]:
        cell = (_NEW.trade, _NEW.exam_kind, _NEW.period)
        counted = self._newcomers.cells()
        for *other, rows in session.execute(select(*cell, func.count()).group_by(*cell)):
            counted[tuple(other)] += rows
        names = ("trade", "exam_kind", "period")
        return {
            "cells": [
                dict(zip(names, found, strict=True)) | {"rows": rows}
                for found, rows in sorted(counted.items())
            ]
        }

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


def _contents(session: Session, found: str) -> Iterator[Content]:
    """Yield the incoming rows of a verdict as they can be written down."""
    asked = select(*(_NEW[name] for name in KEPT)).where(_NEW.verdict == found)
    for row in session.execute(asked, execution_options={"yield_per": BATCH}).mappings():
        yield written_down(dict(row))


def _in_file_order(rows: list[Staged]) -> list[Staged]:
    """Return rows so that of twins the earlier one comes first."""
    return sorted(rows, key=_PLACE)


def _forget(session: Session, row_numbers: list[int]) -> None:
    for start in range(0, len(row_numbers), 500):
        some = row_numbers[start : start + 500]
        session.execute(delete(INCOMING).where(_NEW.row_no.in_(some)))
