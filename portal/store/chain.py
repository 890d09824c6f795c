"""The chain: every sealed edition, list event and change of key, each fixed by the one before.

An entry holds a hash and nothing else. What a list event said stands beside it with its salt, until
the law wants it gone: then both are removed, and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Day, Digest, Key, Table, Word

START = "0" * 64
"""The head before the first entry."""
_LOCK = "SELECT pg_advisory_xact_lock(310109)"
_SALT_BYTES = 16


class ChainEntry(Table, kw_only=True):
    """One entry; ``number`` runs from 1 without a gap.

    ``kind`` is edition, event or key; ``digest`` is an edition's manifest hash, an event's salted
    hash or the hash of a key's statement; ``head`` covers this entry and the head before it.
    """

    __tablename__ = "chain_entry"
    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[Word]
    edition: Mapped[int | None] = mapped_column(default=None)
    digest: Mapped[Digest]
    head: Mapped[Digest]
    at: Mapped[At]


class ListEvent(Table, kw_only=True):
    """What happened to an entry of the problem list, and its place in the chain.

    ``kind`` is listed or delisted. ``statement`` is the canonical text that was hashed with
    ``salt``; both are None once the entry has ended, so that nobody can try out what it said.
    """

    __tablename__ = "list_event"

    id: Mapped[Key] = mapped_column(init=False)
    chain_number: Mapped[int] = mapped_column(ForeignKey("chain_entry.number"), unique=True)
    kind: Mapped[Word]
    listing_no: Mapped[str] = mapped_column(String(40), index=True)
    on: Mapped[Day] = mapped_column("on_day")
    statement: Mapped[str | None] = mapped_column(Text, default=None)
    salt: Mapped[str | None] = mapped_column(String(32), default=None)


def append(
    session: Session, kind: str, digest: str, at: datetime, edition: int | None = None
) -> ChainEntry:
    """Write the next entry, in the transaction of the act that it tells of."""
    one_writer(session)
    session.flush()
    last = session.scalar(select(ChainEntry).order_by(ChainEntry.number.desc()).limit(1))
    number = last.number + 1 if last else 1
    entry = ChainEntry(
        number=number,
        kind=kind,
        edition=edition,
        digest=digest,
        head=head_after(last.head if last else START, number, kind, digest),
        at=at,
    )
    session.add(entry)
    session.flush()
    return entry


def append_event(
    session: Session, kind: str, listing_no: str, on: date, at: datetime, **told: object
) -> ListEvent:
    """Write a list event: its salted hash into the chain, what it says beside it.

    ``told`` may hold what is public while the entry is: see :func:`forget`.
    """
    statement = statement_of({"event": kind, "no": listing_no, "on": on.isoformat(), **told})
    salt = secrets.token_hex(_SALT_BYTES)
    entry = append(session, "event", salted(salt, statement), at)
    event = ListEvent(
        chain_number=entry.number,
        kind=kind,
        listing_no=listing_no,
        on=on,
        statement=statement,
        salt=salt,
    )
    session.add(event)
    session.flush()
    return event


def forget(session: Session, listing_no: str) -> None:
    """Remove what the listing of an entry said, and the salt: only the hash is left of it."""
    said = select(ListEvent).where(ListEvent.listing_no == listing_no, ListEvent.kind == "listed")
    for event in session.scalars(said):
        event.statement = event.salt = None


def head_after(head: str, number: int, kind: str, digest: str) -> str:
    """Return the head after an entry, given the head before it."""
    return hashlib.sha256(f"{head} {number} {kind} {digest}".encode()).hexdigest()


def salted(salt: str, statement: str) -> str:
    """Return the hash under which a statement stands in the chain."""
    return hashlib.sha256(f"{salt} {statement}".encode()).hexdigest()


def statement_of(told: Mapping[str, object]) -> str:
    """Return the one way in which a statement is written."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def one_writer(session: Session) -> None:
    """Wait until nobody else writes into the chain; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(_LOCK))
