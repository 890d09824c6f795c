"""Cases against institutions and units, their acts, and what of them is public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import (
    At,
    Code,
    Day,
    Facts,
    Instant,
    InstitutionKey,
    JsonValue,
    Key,
    Long,
    Name,
    Table,
    Word,
)


class CaseFile(Table, kw_only=True):
    """A case: ground and facts first, then served notice, reply, decision, publication, end.

    Exactly one of ``institution_id`` and ``unit_id`` is set. ``revision`` rises with each act,
    so that of two persons deciding at once one wins. ``trade`` None: the whole subject.
    ``evidence`` is kind → what it is and where it lies. ``…_until_on`` and ``…_by_on`` are last
    days, but three are first days off the list: ``publish_until_on``, ``ended_on`` for an entry
    ended early, ``withdraw_until_on`` for one whose decision was quashed. ``rectification`` is
    none, asked, failed or done; ``dispute`` none, open or settled. ``amount`` is in whole units
    of currency. ``statement`` and ``statement_answer`` hold all its points in one text, and
    ``statement_adopted`` tells whether all were adopted: point by point see
    :class:`StatementPoint`. What a published entry must have, the database itself requires.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("(institution_id IS NULL) <> (unit_id IS NULL)", name="one_subject"),
        CheckConstraint("publish_until_on > publish_from_on", name="until_after_from"),
        CheckConstraint(
            "state <> 'published' OR (served_on IS NOT NULL AND decided_on IS NOT NULL"
            " AND decision_no IS NOT NULL AND publish_from_on IS NOT NULL"
            " AND publish_until_on IS NOT NULL AND proposed_by_id IS NOT NULL"
            " AND second_id IS NOT NULL AND second_id <> proposed_by_id"
            " AND (statement_answer IS NOT NULL"
            " OR (statement IS NULL AND decided_on > reply_until_on)))",
            name="published_after_due_process",
        ),
    )

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    listing_no: Mapped[str | None] = mapped_column(String(40), unique=True, default=None)
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institution.id"), index=True, default=None
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True, default=None)
    trade: Mapped[str | None] = mapped_column(String(64), default=None)
    source: Mapped[Word] = mapped_column(default="hand")
    source_ref: Mapped[str | None] = mapped_column(String(120), default=None)
    ground: Mapped[Code]
    severity: Mapped[Word]
    facts: Mapped[Long]
    evidence: Mapped[dict[str, str]] = mapped_column(JsonValue, default_factory=dict)
    state: Mapped[Word]
    revision: Mapped[int] = mapped_column(default=0)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[At]
    opened_on: Mapped[Day]
    served_on: Mapped[date | None] = mapped_column(default=None)
    served_how: Mapped[str | None] = mapped_column(String(32), default=None)
    reply_until_on: Mapped[date | None] = mapped_column(default=None)
    statement: Mapped[str | None] = mapped_column(Text, default=None)
    statement_by: Mapped[str | None] = mapped_column(String(200), default=None)
    hearing_until_on: Mapped[date | None] = mapped_column(default=None)
    hearing_asked_on: Mapped[date | None] = mapped_column(default=None)
    hearing_on: Mapped[date | None] = mapped_column(default=None)
    hearing_held_on: Mapped[date | None] = mapped_column(default=None)
    statement_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    statement_answer: Mapped[str | None] = mapped_column(Text, default=None)
    statement_adopted: Mapped[bool | None] = mapped_column(default=None)
    statement_answered_on: Mapped[date | None] = mapped_column(default=None)
    decision_no: Mapped[str | None] = mapped_column(String(100), default=None)
    decided_on: Mapped[date | None] = mapped_column(default=None)
    decision_text: Mapped[str | None] = mapped_column(Text, default=None)
    is_ordered: Mapped[bool] = mapped_column(default=False)
    correct_until_on: Mapped[date | None] = mapped_column(default=None)
    penalty: Mapped[Word] = mapped_column(default="none")
    amount: Mapped[int | None] = mapped_column(BigInteger, default=None)
    publish_by_on: Mapped[date | None] = mapped_column(default=None)
    affected: Mapped[str | None] = mapped_column(Text, default=None)
    trainee_advice: Mapped[str | None] = mapped_column(Text, default=None)
    publish_from_on: Mapped[date | None] = mapped_column(default=None)
    publish_until_on: Mapped[date | None] = mapped_column(default=None)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    rectification: Mapped[Word] = mapped_column(default="none")
    recheck_until_on: Mapped[date | None] = mapped_column(default=None)
    dispute: Mapped[Word] = mapped_column(default="none")
    dispute_words: Mapped[str | None] = mapped_column(Text, default=None)
    dispute_mark_until_on: Mapped[date | None] = mapped_column(default=None)
    dispute_marked_on: Mapped[date | None] = mapped_column(default=None)
    dispute_decide_until_on: Mapped[date | None] = mapped_column(default=None)
    dispute_answer: Mapped[str | None] = mapped_column(Text, default=None)
    repair_until_on: Mapped[date | None] = mapped_column(default=None)
    amend_facts: Mapped[str | None] = mapped_column(Text, default=None)
    amend_words: Mapped[str | None] = mapped_column(Text, default=None)
    amend_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    end_proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    end_document_no: Mapped[str | None] = mapped_column(String(100), default=None)
    end_words: Mapped[str | None] = mapped_column(Text, default=None)
    end_reason: Mapped[str | None] = mapped_column(String(32), default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    withdraw_until_on: Mapped[date | None] = mapped_column(default=None)


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


class EntryVersion(Table, kw_only=True):
    """What an entry said from ``on`` on; ``words`` says why it was amended, None for the first."""

    __tablename__ = "entry_version"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    number: Mapped[int]
    on: Mapped[Day] = mapped_column("on_day")
    facts: Mapped[Long]
    words: Mapped[str | None] = mapped_column(Text, default=None)


class StatementPoint(Table, kw_only=True):
    """One point of a party's statement, and whether it was adopted, with the reasons.

    ``adopted`` and ``reasons`` None: not answered yet. The case keeps the whole in one text.
    """

    __tablename__ = "statement_point"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(adopted IS NULL) = (reasons IS NULL)", name="answered_with_reasons"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    number: Mapped[int]
    words: Mapped[Long]
    adopted: Mapped[bool | None] = mapped_column(default=None)
    reasons: Mapped[str | None] = mapped_column(Text, default=None)


class ServiceConsent(Table, kw_only=True):
    """An institution's agreement that opening a notice at its desk is service; see ``ended_on``."""

    __tablename__ = "service_consent"

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    agreed_on: Mapped[Day]
    agreed_by: Mapped[Name]
    ended_on: Mapped[date | None] = mapped_column(default=None)


def points_of(session: Session, case_ids: Iterable[int]) -> dict[int, list[StatementPoint]]:
    """Return case → the points of its statement in their order; a case without one is missing."""
    wanted = select(StatementPoint).where(StatementPoint.case_id.in_(case_ids))
    found: dict[int, list[StatementPoint]] = {}
    for point in session.scalars(wanted.order_by(StatementPoint.number)):
        found.setdefault(point.case_id, []).append(point)
    return found


def consent_on(session: Session, institution_id: int | None, day: date) -> ServiceConsent | None:
    """Return the institution's agreement to service at its desk that holds on ``day``."""
    holds = select(ServiceConsent).where(
        ServiceConsent.institution_id == institution_id,
        ServiceConsent.agreed_on <= day,
        or_(ServiceConsent.ended_on.is_(None), ServiceConsent.ended_on > day),
    )
    return session.scalars(holds.order_by(ServiceConsent.id.desc())).first()
