"""Signing in and out.

A try is counted before it is judged, so that no number of tries at once gets past the limit; the
password is judged outside the transaction, so that nobody waits for it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.casework.access.passwords import matches
from portal.casework.access.slips import (
    himself,
    require_password,
    set_password,
    subject_of,
    void_slips,
)
from portal.domain.accounts import username_of
from portal.domain.errors import NotAllowed, RuleBroken, TooOften
from portal.domain.people import Actor
from portal.rules.rulebook import Rulebook
from portal.store.audit import record
from portal.store.people import Person, SignInFailure, one_at_a_time

_IPV6_HOME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """A counted try: what it is judged by, and the marks to take away when it succeeds."""

    password_hash: str | None
    person_id: int | None
    by_name: str
    marks: tuple[int, ...]


def knock(session: Session, username: str, address: str, *, at: datetime, rules: Rulebook) -> Knock:
    """Count one try at a password, for the user name and for the address.

    Raises:
        TooOften: either has used up its tries; this one is not looked at.

    """
    name = username_of(username)
    by_name = _subject("user", name)
    marks = count_try(session, {by_name: _per_user(rules), **_home(address, rules)}, at, rules)
    person = session.scalar(
        select(Person).where(Person.username == name, Person.ended_at.is_(None))
    )
    return Knock(
        password_hash=person.password_hash if person else None,
        person_id=person.id if person else None,
        by_name=by_name,
        marks=marks,
    )


def knock_with_slip(
    session: Session, address: str, *, at: datetime, rules: Rulebook
) -> tuple[int, ...]:
    """Count one try at a slip's code, for the address; return the marks.

    Raises:
        TooOften: the address has used up its tries.

    """
    return count_try(session, _home(address, rules), at, rules)


def count_try(
    session: Session, limits: dict[str, int], at: datetime, rules: Rulebook
) -> tuple[int, ...]:
    """Write a mark for each subject of ``limits`` and return the marks' ids.

    Raises:
        TooOften: one has as many marks in the window as its limit.

    """
    window = timedelta(minutes=rules.accounts.sign_in_window_minutes)
    for subject in sorted(limits):
        one_at_a_time(session, subject)
    # Marks older than the window say nothing any more; those ahead of a clock set back neither.
    session.execute(delete(SignInFailure).where(SignInFailure.at <= at - window))
    for subject, limit in limits.items():
        _require_room(session, subject, limit, at, window)
    marks = [SignInFailure(subject=subject, at=at) for subject in limits]
    session.add_all(marks)
    session.flush()
    return tuple(mark.id for mark in marks)


def _require_room(
    session: Session, subject: str, limit: int, at: datetime, window: timedelta
) -> None:
    newest = select(SignInFailure.at).where(
        SignInFailure.subject == subject, SignInFailure.at <= at
    )
    latest = session.scalars(newest.order_by(SignInFailure.at.desc()).limit(limit)).all()
    if len(latest) >= limit:
        wait = latest[-1] + window - at
        raise TooOften("people.too_often", max(1, math.ceil(wait.total_seconds())))


def forget(session: Session, marks: tuple[int, ...]) -> None:
    """Take away the marks of a try that succeeded."""
    session.execute(delete(SignInFailure).where(SignInFailure.id.in_(marks)))


def welcome(session: Session, tried: Knock, at: datetime) -> Person:
    """Let the person in whose password was right.

    Raises:
        NotAllowed: the person has ended or the password has changed since the try was counted.

    """
    person = session.get(Person, tried.person_id) if tried.person_id else None
    known = person is not None and person.ended_at is None
    if person is None or not known or person.password_hash != tried.password_hash:
        raise NotAllowed("people.wrong_password")
    forget(session, tried.marks)
    session.execute(delete(SignInFailure).where(SignInFailure.subject == tried.by_name))
    person.last_sign_in_at = at
    record(session, himself(person), "person.signed_in", subject_of(person), at)
    return person


def leave(session: Session, actor: Actor, at: datetime) -> None:
    """Sign out: every open session of the person ends, so that a copied cookie is worth nothing."""
    person = session.get(Person, actor.person_id) if actor.person_id else None
    if person is None:
        return
    person.session_epoch += 1
    record(session, actor, "person.signed_out", subject_of(person), at)


def change_password(
    session: Session, actor: Actor, tried: Knock, new: str, *, at: datetime, rules: Rulebook
) -> Person:
    """Give the person who asks a new password; sessions and slips of before end.

    ``tried`` is the counted try whose old password was right.

    Raises:
        NotAllowed: the password has changed meanwhile.
        RuleBroken: the new password is not taken, or is the old one.

    """
    person = session.get_one(Person, actor.person_id)
    if person.id != tried.person_id or person.password_hash != tried.password_hash:
        raise NotAllowed("people.wrong_password")
    require_password(new, person.username, rules)
    if matches(new, person.password_hash):
        raise RuleBroken("people.password_refused", {"password": "people.password_same"})
    forget(session, tried.marks)
    void_slips(session, person, at)
    set_password(person, new)
    record(session, actor, "person.password_set", subject_of(person), at, by_slip=False)
    return person


def _per_user(rules: Rulebook) -> int:
    return rules.accounts.sign_in_attempts


def _home(address: str, rules: Rulebook) -> dict[str, int]:
    return {_subject("address", network_of(address)): rules.accounts.sign_in_attempts_per_address}


def network_of(address: str) -> str:
    """Return the network that one household or office holds: the address, in IPv6 its /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        home = ipaddress.ip_network((found.packed, _IPV6_HOME), strict=False)
        return str(found.ipv4_mapped or home)
    return str(found)


def _subject(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()
