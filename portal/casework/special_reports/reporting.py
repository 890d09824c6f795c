"""Reporting periods: opened, extended with a reason, and who need not report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.answers import storable, tidy
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.period import Period
from portal.rules.form import ReportForm
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.reporting import Exemption, PeriodExtension, due_on, exemptions_of
from portal.store.reports import ReportingPeriod, reporting_period

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a regulator fixes for a reporting period; ``due_on`` is the last day on time.

    ``trades``: only who teaches one of these must file; empty: everybody.
    """

    period: str
    opens_on: date
    due_on: date
    trades: tuple[str, ...] = ()


def open_reporting_period(
    session: Session, actor: Actor, opening: Opening, *, form: ReportForm, at: datetime
) -> ReportingPeriod:
    """Let institutions report for a period.

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
        trades=list(opening.trades),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("report.period_open", period=opening.period) from error
    facts = {"opens_on": str(row.opens_on), "due_on": str(row.due_on), "form": row.form}
    record(
        session, actor, "report.open_period", f"period:{row.period}", at, **facts, trades=row.trades
    )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """More time, or no report: for one institution by its code, or for all; and why."""

    period: str
    code: str
    """Empty: for everybody."""
    reason: str
    due_on: date | None = None
    """The new last day on time; None where the institution need not report."""


def extend_period(session: Session, actor: Actor, grant: Grant, *, at: datetime) -> PeriodExtension:
    """Give more time, to one institution or to all; the reason is kept.

    Raises:
        NotFound: there is no such period.
        RuleBroken: the day is no later one, the reason is missing, the institution unknown.

    """
    period, institution = _granted(session, actor, grant)
    faults = _reason_faults(grant)
    before = due_on(session, period, institution.id if institution else 0)
    if grant.due_on is None or grant.due_on <= before:
        faults["due_on"] = "report.no_later_day"
    if grant.code and institution is None:
        faults["code"] = "report.no_such_institution"
    if faults or grant.due_on is None:
        raise RuleBroken("report.not_granted", faults)
    row = PeriodExtension(
        period_id=period.id,
        institution_id=institution.id if institution else None,
        due_on=grant.due_on,
        reason=tidy(grant.reason, lines=True),
        granted_by=actor.name,
        granted_at=at,
    )
    session.add(row)
    facts = {"due_on": str(row.due_on), "reason": row.reason, "institution": grant.code}
    record(session, actor, "report.extend", f"period:{period.period}", at, **facts)
    return row


def exempt(session: Session, actor: Actor, grant: Grant, *, at: datetime) -> Exemption:
    """Let an institution not report for a period; the reason is kept.

    Raises:
        NotFound: there is no such period.
        Conflict: it is exempt already.
        RuleBroken: the reason is missing, the institution unknown.

    """
    period, institution = _granted(session, actor, grant)
    faults = _reason_faults(grant)
    if institution is None:
        faults["code"] = "report.no_such_institution"
    if faults or institution is None:
        raise RuleBroken("report.not_granted", faults)
    if institution.id in exemptions_of(session, period.id):
        raise Conflict("report.exempt_already")
    row = Exemption(
        period_id=period.id,
        institution_id=institution.id,
        reason=tidy(grant.reason, lines=True),
        granted_by=actor.name,
        granted_at=at,
    )
    session.add(row)
    facts = {"institution": institution.code, "reason": row.reason}
    record(session, actor, "report.exempt", f"period:{period.period}", at, **facts)
    return row


def end_exemption(session: Session, actor: Actor, period: str, code: str, *, at: datetime) -> None:
    """Let an institution report again.

    Raises:
        NotFound: there is no such period, or the institution is not exempt.

    """
    opened, institution = _granted(session, actor, Grant(period=period, code=code, reason=""))
    held = exemptions_of(session, opened.id)
    row = held.get(institution.id) if institution else None
    if row is None:
        raise NotFound("report.not_exempt")
    row.ended_at = at
    record(session, actor, "report.end_exemption", f"period:{period}", at, institution=code)


def _granted(
    session: Session, actor: Actor, grant: Grant
) -> tuple[ReportingPeriod, Institution | None]:
    actor.require(Permission.REVIEW_REPORT)
    period = reporting_period(session, grant.period)
    if period is None:
        raise NotFound("report.no_such_period")
    asked = select(Institution).where(Institution.code == grant.code.strip())
    if actor.area_code is not None:
        asked = asked.where(Institution.area_code == actor.area_code)
    return period, session.scalar(asked)


def _reason_faults(grant: Grant) -> dict[str, str]:
    reason = tidy(grant.reason, lines=True)
    if not reason:
        return {"reason": "report.no_grant_reason"}
    if not storable(reason) or len(reason) > LONGEST_REASON:
        return {"reason": "report.reason_too_long"}
    return {}
