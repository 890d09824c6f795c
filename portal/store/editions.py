"""Editions: drafts, approvals, sealed bundles, and the sealed figures laid out for reading."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import (
    At,
    Code,
    Digest,
    Facts,
    Instant,
    JsonValue,
    Key,
    Name,
    PeriodText,
    PersonKey,
    Table,
    Word,
)


class Edition(Table, kw_only=True):
    """A numbered edition; its bundle is what the public gets and never changes once sealed.

    ``kind`` is figures or withdrawal: an edition without figures, which takes back the edition
    ``withdraws``. ``state`` is draft or sealed; ``draft_members`` is the packed draft, whose hash
    ``draft_sha256`` is what approvals name. ``manifest_sha256`` is the hash that is signed and
    chained, ``bundle_sha256`` that of the zip file; ``signing_key`` is the public key in
    hexadecimal. ``by_operator`` marks one sealed without two persons' approval; ``replaces`` is the
    number of the edition of the same period that this one corrects; ``why_zh`` and ``why_en`` say
    why there is a correction or a withdrawal.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint(
            "state = 'draft' OR (bundle IS NOT NULL AND sealed_at IS NOT NULL)", name="sealed_whole"
        ),
    )

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[int] = mapped_column(unique=True)
    period: Mapped[PeriodText] = mapped_column(index=True)
    state: Mapped[Word]
    composed_by: Mapped[Name]
    composed_at: Mapped[At]
    draft_sha256: Mapped[Digest]
    draft_members: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sealed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    by_operator: Mapped[bool] = mapped_column(default=False)
    sealed_by: Mapped[list[str]] = mapped_column(JsonValue, default_factory=list)
    manifest_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    bundle_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    previous_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    signature: Mapped[str | None] = mapped_column(String(128), default=None)
    signing_key: Mapped[str | None] = mapped_column(String(64), default=None)
    kind: Mapped[Word] = mapped_column(default="figures")
    replaces: Mapped[int | None] = mapped_column(default=None)
    withdraws: Mapped[int | None] = mapped_column(default=None)
    why_zh: Mapped[str | None] = mapped_column(String(1000), default=None)
    why_en: Mapped[str | None] = mapped_column(String(2000), default=None)
    bundle: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, default=None)


class EditionApproval(Table, kw_only=True):
    """One person's approval of exactly one draft (known by its hash)."""

    __tablename__ = "edition_approval"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    person_id: Mapped[PersonKey]
    draft_sha256: Mapped[Digest]
    at: Mapped[At]


class EditionTrade(Table, kw_only=True):
    """One ranking of a sealed edition: a trade, its measure, window, average, spread and gate.

    ``window`` is oldest first; ``counts`` maps band to number of institutions; ``totals`` are the
    counts of all published cells and of the pooled row;
    ``limits`` maps a reason's key to the limit that its sentence names. ``satisfaction_scope`` is
    the trade, or "" where answers are about institutions as a whole.
    """

    __tablename__ = "edition_trade"
    __table_args__ = (UniqueConstraint("edition_id", "trade"),)

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    trade: Mapped[Code]
    measure: Mapped[Word]
    window: Mapped[list[str]] = mapped_column(JsonValue)
    average: Mapped[float | None]
    satisfaction_average: Mapped[float | None]
    satisfaction_scope: Mapped[str] = mapped_column(String(64))
    satisfaction_source: Mapped[str] = mapped_column(String(100))
    spread: Mapped[float | None]
    rankability: Mapped[float | None]
    order_publishable: Mapped[bool]
    institutions: Mapped[int]
    counts: Mapped[Facts]
    totals: Mapped[Facts]
    limits: Mapped[Facts]


class EditionStanding(Table, kw_only=True):
    """One institution in one ranking of a sealed edition, as published (rates to 4 decimals).

    ``position`` orders rows as the edition does. ``answers`` are the five counts, best first;
    ``response_low`` and ``response_high`` bound the satisfied share had everybody answered.
    ``withheld`` maps a figure's name to the key of the reason; ``trend`` is a list of {period,
    trials, successes} oldest first, suppressed cells with a reason in place of counts.
    ``disputed``: the institution objects, and the figures were published with a mark.
    """

    __tablename__ = "edition_standing"
    __table_args__ = (
        UniqueConstraint("edition_id", "trade", "institution_code"),
        Index("ix_edition_standing_order", "edition_id", "trade", "position"),
        Index("ix_edition_standing_institution", "institution_code", "edition_id"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    trade: Mapped[Code]
    position: Mapped[int]
    institution_code: Mapped[Code]
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    area_code: Mapped[Code]
    registered: Mapped[int | None]
    sat: Mapped[int | None]
    passed: Mapped[int | None]
    sat_first: Mapped[int | None]
    passed_first: Mapped[int | None]
    rate: Mapped[float | None]
    rate_low: Mapped[float | None]
    rate_high: Mapped[float | None]
    rank_low: Mapped[int | None]
    rank_high: Mapped[int | None]
    p_above_average: Mapped[float | None]
    band: Mapped[Word]
    effective_n: Mapped[float | None]
    satisfaction_rate: Mapped[float | None]
    satisfaction_low: Mapped[float | None]
    satisfaction_high: Mapped[float | None]
    satisfaction_rank_low: Mapped[int | None]
    satisfaction_rank_high: Mapped[int | None]
    answered: Mapped[int | None]
    invited: Mapped[int | None]
    satisfied_answers: Mapped[int | None]
    response_low: Mapped[float | None]
    response_high: Mapped[float | None]
    answers: Mapped[list[int] | None] = mapped_column(JsonValue)
    withheld: Mapped[dict[str, str]] = mapped_column(JsonValue)
    trend: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    disputed: Mapped[bool] = mapped_column(default=False)


class EditionCalendarNote(Table, kw_only=True):
    """Why a day of the edition calendar passed without an edition."""

    __tablename__ = "edition_calendar_note"

    id: Mapped[Key] = mapped_column(init=False)
    due_on: Mapped[date] = mapped_column(unique=True)
    reason_zh: Mapped[str] = mapped_column(String(500))
    reason_en: Mapped[str | None] = mapped_column(String(1000))
    written_by: Mapped[Name]
    written_at: Mapped[At]


class SigningKey(Table, kw_only=True):
    """A public key under which editions are signed, from one day until the next key's.

    ``public_key`` is hexadecimal; ``endorsement`` is the signature of the key before over the
    statement that this one follows it, None of the first.
    """

    __tablename__ = "signing_key"

    id: Mapped[Key] = mapped_column(init=False)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    from_at: Mapped[At]
    before: Mapped[str | None] = mapped_column(String(64), default=None)
    endorsement: Mapped[str | None] = mapped_column(String(128), default=None)
