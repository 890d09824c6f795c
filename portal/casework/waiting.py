"""What waits at the regulator's desk today, counted straight from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from portal.casework.special_reports.report_standing import filed_for
from portal.domain.case_clocks import running
from portal.store.cases import CaseFile
from portal.store.editions import Edition
from portal.store.institutions import Institution, Unit
from portal.store.reports import ReportingPeriod, SpecialReport

_TO_REVIEW = ("submitted", "in_review")
_OVER = ("closed",)
_MOST_CASES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A case and the next day that matters in it; None where no clock runs."""

    number: str
    subject: str
    state: str
    due_on: date | None
    what: str
    """The clock's name: the glossary's ``case_clock.<what>``; "" where none runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A period whose day is over, and how many have not filed for it."""

    period: str
    due_on: date
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits: reports to review, cases with their clocks, drafts of editions, late reports."""

    reports: int
    oldest_report_at: datetime | None
    cases: tuple[Clock, ...]
    cases_in_all: int
    drafts: tuple[tuple[int, str], ...]
    late: tuple[Late, ...]


def waiting(session: Session, day: date, area: str | None = None) -> Waiting:
    """Return what waits on ``day``; of one area only where given."""
    reports, oldest = _reports(session, area)
    open_cases = _cases(session, day, area)
    drafts = select(Edition.number, Edition.period).where(Edition.state == "draft")
    rows = session.execute(drafts.order_by(Edition.number))
    return Waiting(
        reports=reports,
        oldest_report_at=oldest,
        cases=tuple(open_cases[:_MOST_CASES]),
        cases_in_all=len(open_cases),
        drafts=tuple((number, period) for number, period in rows),
        late=tuple(_late(session, day, area)),
    )


def _here(area: str | None) -> ColumnElement[bool]:
    return true() if area is None else Institution.area_code == area


def _reports(session: Session, area: str | None) -> tuple[int, datetime | None]:
    counted = (
        select(func.count(), func.min(SpecialReport.submitted_at))
        .join(Institution, Institution.id == SpecialReport.institution_id)
        .where(SpecialReport.state.in_(_TO_REVIEW), _here(area))
    )
    count, oldest = session.execute(counted).one()
    return count, oldest


def _cases(session: Session, day: date, area: str | None) -> list[Clock]:
    """Return the cases that are not over, the nearest clock first."""
    found = (
        select(CaseFile, func.coalesce(Institution.name, Unit.name))
        .outerjoin(Institution, Institution.id == CaseFile.institution_id)
        .outerjoin(Unit, Unit.id == CaseFile.unit_id)
        .where(
            CaseFile.state.not_in(_OVER),
            CaseFile.ended_on.is_(None),
            or_(CaseFile.publish_until_on.is_(None), CaseFile.publish_until_on > day),
        )
    )
    if area is not None:
        found = found.where(or_(Institution.area_code == area, Unit.area_code == area))
    clocks = [_clock(case, name, day) for case, name in session.execute(found)]
    return sorted(clocks, key=lambda clock: (clock.due_on or date.max, clock.number))


def _clock(case: CaseFile, subject: str, day: date) -> Clock:
    first = next(iter(running(case, day)), None)
    return Clock(
        number=case.number,
        subject=subject,
        state=case.state,
        due_on=first.due_on if first else None,
        what=first.name if first else "",
    )


def _late(session: Session, day: date, area: str | None) -> Sequence[Late]:
    """Return the periods whose day is over and for which somebody has not filed."""
    over = select(ReportingPeriod).where(ReportingPeriod.due_on < day)
    found = []
    for period in session.scalars(over.order_by(ReportingPeriod.due_on.desc())):
        missing = sum(one.state == "overdue" for one in filed_for(session, period, day, area))
        if missing:
            found.append(Late(period=period.period, due_on=period.due_on, missing=missing))
    return found
