"""Adding people.

Nobody ever knows another's password: who adds a person gets a slip to hand over.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.access.slips import (
    Slip,
    SlipReason,
    require_password,
    set_password,
    subject_of,
    write_slip,
)
from portal.domain.accounts import username_fault, username_of
from portal.domain.errors import NotAllowed, RuleBroken
from portal.domain.people import Actor, Permission, Role
from portal.rules.rulebook import Rulebook
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Who is to be added; ``username`` "" takes it from the name.

    An institution's person needs ``institution_code``, a street's ``area_code``; nobody else has
    either. An institution's first person holds its account, whatever ``is_holder`` says.
    """

    name: str
    role: Role
    username: str = ""
    institution_code: str | None = None
    area_code: str | None = None
    is_holder: bool = False
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The person who was added, and the slip to hand over; None where a password was given."""

    person: Person
    slip: Slip | None


def add_person(
    session: Session,
    actor: Actor,
    new: NewPerson,
    *,
    areas: Collection[str],
    at: datetime,
    rules: Rulebook,
) -> Added:
    """Add a person; ``areas`` are the codes of the office's areas.

    Raises:
        NotAllowed: this person may not add anybody, or nobody of that role.
        RuleBroken: something about the person is wrong; the faults say what.

    """
    institution = _institution_for(session, actor, new)
    person = _row(session, new, institution, at)
    _require_sound(session, new, person.username, institution, areas)
    if new.password is not None:
        require_password(new.password, person.username, rules)
    session.add(person)
    session.flush()
    slip = None
    if new.password is None:
        slip = write_slip(session, actor, person, SlipReason.JOINED, at=at, rules=rules)
    else:
        set_password(person, new.password)
    facts = _told(person, institution)
    record(session, actor, "person.added", subject_of(person), at, **facts)
    return Added(person=person, slip=slip)


def _row(session: Session, new: NewPerson, institution: Institution | None, at: datetime) -> Person:
    first = institution is not None and not holders_of(session, institution)
    return Person(
        username=username_of(new.username or new.name),
        name=" ".join(new.name.split()),
        role=new.role.value,
        institution_id=institution.id if institution else None,
        area_code=new.area_code or None,
        is_holder=first or (institution is not None and new.is_holder),
        added_at=at,
    )


def _institution_for(session: Session, actor: Actor, new: NewPerson) -> Institution | None:
    """Return the institution of the new person, after looking whether the actor may add him."""
    if actor.role is Role.INSTITUTION:
        actor.require(Permission.MANAGE_COLLEAGUES)
    else:
        actor.require(Permission.MANAGE_PEOPLE)
    if not actor.manages(new.role):
        raise NotAllowed("people.not_this_role")
    wanted = select(Institution).where(Institution.code == new.institution_code)
    if actor.role is Role.INSTITUTION:
        wanted = select(Institution).where(Institution.id == actor.institution_id)
    # The lock keeps two acts at once from both seeing a holder that the other takes away.
    return (
        session.scalar(wanted.with_for_update(key_share=True))
        if new.role is Role.INSTITUTION
        else None
    )


def _require_sound(
    session: Session,
    new: NewPerson,
    username: str,
    institution: Institution | None,
    areas: Collection[str],
) -> None:
    taken = session.scalar(select(Person.id).where(Person.username == username)) is not None
    found = {
        "name": None if new.name.strip() else "people.name_missing",
        "username": username_fault(username) or ("people.username_taken" if taken else None),
        "institution_code": _institution_fault(new, institution),
        "area_code": area_fault(new, areas),
    }
    faults = {field: key for field, key in found.items() if key}
    if faults:
        raise RuleBroken(
            "people.not_added",
            faults,
            username=username,
            institution=new.institution_code or "",
            area=new.area_code or "",
        )


def _institution_fault(new: NewPerson, institution: Institution | None) -> str | None:
    if new.role is not Role.INSTITUTION:
        return "people.no_institution_here" if new.institution_code else None
    if institution is None:
        return (
            "people.institution_unknown" if new.institution_code else "people.institution_missing"
        )
    return None


def area_fault(new: NewPerson, areas: Collection[str]) -> str | None:
    """Return the key of the sentence that says what is wrong with the area; None if nothing."""
    if new.role is not Role.STREET:
        return "people.no_area_here" if new.area_code else None
    if not new.area_code:
        return "people.area_missing"
    return None if new.area_code in areas else "people.area_unknown"


def holders_of(session: Session, institution: Institution) -> int:
    """Return how many persons hold the institution's account."""
    counted = select(func.count()).where(
        Person.institution_id == institution.id, Person.is_holder, Person.ended_at.is_(None)
    )
    return session.scalar(counted) or 0


def _told(person: Person, institution: Institution | None) -> dict[str, object]:
    return {
        "username": person.username,
        "role": person.role,
        "institution": institution.code if institution else None,
        "area": person.area_code,
        "is_holder": person.is_holder,
    }
