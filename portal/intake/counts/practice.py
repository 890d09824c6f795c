"""How often a candidate has failed practice since theory was last sat.

Source: 应急管理部令第19号: practice may be sat five times, then theory again; theory has no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from portal.store.exams import ExamResult

PracticeLimit = Callable[[date], int | None]
"""Day of the exam → practice that may be failed before theory is sat again; None = no limit."""
_PARTS = ("attempt", "theory_score", "practical_score", "passed")


def practice_again(
    session: Session, incoming: Table, limit: PracticeLimit
) -> Iterator[tuple[Row[Any], int]]:
    """Yield incoming rows of practice alone for which theory has to be sat again, with the limit.

    Only attempts beyond the limit are asked about, so that an ordinary file costs nothing more.
    """
    new = incoming.c
    alone = (new.theory_score.is_(None), new.practical_score.is_not(None))
    newest = session.scalar(select(func.max(new.practical_on)).where(*alone))
    least = limit(newest) if newest else None
    if least is None:
        return
    for row in session.execute(select(incoming).where(*alone, new.attempt > least)).all():
        allowed = limit(row.practical_on)
        if allowed is not None and _failed_before(session, incoming, row) >= allowed:
            yield row, allowed


def _failed_before(session: Session, incoming: Table, row: Row[Any]) -> int:
    before: dict[int, tuple[float | None, float | None, bool]] = {}
    for source in (ExamResult.__table__.c, incoming.c):
        asked = select(*(source[name] for name in _PARTS)).where(
            source.person_hash == row.person_hash,
            source.trade == row.trade,
            source.exam_kind == row.exam_kind,
            source.attempt < row.attempt,
        )
        before |= {attempt: tuple(told) for attempt, *told in session.execute(asked)}
    failed = 0
    for _, (theory, practical, passed) in sorted(before.items()):
        failed = 0 if theory is not None else failed
        failed += practical is not None and not passed
    return failed
