"""Reporting periods: opened, extended with a reason, and who need not report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.period import Period
from portal.rules.form import ReportForm
from portal.store.audit import record
from portal.store.reports import ReportingPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a regulator fixes for a reporting period; ``due_on`` is the last day on time."""

    period: str
    opens_on: date
    due_on: date


def open_reporting_period(
    session: Session, actor: Actor, opening: Opening, *, form: ReportForm, at: datetime
) -> ReportingPeriod:
    """Let every institution report for a period.

    Raises:
        Conflict: it is open already.
        RuleBroken: the period or its days make no sense.

    """
    actor.require(Permission.REVIEW_REPORT)
    faults = _faults_of(opening)
    if faults:
        raise RuleBroken("report.period_wrong", faults)
    row = ReportingPeriod(
        period=opening.period,
        form=form.version,
        opens_on=opening.opens_on,
        due_on=opening.due_on,
        opened_by=actor.name,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("report.period_open", period=opening.period) from error
    days = {"opens_on": str(row.opens_on), "due_on": str(row.due_on), "form": row.form}
    record(session, actor, "report.open_period", f"period:{row.period}", at, **days)
    return row


def _faults_of(opening: Opening) -> dict[str, str]:
    faults = {}
    try:
        Period.parse(opening.period)
    except ValueError:
        faults["period"] = "report.no_such_length"
    if opening.due_on < opening.opens_on:
        faults["due_on"] = "report.due_before_open"
    return faults
