"""What stands beside the rankings of a sealed edition, laid out for reading."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Code, Digest, JsonValue, Key, Name, PeriodText, Table, Word


class EditionPair(Table, kw_only=True):
    """How probable it is that ``one_code`` has a higher rate in the trade than ``other_code``."""

    __tablename__ = "edition_pair"
    __table_args__ = (UniqueConstraint("edition_id", "trade", "one_code", "other_code"),)

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    trade: Mapped[Code]
    one_code: Mapped[Code]
    other_code: Mapped[Code]
    p_better: Mapped[float]


class EditionOtherKind(Table, kw_only=True):
    """Another kind of exam than first certificates over the window, as counted."""

    __tablename__ = "edition_other_kind"
    __table_args__ = (UniqueConstraint("edition_id", "institution_code", "trade", "exam_kind"),)

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    institution_code: Mapped[Code]
    trade: Mapped[Code]
    exam_kind: Mapped[Word]
    registered: Mapped[int | None]
    sat: Mapped[int]
    passed: Mapped[int]


class EditionProvenance(Table, kw_only=True):
    """A figure of a sealed edition whose file was taken in for an authority without an account.

    ``institution_code`` empty: the cells too small to publish, pooled.
    """

    __tablename__ = "edition_provenance"
    __table_args__ = (
        UniqueConstraint(
            "edition_id",
            "trade",
            "institution_code",
            "exam_kind",
            "period",
            "receipt",
            name="uq_edition_provenance_cell",
        ),
        Index("ix_edition_provenance_institution", "institution_code", "edition_id"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    trade: Mapped[Code]
    institution_code: Mapped[Code]
    exam_kind: Mapped[Word]
    period: Mapped[PeriodText]
    receipt: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(200))
    document_no: Mapped[str] = mapped_column(String(100))
    received_on: Mapped[date]
    entered_by: Mapped[Name]
    confirmed_by: Mapped[Name]
    scan_sha256: Mapped[Digest]


class EditionAllRound(Table, kw_only=True):
    """The all-round order of a sealed edition as a whole.

    ``weights`` maps component to share, ``counts`` band to number of institutions; ``trades`` are
    those whose pass rates count. ``reason`` says why there are no places; None = there are.
    """

    __tablename__ = "edition_all_round"

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), unique=True)
    measure: Mapped[Word]
    trades: Mapped[list[str]] = mapped_column(JsonValue)
    satisfaction_source: Mapped[str] = mapped_column(String(100))
    institutions: Mapped[int]
    compared: Mapped[int]
    group_size: Mapped[int]
    top_kept: Mapped[float | None]
    bottom_kept: Mapped[float | None]
    weights: Mapped[dict[str, float]] = mapped_column(JsonValue)
    counts: Mapped[dict[str, int]] = mapped_column(JsonValue)
    reason: Mapped[str | None] = mapped_column(String(64))


class EditionAllRoundStanding(Table, kw_only=True):
    """One institution in the all-round order of a sealed edition, as published.

    ``parts`` maps component to its standardised value, ``withheld`` figure to reason.
    """

    __tablename__ = "edition_all_round_standing"
    __table_args__ = (
        UniqueConstraint("edition_id", "institution_code"),
        Index("ix_edition_all_round_order", "edition_id", "position"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    position: Mapped[int]
    institution_code: Mapped[Code]
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    area_code: Mapped[Code]
    rate: Mapped[float | None]
    rate_low: Mapped[float | None]
    rate_high: Mapped[float | None]
    effective_n: Mapped[float | None]
    satisfaction_rate: Mapped[float | None]
    satisfaction_low: Mapped[float | None]
    satisfaction_high: Mapped[float | None]
    conditions_met: Mapped[int | None]
    conditions_not_met: Mapped[int | None]
    conditions_not_verified: Mapped[int | None]
    penalty_points: Mapped[float]
    parts: Mapped[dict[str, float]] = mapped_column(JsonValue)
    score: Mapped[float | None]
    rank_low: Mapped[int | None]
    rank_high: Mapped[int | None]
    wide_low: Mapped[int | None]
    wide_high: Mapped[int | None]
    p_above_average: Mapped[float | None]
    band: Mapped[Word]
    withheld: Mapped[dict[str, str]] = mapped_column(JsonValue)
