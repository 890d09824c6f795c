"""Satisfaction: slips and the answers given on them, and counts per institution and period."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import (
    At,
    Code,
    Day,
    Digest,
    Instant,
    InstitutionKey,
    JsonValue,
    Key,
    Name,
    PeriodText,
    Table,
    Word,
)

_BIG = BigInteger().with_variant(Integer(), "sqlite")


class SlipGroup(Table, kw_only=True):
    """The slips of one sitting, institution and trade; ``candidates`` as they stood at printing.

    ``closes_on`` is the last day on which a slip can be used.
    """

    __tablename__ = "slip_group"
    __table_args__ = (
        UniqueConstraint("institution_id", "trade", "sitting_on", "site"),
        CheckConstraint("candidates >= 1", name="somebody_sits"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code]
    sitting_on: Mapped[Day] = mapped_column(index=True)
    site: Mapped[str] = mapped_column(String(200))
    period: Mapped[PeriodText]
    candidates: Mapped[int]
    closes_on: Mapped[Day]
    printed_by: Mapped[Name]
    printed_at: Mapped[At]


class SurveySlip(Table, kw_only=True):
    """A bearer slip: a number on paper, a keyed hash of its code, and what became of it.

    No person, no answer and no time stands here, so that a used slip leads nowhere.
    """

    __tablename__ = "survey_slip"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    group_id: Mapped[int] = mapped_column(ForeignKey(SlipGroup.id), index=True)
    number: Mapped[int]
    code_hash: Mapped[Digest] = mapped_column(unique=True)
    state: Mapped[Word]
    void_reason: Mapped[str | None] = mapped_column(String(32), default=None)


class SurveyAnswer(Table, kw_only=True):
    """One person's answers; the group is all that is known of who gave them.

    ``id`` is drawn by chance, so that the order of coming is lost; ``answered_at`` is cut to the
    minute; ``device_hash`` is keyed with the group, so that it matches within the group only.
    ``marks`` say why a person must look; ``decision`` (kept, withdrawn) is what that person said.
    """

    __tablename__ = "survey_answer"

    id: Mapped[int] = mapped_column(_BIG, primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(ForeignKey(SlipGroup.id), index=True)
    answered_at: Mapped[At]
    answered_on: Mapped[date]
    device_hash: Mapped[str] = mapped_column(String(64))
    receipt_hash: Mapped[Digest] = mapped_column(unique=True)
    effect: Mapped[Word]
    teaching: Mapped[Word]
    equipment: Mapped[Word]
    service: Mapped[Word]
    hours: Mapped[Word]
    promised: Mapped[Word]
    charged: Mapped[Word]
    unpaid: Mapped[Word]
    marks: Mapped[list[str]] = mapped_column(JsonValue, default_factory=list)
    decision: Mapped[str | None] = mapped_column(String(32), default=None)
    reason: Mapped[str | None] = mapped_column(String(300), default=None)
    decided_by: Mapped[str | None] = mapped_column(String(200), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class WrongCode(Table, kw_only=True):
    """A wrong code that came from a network; ``subject`` is the keyed hash of that network."""

    __tablename__ = "wrong_code"
    __table_args__ = (Index("ix_wrong_code_subject_at", "subject", "at"),)

    id: Mapped[Key] = mapped_column(init=False)
    subject: Mapped[Digest]
    at: Mapped[At]


class SurveyTally(Table, kw_only=True):
    """Answers to the effect question; ``trade`` "" means all trades together.

    ``source`` is "portal" for answers on slips of this portal, which no receipt brought, else what
    the file says. A source with shares only gives ``satisfied_share`` (0 to 1, rounded) and no five
    counts. ``invited`` None: the source does not say.
    """

    __tablename__ = "survey_tally"
    __table_args__ = (
        UniqueConstraint("institution_id", "trade", "period", "source"),
        CheckConstraint("answered >= 0", name="answered_not_negative"),
        CheckConstraint("invited IS NULL OR answered <= invited", name="answered_of_invited"),
        CheckConstraint("satisfied_share BETWEEN 0 AND 1", name="share_range"),
        CheckConstraint("receipt_id IS NOT NULL OR source = 'portal'", name="of_a_receipt"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code]
    period: Mapped[PeriodText]
    invited: Mapped[int | None]
    answered: Mapped[int]
    very_satisfied: Mapped[int | None]
    satisfied: Mapped[int | None]
    neutral: Mapped[int | None]
    dissatisfied: Mapped[int | None]
    very_dissatisfied: Mapped[int | None]
    satisfied_share: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(100))
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), index=True)
