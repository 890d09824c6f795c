"""The institutions' check of their own figures before an edition: who was asked, what they said."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import (
    At,
    Code,
    Day,
    Digest,
    Instant,
    InstitutionKey,
    Key,
    Long,
    Name,
    PeriodText,
    Table,
    Word,
)


class FigureCheck(Table, kw_only=True):
    """One institution's check of the figures that a draft would publish about it.

    ``closes_on`` is the last day. ``figures_sha256`` names the figures shown. ``outcome`` is open,
    agreed, objected, or silent (said nothing in its days, which counts as no objection).
    """

    __tablename__ = "figure_check"
    __table_args__ = (
        UniqueConstraint("edition_id", "institution_id"),
        CheckConstraint("closes_on >= opened_on", name="closes_after_opened"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    institution_id: Mapped[InstitutionKey]
    opened_on: Mapped[Day]
    closes_on: Mapped[Day]
    opened_by: Mapped[Name]
    figures_sha256: Mapped[Digest]
    outcome: Mapped[Word] = mapped_column(default="open")
    answered_by: Mapped[str | None] = mapped_column(String(200), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class Objection(Table, kw_only=True):
    """An institution's objection to a figure of its own, and what became of it.

    ``state`` is open, accepted or rejected. ``treatment`` is what an edition does meanwhile: marked
    (the figure stands with a mark), withheld, or None (not chosen yet). ``figures_sha256`` names
    the counts objected to: once others stand in their place, the correction has come.
    """

    __tablename__ = "objection"

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    edition_number: Mapped[int]
    period: Mapped[PeriodText] = mapped_column(index=True)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code]
    figure: Mapped[Word]
    words: Mapped[Long]
    figures_sha256: Mapped[Digest]
    raised_by: Mapped[Name]
    raised_at: Mapped[At]
    state: Mapped[Word] = mapped_column(default="open")
    revision: Mapped[int] = mapped_column(default=0)
    treatment: Mapped[str | None] = mapped_column(String(32), default=None)
    treatment_reason: Mapped[str | None] = mapped_column(Text, default=None)
    treated_by: Mapped[str | None] = mapped_column(String(200), default=None)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_by: Mapped[str | None] = mapped_column(String(200), default=None)
    answered_on: Mapped[date | None] = mapped_column(default=None)


class ObjectionEvidence(Table, kw_only=True):
    """A file handed in with an objection; only the institution and the regulators may read it."""

    __tablename__ = "objection_evidence"

    id: Mapped[Key] = mapped_column(init=False)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    file_name: Mapped[Name]
    kind: Mapped[Word]
    sha256: Mapped[Digest]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
