"""The forms that facts were asked by: each fact keeps the one of its report's period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.special_reports.filing import form_of
from portal.domain.fact_places import FactPlace, fact_place
from portal.rules.form import ReportForm
from portal.store.reports import Fact, ReportingPeriod, SpecialReport


def forms_of(
    session: Session, report_ids: Iterable[int], local: Path | None
) -> Mapping[int, ReportForm]:
    """Return the form of each report, by the report's id."""
    wanted = (
        select(SpecialReport.id, ReportingPeriod)
        .join(ReportingPeriod, ReportingPeriod.period == SpecialReport.period)
        .where(SpecialReport.id.in_(set(report_ids)))
    )
    return {key: form_of(period, local) for key, period in session.execute(wanted)}


def places_of(
    session: Session, facts: Iterable[Fact], form: ReportForm, local: Path | None
) -> list[tuple[Fact, FactPlace]]:
    """Return each fact with where it stands, in the order of the facts.

    ``form`` is the form in force; questions it no longer asks stand as they were asked.
    """
    rows = list(facts)
    own = forms_of(session, (fact.report_id for fact in rows), local)
    placed = ((fact, fact_place(fact.path, form, own.get(fact.report_id))) for fact in rows)
    return [(fact, place) for fact, place in placed if place]
