"""The audit trail: append-only, one event for each change of state, chained by hash."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy import ForeignKey, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.domain.people import Actor
from portal.store.base import At, Digest, Facts, Key, Name, Table, Word
from portal.store.people import Person

_START = "0" * 64
_LOCK = "SELECT pg_advisory_xact_lock(310107)"


class AuditEvent(Table, kw_only=True):
    """Who did what to which thing, when; ``digest`` covers the event and the one before it."""

    __tablename__ = "audit_event"

    id: Mapped[Key] = mapped_column(init=False)
    at: Mapped[At]
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    by: Mapped[Name] = mapped_column("by_name")
    act: Mapped[Word] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    facts: Mapped[Facts]
    previous: Mapped[Digest]
    digest: Mapped[Digest] = mapped_column(unique=True)


def record(
    session: Session, actor: Actor, act: str, subject: str, at: datetime, **facts: object
) -> AuditEvent:
    """Write one event into the trail, in the transaction of the change that it tells of.

    ``subject`` names the thing, as ``institution:P001`` or ``edition:4``; ``facts`` must be JSON.
    """
    _one_writer(session)
    session.flush()
    previous = session.scalar(select(AuditEvent.digest).order_by(AuditEvent.id.desc()).limit(1))
    event = AuditEvent(
        at=at,
        person_id=actor.person_id,
        by=actor.name,
        act=act,
        subject=subject,
        facts=facts,
        previous=previous or _START,
        digest="",
    )
    event.digest = digest_of(event)
    session.add(event)
    session.flush()
    return event


def digest_of(event: AuditEvent) -> str:
    """Return the hash that the event must bear."""
    told = [event.previous, event.at.isoformat(), event.person_id, event.by, event.act]
    line = json.dumps(
        [*told, event.subject, event.facts], ensure_ascii=False, sort_keys=True, allow_nan=False
    )
    return hashlib.sha256(line.encode()).hexdigest()


def first_break(session: Session) -> int | None:
    """Return the id of the first event that does not follow from the one before; None if whole."""
    previous = _START
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        if event.previous != previous or event.digest != digest_of(event):
            return event.id
        previous = event.digest
    return None


def _one_writer(session: Session) -> None:
    # Two events at once would both follow the same one; SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(_LOCK))
