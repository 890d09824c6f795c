"""Bulletins (通报) of the problem list: issued at the calendar's days, also when it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.supervision.cases import Stand, need
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.publication.listing.problem_list import Entry, Gone, entries_on, entry_on
from portal.rules.office import Office
from portal.store.audit import record
from portal.store.bulletins import Bulletin

_ONE_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A bulletin as it may be read on a day: entries still public, and what is left of others."""

    bulletin: Bulletin
    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...]


def bulletins(session: Session) -> list[Bulletin]:
    """Return all bulletins, the newest first."""
    return list(session.scalars(select(Bulletin).order_by(Bulletin.number.desc())))


def bulletin_told(session: Session, number: int, day: date) -> Told:
    """Return one bulletin as it may be read on ``day``.

    Raises:
        NotFound: there is none of this number.

    """
    found = session.scalar(select(Bulletin).where(Bulletin.number == number))
    if found is None:
        raise NotFound("bulletin.unknown", number=str(number))
    now = [entry_on(session, no, day) for no in found.entries]
    return Told(
        bulletin=found,
        entries=tuple(entry for entry in now if isinstance(entry, Entry)),
        gone=tuple(entry for entry in now if isinstance(entry, Gone)),
    )


def due_bulletins(session: Session, office: Office, day: date) -> list[date]:
    """Return the calendar's days of the last year that have come and bear no bulletin yet.

    Days before the first bulletin are not asked for again once there is one.
    """
    issued = set(session.scalars(select(Bulletin.planned_on)))
    first = min(issued, default=day - _ONE_YEAR)
    planned, at = [], day - _ONE_YEAR
    while (following := office.calendar.next_bulletin_on(at)) is not None and following <= day:
        planned.append(following)
        at = following
    due = [on for on in planned if on not in issued and on > first]
    return due if issued else due[-1:]


def issue_bulletin(stand: Stand, office: Office, *, planned_on: date, document_no: str) -> Bulletin:
    """Issue the bulletin of a calendar's day, of the list as it stands today.

    Raises:
        RuleBroken: none is due for that day, or the document number is missing or was used.

    """
    stand.actor.require(Permission.HANDLE_CASE)
    number = document_no.strip()
    faults: dict[str, str] = {}
    if planned_on not in due_bulletins(stand.session, office, stand.day):
        faults["planned_on"] = "bulletin.not_due"
    if stand.session.scalar(select(Bulletin.id).where(Bulletin.document_no == number)):
        faults["document_no"] = "bulletin.number_used"
    need(faults, document_no=document_no)
    last = stand.session.scalar(select(func.max(Bulletin.number))) or 0
    bulletin = Bulletin(
        number=last + 1,
        document_no=number,
        planned_on=planned_on,
        on=stand.day,
        entries=[entry.no for entry in entries_on(stand.session, stand.day)],
        issued_by_id=stand.actor.person_id,
    )
    stand.session.add(bulletin)
    told = {"document_no": number, "entries": len(bulletin.entries)}
    subject = f"bulletin:{bulletin.number}"
    record(stand.session, stand.actor, "bulletin.issue", subject, stand.at, **told)
    return bulletin
