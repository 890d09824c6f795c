"""A review as far as it is: a mark and words for each item; and visits to an institution."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Day, InstitutionKey, JsonValue, Key, Name, Table, Word
from portal.store.reports import SpecialReport


class ReviewMark(Table, kw_only=True):
    """What the reviewer says of one item of a report, before the report is decided.

    ``verdict`` is accepted or returned; ``proof`` the mark of the claim, empty = as it was.
    """

    __tablename__ = "review_mark"
    __table_args__ = (UniqueConstraint("report_id", "path"),)

    id: Mapped[Key] = mapped_column(init=False)
    report_id: Mapped[int] = mapped_column(ForeignKey(SpecialReport.id), index=True)
    path: Mapped[str] = mapped_column(String(120))
    verdict: Mapped[Word]
    proof: Mapped[Word]
    words: Mapped[str] = mapped_column(Text)

    @property
    def is_returned(self) -> bool:
        """Tell whether the item is to be returned."""
        return self.verdict == "returned"


class SiteVisit(Table, kw_only=True):
    """A visit and what was found: ``findings`` lists facts as they stood, with mark and note.

    Each finding is a mapping of path, value, proof and note.
    """

    __tablename__ = "site_visit"

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    institution_id: Mapped[InstitutionKey]
    visited_on: Mapped[Day]
    visitors: Mapped[Name]
    note: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[Any]] = mapped_column(JsonValue)
    written_by: Mapped[Name]
    written_at: Mapped[At]


def marks_of(session: Session, report_id: int) -> dict[str, ReviewMark]:
    """Return the marks of a report's review, by path."""
    wanted = select(ReviewMark).where(ReviewMark.report_id == report_id)
    return {mark.path: mark for mark in session.scalars(wanted)}


def visits_to(session: Session, institution_id: int) -> list[SiteVisit]:
    """Return the visits to an institution, the newest first."""
    wanted = select(SiteVisit).where(SiteVisit.institution_id == institution_id)
    return list(session.scalars(wanted.order_by(SiteVisit.visited_on.desc(), SiteVisit.id.desc())))
