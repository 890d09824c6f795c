"""Tallies kept from results, in proportion to the new rows: what the persons in them counted for
before is taken off, what they count for now is put on.
"""  # noqa: D205  # one sentence

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.domain.exam import ExamStatus
from portal.intake.counts.tally_changes import COUNTS, Changes, change_tallies
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt


class Upkeep:
    """The tallies before and after the rows of ``incoming`` are written."""

    def __init__(self, session: Session, incoming: Table) -> None:
        """Remember what the persons of ``incoming`` count for now, before it is written."""
        self._session = session
        new = incoming.c
        same = and_(
            new.person_hash == ExamResult.person_hash,
            new.trade == ExamResult.trade,
            new.exam_kind == ExamResult.exam_kind,
        )
        # Asked from the new rows on, so that the cost follows them: their persons' rows by index.
        self._affected = ExamResult.id.in_(select(ExamResult.id).join(incoming, same))
        self._before = self._counted()

    def bring_up_to_date(self, receipt: Receipt) -> None:
        """Mark first sittings anew and change the tallies by the difference."""
        self._mark_first()
        after, nothing = self._counted(), (0,) * len(COUNTS)
        changes = {
            cell: tuple(
                now - then
                for now, then in zip(
                    after.get(cell, nothing), self._before.get(cell, nothing), strict=True
                )
            )
            for cell in after.keys() | self._before.keys()
        }
        change_tallies(self._session, changes, receipt)

    def _counted(self) -> Changes:
        columns = {
            "registered": func.count(),
            "sat": _number(ExamResult.sat),
            "sat_first": _number(ExamResult.first),
            "passed_first": _number(
                and_(ExamResult.first, ExamResult.passed, ExamResult.attempt == 1)
            ),
            "passed": _number(ExamResult.passed),
        }
        cell = (
            ExamResult.institution_id,
            ExamResult.trade,
            ExamResult.exam_kind,
            ExamResult.period,
        )
        counted = (
            select(*cell, *(columns[name].label(f"n_{name}") for name in COUNTS))
            .where(ExamResult.institution_id.is_not(None), self._affected)
            .group_by(*cell)
        )
        found: dict[Any, tuple[int, ...]] = {}
        for place, trade, kind, period, *counts in self._session.execute(counted):
            found[place, trade, kind, period] = tuple(counts)
        return found

    def _mark_first(self) -> None:
        """Mark each affected person's first sitting anew."""
        marked = update(ExamResult).execution_options(synchronize_session=False)
        was = and_(ExamResult.first, self._affected)
        self._session.execute(marked.where(was).values(first=False))
        now = ExamResult.id.in_(_first_sittings(self._affected))
        self._session.execute(marked.where(now).values(first=True))


def _first_sittings(affected: ColumnElement[bool]) -> Select[tuple[int]]:
    """Return the sittings that are their person's first: the earliest, if it can be told.

    A later attempt is first only where every earlier one is known to have been missed.
    """
    person = (ExamResult.person_hash, ExamResult.trade, ExamResult.exam_kind)
    held = func.coalesce(ExamResult.theory_on, ExamResult.practical_on)
    order = func.row_number().over(
        partition_by=person, order_by=(held, ExamResult.attempt, ExamResult.natural_key)
    )
    columns = (ExamResult.id, ExamResult.attempt, *person)
    ranked = select(*columns, order.label("place")).where(ExamResult.sat, affected).subquery()
    missed = aliased(ExamResult)
    absences = (
        select(func.count())
        .where(
            *(getattr(missed, column.key) == ranked.c[column.key] for column in person),
            missed.status == ExamStatus.ABSENT,
            missed.attempt < ranked.c.attempt,
        )
        .scalar_subquery()
    )
    known = or_(ranked.c.attempt == 1, ranked.c.attempt - 1 <= absences)
    return select(ranked.c.id).where(ranked.c.place == 1, known)


def _number(condition: ColumnElement[bool] | Any) -> ColumnElement[int]:  # noqa: ANN401  # mapped
    return func.sum(case((condition, 1), else_=0))
