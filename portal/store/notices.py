"""What the regulator writes for everybody: notices, texts of law, examples of good practice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Key, Long, Name, Table, Word

KINDS = ("notice", "law", "practice")
"""A notice, a text of the law library, an example of good practice."""


class Notice(Table, kw_only=True):
    """A notice: a draft until ``published_on`` is set, public from that day on.

    It is public until the day before ``withdrawn_on``. ``body`` is plain text with the few marks
    that :mod:`portal.web.prose` reads. A published text is never changed.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("withdrawn_on >= published_on", name="withdrawn_after"),
        CheckConstraint("kind IN ('notice', 'law', 'practice')", name="known_kind"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    kind: Mapped[Word] = mapped_column(default="notice")
    title: Mapped[Name]
    title_en: Mapped[str | None] = mapped_column(String(200), default=None)
    document_no: Mapped[str | None] = mapped_column(String(100), default=None)
    body: Mapped[Long]
    body_en: Mapped[str | None] = mapped_column(Text, default=None)
    written_by: Mapped[Name]
    written_at: Mapped[At]
    published_on: Mapped[date | None] = mapped_column(index=True, default=None)
    published_by: Mapped[str | None] = mapped_column(String(200), default=None)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
    withdraw_reason: Mapped[str | None] = mapped_column(Text, default=None)


def notices_on(session: Session, day: date, kind: str | None = None) -> list[Notice]:
    """Return what is public on ``day``, newest first; of one kind where given."""
    public = select(Notice).where(
        Notice.published_on <= day,
        or_(Notice.withdrawn_on.is_(None), Notice.withdrawn_on > day),
    )
    if kind is not None:
        public = public.where(Notice.kind == kind)
    return list(session.scalars(public.order_by(Notice.published_on.desc(), Notice.id.desc())))
