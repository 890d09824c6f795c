"""Looking after accounts: a new slip, another role, who holds an institution's account, the end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.casework.access.people import Added, NewPerson, add_person, area_fault, holders_of
from portal.casework.access.slips import Slip, SlipReason, subject_of, void_slips, write_slip
from portal.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.domain.people import Actor, Permission, Role
from portal.rules.rulebook import Rulebook
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.people import Person


def new_slip(
    session: Session, actor: Actor, person_id: int, *, reason: str, at: datetime, rules: Rulebook
) -> Slip:
    """Give a person who lost the password a new slip; the old password and sessions end at once.

    ``reason`` says how the person was recognised.

    Raises:
        NotFound: there is no such person among those the actor looks after.
        RuleBroken: no reason is given.

    """
    person = person_in_care(session, actor, person_id)
    words = _reason(reason)
    person.password_hash = None
    person.session_epoch += 1
    slip = write_slip(session, actor, person, SlipReason.LOST_PASSWORD, at=at, rules=rules)
    record(session, actor, "person.new_slip", subject_of(person), at, reason=words)
    return slip


def end_person(
    session: Session, actor: Actor, person_id: int, *, reason: str, at: datetime
) -> Person:
    """End an account: nothing can be done with it from now on; what it did stays.

    Raises:
        NotFound: there is no such person among those the actor looks after.
        Conflict: it is the last holder of an institution, or the last admin.
        RuleBroken: no reason is given.

    """
    person = person_in_care(session, actor, person_id)
    words = _reason(reason)
    _require_not_last(session, person)
    _end(session, person, at)
    record(session, actor, "person.ended", subject_of(person), at, reason=words)
    return person


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A holder who has left, the name of the one who follows, and why."""

    leaver_id: int
    name: str
    username: str = ""
    reason: str


def replace_holder(
    session: Session, actor: Actor, handover: Handover, *, at: datetime, rules: Rulebook
) -> Added:
    """End a holder who has left and add the one who follows, in one act with two events.

    Raises:
        NotFound: there is no such holder.
        RuleBroken: something about the new person is wrong, or no reason is given.

    """
    leaver = person_in_care(session, actor, handover.leaver_id)
    if not leaver.is_holder or leaver.institution_id is None:
        raise NotFound("people.unknown")
    words = _reason(handover.reason)
    new = NewPerson(
        name=handover.name,
        username=handover.username,
        role=Role.INSTITUTION,
        institution_code=session.get_one(Institution, leaver.institution_id).code,
        is_holder=True,
    )
    added = add_person(session, actor, new, areas=(), at=at, rules=rules)
    _end(session, leaver, at)
    record(session, actor, "person.ended", subject_of(leaver), at, reason=words)
    return added


def set_holder(
    session: Session, actor: Actor, person_id: int, *, is_holder: bool, at: datetime
) -> Person:
    """Make a colleague a holder of the institution's account, or no longer one.

    Raises:
        NotFound: there is no such person among those the actor looks after.
        Conflict: it is so already, or it is the last holder.

    """
    person = person_in_care(session, actor, person_id)
    if person.institution_id is None:
        raise NotFound("people.unknown")
    if person.is_holder == is_holder:
        raise Conflict("people.holder_already")
    if not is_holder:
        _require_not_last(session, person)
    person.is_holder = is_holder
    act = "person.holder_made" if is_holder else "person.holder_ended"
    record(session, actor, act, subject_of(person), at)
    return person


def change_role(
    session: Session,
    actor: Actor,
    person_id: int,
    new: NewPerson,
    *,
    areas: Collection[str],
    at: datetime,
) -> Person:
    """Give a person of the offices another role; the rights change with the next request.

    Raises:
        NotAllowed: the actor may not give that role.
        Conflict: it is the last admin, or the role is held already.
        RuleBroken: the area is wrong.

    """
    person = person_in_care(session, actor, person_id)
    if not actor.manages(new.role) or Role.INSTITUTION in (new.role, Role(person.role)):
        raise NotAllowed("people.not_this_role")
    fault = area_fault(new, areas)
    if fault:
        raise RuleBroken("people.not_added", {"area_code": fault}, area=new.area_code or "")
    if (person.role, person.area_code) == (new.role.value, new.area_code or None):
        raise Conflict("people.role_already")
    _require_not_last(session, person)
    change = {"before": person.role, "after": new.role.value, "area": new.area_code or None}
    person.role, person.area_code = new.role.value, new.area_code or None
    record(session, actor, "person.role_changed", subject_of(person), at, **change)
    return person


def person_in_care(session: Session, actor: Actor, person_id: int) -> Person:
    """Return the active person whom the actor may look after, never himself.

    Raises:
        NotAllowed: the actor looks after nobody.
        NotFound: there is no such person among those the actor looks after.

    """
    found = session.scalar(
        in_care(actor).where(Person.id == person_id).with_for_update(key_share=True)
    )
    if found is None or found.ended_at is not None or found.id == actor.person_id:
        raise NotFound("people.unknown")
    return found


def in_care(actor: Actor) -> Select[Person]:
    """Return the question for the persons whom the actor may look after.

    Raises:
        NotAllowed: the actor looks after nobody.

    """
    if actor.role is Role.INSTITUTION:
        actor.require(Permission.MANAGE_COLLEAGUES)
        return select(Person).where(Person.institution_id == actor.institution_id)
    actor.require(Permission.MANAGE_PEOPLE)
    roles = [role.value for role in Role if actor.manages(role)]
    return select(Person).where(Person.role.in_(roles))


def _require_not_last(session: Session, person: Person) -> None:
    """Let the person go, if somebody else can do what he alone could.

    The locks let two acts at once see each other; they leave the keys alone, which the audit trail
    refers to, so that nobody waits in a circle.
    """
    if person.role == Role.ADMIN:
        same = select(Person.id).where(Person.role == Role.ADMIN.value, Person.ended_at.is_(None))
        admins = session.scalars(same.order_by(Person.id).with_for_update(key_share=True))
        if len(admins.all()) <= 1:
            raise Conflict("people.last_admin")
    if person.is_holder and person.institution_id is not None:
        institution = session.get_one(
            Institution, person.institution_id, with_for_update={"key_share": True}
        )
        if holders_of(session, institution) <= 1:
            raise Conflict("people.last_holder")


def _end(session: Session, person: Person, at: datetime) -> None:
    person.ended_at = at
    person.is_holder = False
    person.password_hash = None
    person.session_epoch += 1
    void_slips(session, person, at)


def _reason(words: str) -> str:
    if not words.strip():
        raise RuleBroken("people.reason_missing", {"reason": "people.reason_missing"})
    return words.strip()
