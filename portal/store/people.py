"""Persons with an account, and the slips on which they set a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import At, Code, Digest, Instant, Key, Name, PersonKey, Table, Word


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
        ForeignKey("institution.id"), index=True, default=None
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
    """A wrong password: counted per user name and per address, so that guessing ends."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (UniqueConstraint("subject", "at"),)

    id: Mapped[Key] = mapped_column(init=False)
    subject: Mapped[Code] = mapped_column(index=True)
    at: Mapped[At]
