"""Which published figures bear the mark of an objection today."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.publication.standings.rankings import Standing
from portal.store.factual_checks import Objection
from portal.store.institutions import Institution

Marks = dict[tuple[str, str], str]


def marks_of(session: Session, period: str) -> Marks:
    """Return (trade, institution) → open or accepted, of the objections that are not over."""
    asked = (
        select(Objection.trade, Institution.code, Objection.state)
        .join(Institution, Institution.id == Objection.institution_id)
        .where(Objection.period == period, Objection.state != "rejected")
    )
    return {(trade, code): state for trade, code, state in session.execute(asked)}


def mark_of(marks: Marks, standing: Standing) -> str | None:
    """Return the key of the label that stands beside a figure; None where nothing does."""
    state = marks.get((standing.trade, standing.code))
    return f"dispute.{state}" if standing.disputed and state else None
