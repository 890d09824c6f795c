"""Dated states of an institution beside its figures: suspended, closed, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.casework.institutions.register import institution_in_care
from portal.domain.errors import NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.store.audit import record
from portal.store.institutions import Institution, InstitutionState

SUSPENDED, CLOSED = "suspended", "closed"
STATES = (SUSPENDED, CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewState:
    """A state to set: from which day, until before which (None = further notice), and why.

    ``trade`` None means the whole institution; only the whole can be closed.
    """

    state: str
    from_on: date
    until_on: date | None = None
    trade: str | None = None
    reason: str
    decision_no: str | None = None


def set_state(
    session: Session, actor: Actor, code: str, new: NewState, *, at: datetime
) -> InstitutionState:
    """Suspend or close an institution from a day on; what its figures say stays.

    Raises:
        NotFound: there is no such institution.
        RuleBroken: something is wrong; the faults say what.

    """
    actor.require(Permission.KEEP_REGISTER)
    institution = institution_in_care(session, actor, code, lock=True)
    faults = {field: key for field, key in _faults(session, institution, new).items() if key}
    if faults:
        raise RuleBroken("register.refused", faults)
    row = InstitutionState(
        institution_id=institution.id,
        state=new.state,
        trade=new.trade,
        from_on=new.from_on,
        until_on=new.until_on,
        reason=new.reason.strip(),
        decision_no=new.decision_no,
    )
    session.add(row)
    if new.state == CLOSED:
        institution.closed_on = new.from_on
    facts = {
        "from_on": new.from_on.isoformat(),
        "until_on": new.until_on and new.until_on.isoformat(),
        "trade": new.trade,
        "reason": row.reason,
        "decision_no": new.decision_no,
    }
    record(session, actor, f"institution.{new.state}", f"institution:{code}", at, **facts)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The end of a state: the first day on which it no longer holds, and why.

    A state that has not begun ``today`` is called off, whatever ``on`` says.
    """

    state_id: int
    on: date
    reason: str
    today: date


def resume(
    session: Session, actor: Actor, code: str, ending: Ending, *, at: datetime
) -> InstitutionState:
    """End a state: from that day on it no longer holds; that it held stays on record.

    Raises:
        NotFound: there is no such institution, or no such state of it that still runs.
        RuleBroken: the day is not after the first one, or no reason is given.

    """
    actor.require(Permission.KEEP_REGISTER)
    institution = institution_in_care(session, actor, code, lock=True)
    still = {row.id: row for row in running(session, institution, ending.today)}
    row = still.get(ending.state_id)
    if row is None:
        raise NotFound("register.state_unknown")
    begun = row.from_on <= ending.today
    faults = {
        "on": "register.resume_too_early" if begun and ending.on <= row.from_on else None,
        "reason": None if ending.reason.strip() else "register.reason_missing",
    }
    found = {field: key for field, key in faults.items() if key}
    if found:
        raise RuleBroken("register.refused", found)
    if row.state == CLOSED:
        institution.closed_on = None
    facts = {"state": row.state, "from_on": row.from_on.isoformat(), "trade": row.trade}
    if begun:
        row.until_on = ending.on
        facts["on"] = ending.on.isoformat()
    else:
        session.delete(row)
    act = "institution.resumed" if begun else "institution.called_off"
    facts["reason"] = ending.reason.strip()
    record(session, actor, act, f"institution:{code}", at, **facts)
    return row


def states_of(session: Session, institution: Institution) -> list[InstitutionState]:
    """Return all states it ever had or will have, newest first."""
    own = select(InstitutionState).where(InstitutionState.institution_id == institution.id)
    newest = own.order_by(InstitutionState.from_on.desc(), InstitutionState.id.desc())
    return list(session.scalars(newest))


def running(session: Session, institution: Institution, day: date) -> list[InstitutionState]:
    """Return the states that hold on ``day`` or begin later."""
    own = select(InstitutionState).where(
        InstitutionState.institution_id == institution.id,
        or_(InstitutionState.until_on.is_(None), InstitutionState.until_on > day),
    )
    return list(session.scalars(own))


def _faults(session: Session, institution: Institution, new: NewState) -> dict[str, str | None]:
    return {
        "state": _state_fault(session, institution, new),
        "from_on": _from_fault(institution, new),
        "until_on": _until_fault(new),
        "reason": None if new.reason.strip() else "register.reason_missing",
    }


def _state_fault(session: Session, institution: Institution, new: NewState) -> str | None:
    if new.state not in STATES:
        return "register.state_missing"
    if new.state == CLOSED and new.trade:
        return "register.closed_whole"
    same = (
        row.state == new.state and row.trade == new.trade
        for row in running(session, institution, new.from_on)
    )
    return "register.state_already" if any(same) else None


def _from_fault(institution: Institution, new: NewState) -> str | None:
    before = institution.opened_on is not None and new.from_on <= institution.opened_on
    return "register.before_opened" if new.state == CLOSED and before else None


def _until_fault(new: NewState) -> str | None:
    if new.until_on is None:
        return None
    if new.state == CLOSED:
        return "register.closed_for_good"
    return "register.until_before_from" if new.until_on <= new.from_on else None
