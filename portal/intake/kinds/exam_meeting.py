"""What an incoming exam row is to the stored one of the same sitting, as the database is asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_

from portal.domain.exam import OPEN, ExamStatus
from portal.intake.kinds.exam_staged import INCOMING
from portal.store.exams import SAID, ExamResult

AGAIN, LESSER, COMPLETES, DIFFERS = "again", "lesser", "completes", "differs"
"""A row says the same, or less; adds what was missing; or contradicts."""
_NEW = INCOMING.c
SAME_SITTING = and_(
    ExamResult.person_hash == _NEW.person_hash, ExamResult.natural_key == _NEW.natural_key
)
"""An incoming row meets the stored one."""


def verdict(corrected: frozenset[int]) -> Any:  # noqa: ANN401  # an SQL expression
    """Return what a row is to the stored one of the same sitting.

    Rows that the receipts ``corrected`` brought are what the file issues anew.
    """
    adds_practice = and_(
        ExamResult.status == ExamStatus.NORMAL.value,
        _NEW.status == ExamStatus.NORMAL.value,
        ExamResult.practical_score.is_(None),
        _NEW.practical_score.is_not(None),
        ExamResult.theory_score.is_not_distinct_from(_NEW.theory_score),
    )
    is_open = ExamResult.status.in_([status.value for status in OPEN])
    return case(
        (say_the_same(ExamResult.__table__.c, _NEW), AGAIN),
        (ExamResult.receipt_id.in_(corrected), COMPLETES),
        # The roster again, after the result.
        (_NEW.status == ExamStatus.REGISTERED.value, LESSER),
        (ExamResult.institution_id.is_distinct_from(_NEW.institution_id), DIFFERS),
        (or_(is_open, adds_practice), COMPLETES),
        else_=DIFFERS,
    )


def say_the_same(one: Any, other: Any) -> ColumnElement[bool]:  # noqa: ANN401  # columns
    """Return the condition that two rows of one sitting agree in all that a file says of it."""
    return and_(*(one[name].is_not_distinct_from(other[name]) for name in SAID))
