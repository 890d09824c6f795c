"""What an institution tells workers any day: fee, class dates, free places, phone.

It is live at once, marked as self-reported with its day; nothing is overwritten: a newer word ends
the older one, and what is past drops off by the day of whoever looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.offers import ClassDate, ContactPhone, Fee

SCHEDULES = ("weekday", "weekend", "evening")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeWords:
    """A fee as stated; amounts in cents, None = not charged or not said."""

    trade: str
    total_cents: int
    includes: str = ""
    retake_cents: int | None = None
    material_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassWords:
    """A class that will start; ``schedule`` is weekday, weekend or evening."""

    trade: str
    starts_on: date
    schedule: str
    free_places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """When something is stated: the office's date and the instant."""

    day: date
    at: datetime


def own_institution(session: Session, actor: Actor) -> Institution:
    """Return the institution that this person speaks for.

    Raises:
        NotFound: none.

    """
    actor.require(Permission.EDIT_PROFILE)
    found = session.get(Institution, actor.institution_id) if actor.institution_id else None
    if found is None:
        raise NotFound("offer.no_institution")
    return found


def state_fee(session: Session, actor: Actor, words: FeeWords, now: Now) -> Fee | None:
    """State the fee for a trade from today; None where it says what it said before."""
    institution = own_institution(session, actor)
    old = _current_fee(session, institution.id, words.trade)
    if old is not None and _fee_words(old) == words:
        return None
    if old is not None:
        old.ended_on = now.day
    fee = Fee(
        institution_id=institution.id,
        trade=words.trade,
        total_cents=words.total_cents,
        includes=words.includes,
        retake_cents=words.retake_cents,
        material_cents=words.material_cents,
        stated_on=now.day,
    )
    session.add(fee)
    subject = f"institution:{institution.code}"
    record(session, actor, "offer.fee", subject, now.at, trade=words.trade, cents=words.total_cents)
    return fee


def end_fee(session: Session, actor: Actor, trade: str, now: Now) -> None:
    """Take the fee for a trade off from today.

    Raises:
        NotFound: none is stated.

    """
    institution = own_institution(session, actor)
    old = _current_fee(session, institution.id, trade)
    if old is None:
        raise NotFound("offer.no_fee")
    old.ended_on = now.day
    record(session, actor, "offer.end_fee", f"institution:{institution.code}", now.at, trade=trade)


def add_class(session: Session, actor: Actor, words: ClassWords, now: Now) -> ClassDate:
    """Announce a class.

    Raises:
        Conflict: the same class was announced already.
        RuleBroken: it starts in the past, or its schedule is none.

    """
    institution = own_institution(session, actor)
    if words.starts_on < now.day:
        raise RuleBroken("offer.class_past", {"starts_on": "offer.class_past"})
    if words.schedule not in SCHEDULES:
        raise RuleBroken("answer.no_choice", {"schedule": "answer.no_choice"})
    for other in upcoming_classes(session, institution.id, now.day):
        if _same_class(other, words):
            raise Conflict("offer.class_known")
    row = ClassDate(
        institution_id=institution.id,
        trade=words.trade,
        starts_on=words.starts_on,
        schedule=words.schedule,
        free_places=words.free_places,
        stated_on=now.day,
    )
    session.add(row)
    _record_class(session, actor, institution, "offer.add_class", row, now)
    return row


def change_places(
    session: Session, actor: Actor, class_id: int, free_places: int | None, now: Now
) -> ClassDate:
    """State the free places of a class anew: the older word is withdrawn, not overwritten.

    Raises:
        NotFound: it is not an upcoming class of this institution.

    """
    institution = own_institution(session, actor)
    old = _own_class(session, institution, class_id, now.day)
    if old.free_places == free_places:
        return old
    old.withdrawn_on = now.day
    row = ClassDate(
        institution_id=institution.id,
        trade=old.trade,
        starts_on=old.starts_on,
        schedule=old.schedule,
        free_places=free_places,
        stated_on=now.day,
    )
    session.add(row)
    _record_class(session, actor, institution, "offer.change_places", row, now)
    return row


def withdraw_class(session: Session, actor: Actor, class_id: int, now: Now) -> None:
    """Take an announced class back.

    Raises:
        NotFound: it is not an upcoming class of this institution.

    """
    institution = own_institution(session, actor)
    row = _own_class(session, institution, class_id, now.day)
    row.withdrawn_on = now.day
    _record_class(session, actor, institution, "offer.withdraw_class", row, now)


def state_phone(session: Session, actor: Actor, phone: str, now: Now) -> ContactPhone | None:
    """State the phone that workers may call; None where it is the one stated before."""
    institution = own_institution(session, actor)
    old = current_phone(session, institution.id)
    if old is not None and old.phone == phone:
        return None
    if old is not None:
        old.ended_on = now.day
    row = ContactPhone(institution_id=institution.id, phone=phone, stated_on=now.day)
    session.add(row)
    record(session, actor, "offer.phone", f"institution:{institution.code}", now.at, phone=phone)
    return row


def current_fees(session: Session, institution_id: int) -> dict[str, Fee]:
    """Return the fees that hold now, by trade."""
    rows = select(Fee).where(Fee.institution_id == institution_id, Fee.ended_on.is_(None))
    return {fee.trade: fee for fee in session.scalars(rows.order_by(Fee.id))}


def upcoming_classes(session: Session, institution_id: int, day: date) -> list[ClassDate]:
    """Return the classes that start on ``day`` or later, the next one first."""
    rows = select(ClassDate).where(
        ClassDate.institution_id == institution_id,
        ClassDate.starts_on >= day,
        ClassDate.withdrawn_on.is_(None),
    )
    return list(session.scalars(rows.order_by(ClassDate.starts_on, ClassDate.id)))


def current_phone(session: Session, institution_id: int) -> ContactPhone | None:
    """Return the phone that was stated last; None when none was."""
    rows = select(ContactPhone).where(
        ContactPhone.institution_id == institution_id, ContactPhone.ended_on.is_(None)
    )
    return session.scalar(rows.order_by(ContactPhone.id.desc()).limit(1))


def _current_fee(session: Session, institution_id: int, trade: str) -> Fee | None:
    return current_fees(session, institution_id).get(trade)


def _fee_words(fee: Fee) -> FeeWords:
    return FeeWords(
        trade=fee.trade,
        total_cents=fee.total_cents,
        includes=fee.includes,
        retake_cents=fee.retake_cents,
        material_cents=fee.material_cents,
    )


def _same_class(row: ClassDate, words: ClassWords) -> bool:
    return (row.trade, row.starts_on, row.schedule) == (
        words.trade,
        words.starts_on,
        words.schedule,
    )


def _own_class(session: Session, institution: Institution, class_id: int, day: date) -> ClassDate:
    known = {row.id: row for row in upcoming_classes(session, institution.id, day)}
    if class_id not in known:
        raise NotFound("offer.no_class")
    return known[class_id]


def _record_class(  # one event, told in full
    session: Session, actor: Actor, institution: Institution, act: str, row: ClassDate, now: Now
) -> None:
    facts = {"trade": row.trade, "starts_on": str(row.starts_on), "places": row.free_places}
    record(session, actor, act, f"institution:{institution.code}", now.at, **facts)
