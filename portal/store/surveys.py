"""Satisfaction, as counted answers per institution, trade and period."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Code, InstitutionKey, Key, PeriodText, Table


class SurveyTally(Table, kw_only=True):
    """Answers to the effect question; ``trade`` "" means all trades together.

    A source with shares only gives ``satisfied_share`` (0 to 1, rounded) and no five counts.
    ``invited`` None: the source does not say.
    """

    __tablename__ = "survey_tally"
    __table_args__ = (
        UniqueConstraint("institution_id", "trade", "period", "source"),
        CheckConstraint("answered >= 0", name="answered_not_negative"),
        CheckConstraint("invited IS NULL OR answered <= invited", name="answered_of_invited"),
        CheckConstraint("satisfied_share BETWEEN 0 AND 1", name="share_range"),
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
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)
