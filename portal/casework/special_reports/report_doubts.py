"""Doubts about reports, drawn from everybody's newest ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.domain.report_doubts import Doubt, Ground, doubts_about
from portal.domain.reports import Content
from portal.rules.rulebook import Rulebook
from portal.store.institutions import Institution
from portal.store.reports import SpecialReport

Newest = Mapping[int, tuple[str, Content]]
"""Institution → its name and its newest report."""


def newest_reports(session: Session) -> Newest:
    """Return the newest report of every institution, of whatever period and state."""
    last = select(func.max(SpecialReport.id)).group_by(SpecialReport.institution_id)
    wanted = (
        select(SpecialReport.institution_id, Institution.name, SpecialReport.content)
        .join(Institution, Institution.id == SpecialReport.institution_id)
        .where(SpecialReport.id.in_(last))
    )
    return {key: (name, content) for key, name, content in session.execute(wanted)}


def doubts_of(
    report: SpecialReport, newest: Newest, day: date, rules: Rulebook
) -> tuple[Doubt, ...]:
    """Return the doubts about a report as everybody's reports stand on ``day``."""
    ground = Ground(
        period=Period.parse(report.period),
        day=day,
        lease_warning_days=rules.report.lease_warning_days,
        seat_area_m2=rules.conditions.seat_area_m2,
        others={
            name: content for key, (name, content) in newest.items() if key != report.institution_id
        },
    )
    return doubts_about(report.content, ground)
