"""Typing that outlives its session: kept for its own person, shown again after signing in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.reports import Saved
from portal.domain.people import Actor, Permission
from portal.domain.reports import MARK_LENGTH, unstorable
from portal.store.audit import record
from portal.store.reports import ParkedAnswers


def park(session: Session, actor: Actor, filing: Filing, saved: Saved, *, at: datetime) -> None:
    """Keep what was typed for a section beside the draft, which it does not touch.

    What no draft could keep is not parked either.
    """
    actor.require(Permission.FILE_REPORT)
    typed = filing.tidied(saved.section, saved.typed)
    if actor.person_id is None or unstorable(saved.section, typed):
        return
    period, section = filing.period.period, saved.section.key
    old = parked(session, actor, period, section)
    if old is not None:
        session.delete(old)
        session.flush()
    session.add(
        ParkedAnswers(
            person_id=actor.person_id,
            period=period,
            section=section,
            typed=typed,
            seen=saved.seen[:MARK_LENGTH],
            parked_at=at,
        )
    )
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
