"""Rows that make room for others: kept as they stood, so that taking back finds them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, delete, insert, select
from sqlalchemy.orm import Session

from portal.store.base import Table
from portal.store.exams import ExamResult, Tally
from portal.store.receipts import Receipt, ReplacedRow
from portal.store.surveys import SurveyTally

Content = dict[str, Any]
MODELS: dict[str, type[ExamResult | Tally | SurveyTally]] = {
    "exams": ExamResult,
    "tallies": Tally,
    "surveys": SurveyTally,
}
"""Kind of file → the rows it brings; lists of institutions and employers are edited, not undone."""
BATCH = 1_000
"""How many rows one statement bears."""


def keep(session: Session, receipt: Receipt, ids: Sequence[int], *, gone: bool = False) -> None:
    """Write down the rows of these ids as they stand, before ``receipt`` changes or removes them.

    With ``gone`` they are removed here.
    """
    model: Any = MODELS[receipt.kind]
    for some in in_batches(ids):
        rows = session.scalars(select(model).where(model.id.in_(some)))
        kept = [
            {
                "kind": receipt.kind,
                "receipt_id": row.receipt_id,
                "replaced_by_id": receipt.id,
                "content": content_of(row),
            }
            for row in rows
        ]
        session.execute(insert(ReplacedRow), kept)
        if gone:
            remove(session, model, some)


def remove(session: Session, model: type[ExamResult | Tally | SurveyTally], ids: list[int]) -> None:
    """Remove rows without touching what the session holds."""
    gone = delete(model).where(model.id.in_(ids))
    session.execute(gone.execution_options(synchronize_session=False))
    session.expire_all()


def kept_for(session: Session, receipt: Receipt) -> list[Content]:
    """Return the rows that made room for a receipt's, as they can be inserted again."""
    asked = select(ReplacedRow.content).where(ReplacedRow.replaced_by_id == receipt.id)
    return [revived(receipt.kind, content) for content in session.scalars(asked)]


def revived(kind: str, content: Content) -> Content:
    """Return what was written down of a row as it can be inserted again."""
    columns = MODELS[kind].__table__.columns
    dates = {column.name for column in columns if isinstance(column.type, Date)}
    return {
        name: date.fromisoformat(value) if value and name in dates else value
        for name, value in content.items()
    }


def put_back(session: Session, receipt: Receipt, rows: Iterable[Content]) -> None:
    """Insert rows that made room for a receipt's; they are written down no more."""
    model = MODELS[receipt.kind]
    for some in in_batches(list(rows)):
        session.execute(insert(model), some)
    session.execute(delete(ReplacedRow).where(ReplacedRow.replaced_by_id == receipt.id))


def content_of(row: Table) -> Content:
    """Return a row as it can be written down."""
    columns = (column.name for column in row.__table__.columns if column.name != "id")
    return written_down({name: getattr(row, name) for name in columns})


def written_down(values: Content) -> Content:
    """Return values as JSON can hold them: days as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def in_batches(items: Sequence[Any]) -> Iterable[list[Any]]:
    """Yield the items, so many at a time that a statement bears them."""
    for start in range(0, len(items), BATCH):
        yield list(items[start : start + BATCH])
