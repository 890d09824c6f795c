"""One-time slips: issued to a person, shown once, and turned into a password by that person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.casework.access.passwords import hashed
from portal.domain import slips
from portal.domain.accounts import password_fault
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Role
from portal.rules.rulebook import Rulebook
from portal.store.audit import record
from portal.store.people import Person, SignupSlip


class SlipReason(StrEnum):
    """Why a slip was issued."""

    JOINED = "joined"
    LOST_PASSWORD = "lost_password"  # noqa: S105  # a reason, not a password


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A slip to print, now and never again: only the hash of its code is kept."""

    code: str
    username: str
    name: str
    expires_at: datetime


def write_slip(
    session: Session,
    actor: Actor,
    person: Person,
    reason: SlipReason,
    *,
    at: datetime,
    rules: Rulebook,
) -> Slip:
    """Give a person a slip and end the slips given before; the caller records the act."""
    void_slips(session, person, at)
    session.flush()
    code = "".join(secrets.choice(slips.ALPHABET) for _ in range(slips.LENGTH))
    expires_at = at + timedelta(days=rules.accounts.slip_days)
    session.add(
        SignupSlip(
            person_id=person.id,
            code_hash=slips.hash_of(code),
            reason=reason.value,
            issued_by=actor.name,
            issued_at=at,
            expires_at=expires_at,
        )
    )
    return Slip(
        code=slips.written(code), username=person.username, name=person.name, expires_at=expires_at
    )


def void_slips(session: Session, person: Person, at: datetime) -> None:
    """End every slip of a person that is still open."""
    session.execute(
        update(SignupSlip)
        .where(
            SignupSlip.person_id == person.id,
            SignupSlip.used_at.is_(None),
            SignupSlip.void_at.is_(None),
        )
        .values(void_at=at)
    )


def person_of_slip(session: Session, typed: str, at: datetime) -> Person:
    """Return the person whose open slip bears the code that was typed.

    Raises:
        NotFound: no slip bears this code.
        Conflict: the slip was used, ended early, or its days are over.

    """
    return session.get_one(Person, _open_slip(session, typed, at).person_id)


def _open_slip(session: Session, typed: str, at: datetime, *, lock: bool = False) -> SignupSlip:
    """Return the open slip that bears the code; with ``lock`` nobody else can use it meanwhile.

    Raises:
        NotFound: no slip bears this code.
        Conflict: the slip was used, ended early, or its days are over.

    """
    code = slips.read(typed)
    wanted = select(SignupSlip).where(SignupSlip.code_hash == slips.hash_of(code))
    slip = session.scalar(wanted.with_for_update(key_share=True) if lock else wanted)
    if slip is None:
        raise NotFound("people.slip_unknown" if slips.is_whole(code) else "people.slip_letters")
    _require_open(slip, at)
    return slip


def _require_open(slip: SignupSlip, at: datetime) -> None:
    if slip.used_at is not None:
        raise Conflict("people.slip_used")
    if slip.void_at is not None:
        raise Conflict("people.slip_void")
    if at >= slip.expires_at:
        raise Conflict("people.slip_expired")


def use_slip(
    session: Session, typed: str, password: str, *, at: datetime, rules: Rulebook
) -> Person:
    """Set the password of the person whose slip it is; the slip is used up, old sessions end.

    Raises:
        NotFound: no slip bears this code.
        Conflict: the slip was used, ended early, or its days are over.
        RuleBroken: the password is not taken.

    """
    slip = _open_slip(session, typed, at, lock=True)
    person = session.get_one(Person, slip.person_id)
    require_password(password, person.username, rules)
    slip.used_at = at
    session.flush()
    void_slips(session, person, at)
    set_password(person, password)
    record(session, himself(person), "person.password_set", subject_of(person), at, by_slip=True)
    return person


def require_password(password: str, username: str, rules: Rulebook) -> None:
    """Let the password pass.

    Raises:
        RuleBroken: it is not taken; the fault says why.

    """
    least = rules.accounts.password_min_length
    fault = password_fault(password, username, least)
    if fault:
        raise RuleBroken("people.password_refused", {"password": fault}, least=least)


def set_password(person: Person, password: str) -> None:
    """Give the person this password and end the sessions that the old one opened."""
    person.password_hash = hashed(password)
    person.session_epoch += 1


def himself(person: Person) -> Actor:
    """Return the person as the one who acts, for acts before a session is open."""
    return Actor(person_id=person.id, name=person.name, role=Role(person.role))


def subject_of(person: Person) -> str:
    """Return how the audit trail names a person."""
    return f"person:{person.id}"
