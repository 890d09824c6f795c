"""The published calendar of editions: what each day brought, and why one passed without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.supervision.cases import Stand
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.rules.office import Office
from portal.store.audit import record
from portal.store.editions import Edition, EditionCalendarNote
from portal.store.site import Site

_KINDS = {"year": "", "half-year": "H", "quarter": "Q"}
_YEARS_BACK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day of the calendar: the period whose edition it was to bring, and what came of it.

    ``edition`` and ``sealed_on`` are those of the period's first edition; None = none yet.
    """

    due_on: date
    period: str
    edition: int | None
    sealed_on: date | None
    reason_zh: str | None
    reason_en: str | None

    @property
    def is_late(self) -> bool:
        """Tell whether the day passed without the edition."""
        return self.sealed_on is None or self.sealed_on > self.due_on


def dues(session: Session, office: Office, site: Site, day: date) -> list[Due]:
    """Return the days of the calendar that have passed since the site began, newest first.

    It began when it was set up; a demonstration, whose clock is moved, with its first draft.
    """
    sealed = _first_editions(session, office)
    first_draft_at = session.scalar(select(func.min(Edition.composed_at)))
    begun = min(first_draft_at or site.made_at, site.made_at).astimezone(office.zone).date()
    notes = {note.due_on: note for note in session.scalars(select(EditionCalendarNote))}
    found = []
    for due_on in _days(office, begun, day):
        period = str(Period.of(due_on, _KINDS[office.calendar.period_kind]).after(-1))
        number, sealed_on = sealed.get(period, (None, None))
        note = notes.get(due_on)
        found.append(
            Due(
                due_on=due_on,
                period=period,
                edition=number,
                sealed_on=sealed_on,
                reason_zh=note.reason_zh if note else None,
                reason_en=note.reason_en if note else None,
            )
        )
    return found


def missing(found: list[Due]) -> Due | None:
    """Return the newest day that has passed and has no edition yet; None if there is none."""
    newest = next(iter(found), None)
    return newest if newest is not None and newest.edition is None else None


def explain(
    stand: Stand, office: Office, site: Site, due_on: date, reasons: tuple[str, str]
) -> None:
    """Say in public why a day of the calendar passed without an edition, in both languages.

    Raises:
        NotAllowed: the person may not compose editions.
        RuleBroken: no such day passed, its edition came in time, or no reason is given.

    """
    stand.actor.require(Permission.COMPOSE_EDITION)
    late = {due.due_on for due in dues(stand.session, office, site, stand.day) if due.is_late}
    if due_on not in late:
        raise RuleBroken("calendar.not_late", {"due_on": "calendar.not_late"}, due_on=due_on)
    zh, en = (reason.strip() for reason in reasons)
    if not zh:
        raise RuleBroken("calendar.reason_missing", {"reason_zh": "calendar.reason_missing"})
    note = stand.session.scalar(
        select(EditionCalendarNote).where(EditionCalendarNote.due_on == due_on)
    )
    if note is None:
        note = EditionCalendarNote(
            due_on=due_on, reason_zh="", reason_en=None, written_by="", written_at=stand.at
        )
        stand.session.add(note)
    note.reason_zh, note.reason_en = zh, en or None
    note.written_by, note.written_at = stand.actor.name, stand.at
    thing = f"calendar:{due_on.isoformat()}"
    record(stand.session, stand.actor, "edition.explained", thing, stand.at, reason=zh)


def _first_editions(session: Session, office: Office) -> dict[str, tuple[int, date]]:
    """Return period → number and day of its first sealed edition."""
    asked = (
        select(Edition.period, func.min(Edition.number), func.min(Edition.sealed_at))
        .where(Edition.state == "sealed", Edition.kind == "figures")
        .group_by(Edition.period)
    )
    return {
        period: (number, sealed_at.astimezone(office.zone).date())
        for period, number, sealed_at in session.execute(asked)
        if sealed_at is not None
    }


def _days(office: Office, begun: date, day: date) -> list[date]:
    since = max(begun, date(day.year - _YEARS_BACK, 1, 1)) - timedelta(days=1)
    found = []
    due_on = office.calendar.next_edition_on(since)
    while due_on is not None and due_on < day:
        found.append(due_on)
        due_on = office.calendar.next_edition_on(due_on)
    return found[::-1]
