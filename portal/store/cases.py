"""Cases against institutions and units, their acts, and what of them is public."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import At, Code, Day, Facts, Instant, Key, Long, Table, Word


class CaseFile(Table, kw_only=True):
    """A case: ground and facts first, then served notice, reply, decision, publication, end.

    Exactly one of ``institution_id`` and ``unit_id`` is set. ``revision`` rises with each act,
    so that of two persons deciding at once one wins. ``trade`` None: the whole subject.
    ``publish_until_on`` is the first day on which the entry is no longer public, ``ended_on`` the
    same for an entry ended early. ``rectification`` is none, asked or done.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("(institution_id IS NULL) <> (unit_id IS NULL)", name="one_subject"),
        CheckConstraint("publish_until_on > publish_from_on", name="until_after_from"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    listing_no: Mapped[str | None] = mapped_column(String(40), unique=True, default=None)
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institution.id"), index=True, default=None
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True, default=None)
    trade: Mapped[str | None] = mapped_column(String(64), default=None)
    ground: Mapped[Code]
    severity: Mapped[Word]
    facts: Mapped[Long]
    state: Mapped[Word]
    revision: Mapped[int] = mapped_column(default=0)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[At]
    served_on: Mapped[date | None] = mapped_column(default=None)
    served_how: Mapped[str | None] = mapped_column(String(32), default=None)
    reply_until_on: Mapped[date | None] = mapped_column(default=None)
    statement: Mapped[str | None] = mapped_column(Text, default=None)
    statement_by: Mapped[str | None] = mapped_column(String(200), default=None)
    hearing_asked: Mapped[bool] = mapped_column(default=False)
    statement_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    statement_answer: Mapped[str | None] = mapped_column(Text, default=None)
    statement_adopted: Mapped[bool | None] = mapped_column(default=None)
    decision_no: Mapped[str | None] = mapped_column(String(100), default=None)
    decided_on: Mapped[date | None] = mapped_column(default=None)
    decision_text: Mapped[str | None] = mapped_column(Text, default=None)
    trainee_advice: Mapped[str | None] = mapped_column(Text, default=None)
    publish_from_on: Mapped[date | None] = mapped_column(default=None)
    publish_until_on: Mapped[date | None] = mapped_column(default=None)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    rectification: Mapped[Word] = mapped_column(default="none")
    end_proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    end_document_no: Mapped[str | None] = mapped_column(String(100), default=None)
    end_words: Mapped[str | None] = mapped_column(Text, default=None)
    end_reason: Mapped[str | None] = mapped_column(String(32), default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)


class CaseEvent(Table, kw_only=True):
    """One act of a case, in the order it happened: who, when, why. Never changed or deleted."""

    __tablename__ = "case_event"

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    act: Mapped[Word]
    on: Mapped[Day] = mapped_column("on_day")
    by: Mapped[str] = mapped_column("by_name", String(200))
    words: Mapped[str | None] = mapped_column(Text, default=None)
    facts: Mapped[Facts]
    at: Mapped[At]
