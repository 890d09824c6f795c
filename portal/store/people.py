"""Persons with an account, and the slips on which they set a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Digest, Instant, Key, Name, PersonKey, Table, Word
from portal.store.institutions import Institution


class Person(Table, kw_only=True):
    """Somebody who can sign in; ``password_hash`` is None until the slip was used.

    ``session_epoch`` rises when old sessions must end; ``username`` is kept in lower case.
    """

    __tablename__ = "person"

    id: Mapped[Key] = mapped_column(init=False)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    role: Mapped[Word]
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey(Institution.id), index=True, default=None
    )
    area_code: Mapped[str | None] = mapped_column(String(32), default=None)
    is_holder: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(200), default=None)
    totp_secret: Mapped[str | None] = mapped_column(String(64), default=None)
    session_epoch: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class SignupSlip(Table, kw_only=True):
    """A one-time slip: only the hash of its code is kept; ``void_at`` ends it early."""

    __tablename__ = "signup_slip"

    id: Mapped[Key] = mapped_column(init=False)
    person_id: Mapped[PersonKey]
    code_hash: Mapped[Digest] = mapped_column(unique=True)
    reason: Mapped[Word]
    issued_by: Mapped[Name]
    issued_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    void_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class SignInFailure(Table, kw_only=True):
    """A try at a password or a slip that has not succeeded; ``subject`` is a hash.

    Tries are counted per user name and per address, so that guessing ends.
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_subject_at", "subject", "at"),)

    id: Mapped[Key] = mapped_column(init=False)
    subject: Mapped[Digest]
    at: Mapped[At]


def one_at_a_time(session: Session, subject: str) -> None:
    """Let tries of one subject be counted one after the other, until the transaction ends.

    Two at once would both find room for one more. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"key": int(subject[:15], 16)})


_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
