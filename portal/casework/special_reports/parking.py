"""Typing that outlives its session: kept for its own person, shown again after signing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.reports import Saved
from portal.domain.answers import storable, tidy
from portal.domain.people import Actor, Permission
from portal.domain.reports import MARK_LENGTH, unstorable
from portal.store.audit import record
from portal.store.reports import ParkedAnswers

LONGEST_ADDRESS = 120
LONGEST_FORM = 200_000
"""Letters of a whole form: more than any page of ours asks for."""


def park(session: Session, actor: Actor, filing: Filing, saved: Saved, *, at: datetime) -> None:
    """Keep what was typed for a section beside the draft, which it does not touch.

    What no draft could keep is not parked either.
    """
    actor.require(Permission.FILE_REPORT)
    typed = filing.tidied(saved.section, saved.typed)
    if actor.person_id is None or unstorable(saved.section, typed):
        return
    period, section = filing.period.period, saved.section.key
    _replace(session, actor, (period, section, saved.seen[:MARK_LENGTH]), typed, at)
    subject = f"institution:{filing.institution.code}"
    record(session, actor, "report.park", subject, at, period=period, section=section)


def parked(session: Session, actor: Actor, period: str, section: str) -> ParkedAnswers | None:
    """Return what this person's lost session left for a section; None when nothing."""
    return session.scalar(
        select(ParkedAnswers).where(
            ParkedAnswers.person_id == actor.person_id,
            ParkedAnswers.period == period,
            ParkedAnswers.section == section,
        )
    )


def forget(session: Session, actor: Actor, period: str, section: str) -> None:
    """Drop what was parked, now that the section was saved; the save is the event."""
    old = parked(session, actor, period, section)
    if old is not None:
        session.delete(old)


def park_form(
    session: Session, actor: Actor, address: str, typed: Mapping[str, list[str]], *, at: datetime
) -> None:
    """Keep what was typed into the form at an address of the site; what nobody could store is not.

    ``typed`` maps the name of each field to its values.
    """
    texts = [address, *typed, *(value for values in typed.values() for value in values)]
    if actor.person_id is None or len(address) > LONGEST_ADDRESS:
        return
    if sum(map(len, texts)) > LONGEST_FORM or not all(storable(tidy(t, lines=True)) for t in texts):
        return
    _replace(session, actor, ("", address, ""), dict(typed), at)
    record(session, actor, "report.park", f"person:{actor.person_id}", at, address=address)


def parked_form(session: Session, actor: Actor, address: str) -> dict[str, list[str]] | None:
    """Return what this person's lost session left of the form at an address; None when nothing."""
    found = parked(session, actor, "", address)
    return found.typed if found else None


def _replace(
    session: Session,
    actor: Actor,
    place: tuple[str, str, str],
    typed: Mapping[str, Any],
    at: datetime,
) -> None:
    period, section, seen = place
    forget(session, actor, period, section)
    session.flush()
    row = ParkedAnswers(
        person_id=actor.person_id or 0,
        period=period,
        section=section,
        typed=dict(typed),
        seen=seen,
        parked_at=at,
    )
    session.add(row)
