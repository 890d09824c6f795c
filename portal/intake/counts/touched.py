"""The persons whose tallies an act touches, in a temporary table: cost follows the act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from portal.store.exams import ExamResult

_NAMES = ("person_hash", "trade", "exam_kind")
_BATCH = 500
TOUCHED = Table(
    "touched_person",
    MetaData(),
    *(Column(name, String) for name in _NAMES),
    prefixes=["TEMPORARY"],
)


def touched(
    session: Session,
    incoming: Table | None,
    ids: Sequence[int],
    more: Iterable[dict[str, Any]] = (),
) -> Table:
    """Return a table of the persons of ``incoming``, of stored rows by id, and of ``more`` rows."""
    drop_touched(session)
    TOUCHED.create(session.connection())
    put = insert(TOUCHED)
    if incoming is not None:
        of_file = select(*(incoming.c[name] for name in _NAMES))
        session.execute(put.from_select(_NAMES, of_file))
    stored = select(*(getattr(ExamResult, name) for name in _NAMES))
    for start in range(0, len(ids), _BATCH):
        some = stored.where(ExamResult.id.in_(ids[start : start + _BATCH]))
        session.execute(put.from_select(_NAMES, some))
    if rows := [{name: row[name] for name in _NAMES} for row in more]:
        session.execute(put, rows)
    return TOUCHED


def drop_touched(session: Session) -> None:
    """Throw the table away."""
    TOUCHED.drop(session.connection(), checkfirst=True)
