"""Accidents traced back (倒查): from the worker to the institution, each link with its evidence."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Day, Key, Long, Name, Table, Word


class Trace(Table, kw_only=True):
    """One accident traced back; ``state`` is open, proposed or decided.

    Only ``public_words`` of a decided one are public, from ``published_on`` until the day before
    ``until_on``; two persons decide that. ``words`` and the links never are.
    """

    __tablename__ = "trace"
    __table_args__ = (
        CheckConstraint(
            "state <> 'decided' OR (decision_no IS NOT NULL AND public_words IS NOT NULL"
            " AND published_on IS NOT NULL AND until_on > published_on"
            " AND second_id IS NOT NULL AND second_id <> proposed_by_id)",
            name="decided_by_two",
        ),
    )

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    happened_on: Mapped[Day]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), default=None)
    words: Mapped[Long]
    state: Mapped[Word] = mapped_column(default="open")
    opened_on: Mapped[Day]
    decision_no: Mapped[str | None] = mapped_column(String(100), default=None)
    public_words: Mapped[str | None] = mapped_column(Text, default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)
    published_on: Mapped[date | None] = mapped_column(default=None)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)


class TraceLink(Table, kw_only=True):
    """One link of the chain: what was found at ``step``, and what shows it.

    ``outcome`` is sound, breach or missing. A link that is changed keeps its former self in the
    audit trail.
    """

    __tablename__ = "trace_link"
    __table_args__ = (UniqueConstraint("trace_id", "step"),)

    id: Mapped[Key] = mapped_column(init=False)
    trace_id: Mapped[int] = mapped_column(ForeignKey("trace.id"), index=True)
    step: Mapped[Word]
    outcome: Mapped[Word]
    words: Mapped[Long]
    evidence: Mapped[Long]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), default=None)
    on: Mapped[Day] = mapped_column("on_day")
    by: Mapped[Name] = mapped_column("by_name")
