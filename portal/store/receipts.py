"""Files that came in: staged uploads, and the receipt of what was taken in."""

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
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import (
    At,
    Digest,
    Facts,
    Instant,
    JsonValue,
    Key,
    Name,
    PersonKey,
    Table,
    Word,
)


class Receipt(Table, kw_only=True):
    """What one file brought: read = accepted + merged + refused; ``skipped`` lists other lines.

    ``number`` is shown to people. ``coverage`` says which trades, kinds and periods it feeds.
    ``corrects_id`` names the receipt whose file this one issues anew: ``withdrawn`` of its rows
    stand in the new file no more. ``reason`` says why it was corrected. ``sender`` is set where a
    regulator took the file in for an authority without an account, and ``confirmed_by`` a second.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint("rows_read = accepted + merged + refused", name="rows_reconcile"),
        # The same file counts once, whoever sends it and however often at the same moment.
        Index(
            "uq_receipt_file",
            "kind",
            "sha256",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[Word]
    sha256: Mapped[Digest] = mapped_column(index=True)
    file_name: Mapped[Name]
    rows_read: Mapped[int]
    accepted: Mapped[int]
    merged: Mapped[int]
    refused: Mapped[int]
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    coverage: Mapped[Facts]
    taken_in_by: Mapped[Name]
    taken_in_at: Mapped[At]
    withdrawn: Mapped[int] = mapped_column(default=0)
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("receipt.id"), index=True, default=None
    )
    reason: Mapped[str | None] = mapped_column(String(300), default=None)
    sender: Mapped[str | None] = mapped_column(String(200), default=None)
    document_no: Mapped[str | None] = mapped_column(String(100), default=None)
    received_on: Mapped[date | None] = mapped_column(default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(200), default=None)
    scan_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    undone_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    undone_by: Mapped[str | None] = mapped_column(String(200), default=None)
    undone_reason: Mapped[str | None] = mapped_column(String(300), default=None)


class ReplacedRow(Table, kw_only=True):
    """A row as it stood until the file of another receipt took its place, or took it away.

    ``content`` is the row itself, persons as keyed hashes; ``receipt_id`` brought it.
    """

    __tablename__ = "replaced_row"

    id: Mapped[Key] = mapped_column(init=False)
    kind: Mapped[Word]
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)
    replaced_by_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)
    content: Mapped[Facts]


class SaidAgain(Table, kw_only=True):
    """A row that the file of ``receipt_id`` says too, though another receipt brought it.

    ``natural_key`` knows the row again, ``said`` is a hash of all that it says. ``content`` is set
    where the file says less than what stands: its own words, persons as keyed hashes.
    """

    __tablename__ = "said_again"
    __table_args__ = (
        Index("ix_said_again_natural_key", "natural_key", "kind"),
        UniqueConstraint("receipt_id", "natural_key"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    kind: Mapped[Word]
    natural_key: Mapped[Digest]
    said: Mapped[Digest]
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    content: Mapped[dict[str, Any] | None] = mapped_column(JsonValue, default=None)


class UndoRequest(Table, kw_only=True):
    """A regulator asks that a file entered on behalf be taken back; another one must agree."""

    __tablename__ = "undo_request"

    id: Mapped[Key] = mapped_column(init=False)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    asked_by_id: Mapped[PersonKey]
    asked_at: Mapped[At]


class Upload(Table, kw_only=True):
    """A file on its way in: checked and shown before anything is taken in.

    The bytes are kept, encrypted with a key derived from the person key, only until the upload is
    taken in or given up; then ``sealed_content`` is None. ``report`` holds counts and masked
    refusals.
    """

    __tablename__ = "upload"

    id: Mapped[Key] = mapped_column(init=False)
    kind: Mapped[Word]
    sha256: Mapped[Digest]
    file_name: Mapped[Name]
    sealed_content: Mapped[bytes | None] = mapped_column(LargeBinary)
    report: Mapped[Facts]
    state: Mapped[Word]
    corrects: Mapped[str | None] = mapped_column(String(32), default=None)
    sender: Mapped[str | None] = mapped_column(String(200), default=None)
    document_no: Mapped[str | None] = mapped_column(String(100), default=None)
    received_on: Mapped[date | None] = mapped_column(default=None)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[At]
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), default=None)


class ScannedCover(Table, kw_only=True):
    """The stamped letter that came with a file, as a scan, encrypted like the file itself."""

    __tablename__ = "scanned_cover"

    id: Mapped[Key] = mapped_column(init=False)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), unique=True)
    kind: Mapped[Word]
    sha256: Mapped[Digest]
    sealed_content: Mapped[bytes] = mapped_column(LargeBinary)


_LOCK = "SELECT pg_advisory_xact_lock(310108)"


def one_at_a_time(session: Session) -> None:
    """Wait until no other file is being taken in; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(_LOCK))


def receipt_of_file(session: Session, kind: str, sha256: str) -> Receipt | None:
    """Return the receipt under which this very file stands; None when it was never taken in."""
    same = (Receipt.kind == kind, Receipt.sha256 == sha256, Receipt.undone_at.is_(None))
    return session.scalar(select(Receipt).where(*same))


def next_number(session: Session, day: date) -> str:
    """Return the number of the next receipt of ``day``: 20260305-001."""
    beginning = f"{day:%Y%m%d}-"
    last = session.scalar(
        select(func.count()).select_from(Receipt).where(Receipt.number.startswith(beginning))
    )
    return f"{beginning}{(last or 0) + 1:03d}"
