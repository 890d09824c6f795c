"""A sheet of rows with faults, kept until they are mended in place or the sheet is sent again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, InstitutionKey, JsonValue, Key, Name, PeriodText, Table


class StagedSheet(Table, kw_only=True):
    """What one file held for one table of a report; ``path`` is section.item.

    ``rows`` is a list of [line of the file, column → what was typed there].
    """

    __tablename__ = "staged_sheet"
    __table_args__ = (UniqueConstraint("institution_id", "period", "path"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    period: Mapped[PeriodText]
    path: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[Name]
    bytes: Mapped[int]
    rows: Mapped[list[Any]] = mapped_column(JsonValue)
    uploaded_by: Mapped[Name]
    uploaded_at: Mapped[At]


def staged_sheets(session: Session, institution_id: int, period: str) -> dict[str, StagedSheet]:
    """Return the sheets of a report that still have faults, by the path of their table."""
    mine = select(StagedSheet).where(
        StagedSheet.institution_id == institution_id, StagedSheet.period == period
    )
    return {sheet.path: sheet for sheet in session.scalars(mine)}
