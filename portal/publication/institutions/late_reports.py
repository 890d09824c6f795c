"""Whose special report is late or missing: public from the day that the rulebook names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.casework.special_reports.report_standing import Filed, filed_for
from portal.rules.rulebook import Rulebook
from portal.store.reports import ReportingPeriod, reporting_periods


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReport:
    """One institution whose report came late, or not at all (``filed_at`` None)."""

    period: str
    code: str
    name: str
    name_en: str | None
    due_on: date
    filed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateList:
    """How a period went: who had to file, who did in time, and who is named."""

    period: str
    due_on: date
    public_on: date
    must_file: int
    in_time: int
    exempt: int
    named: tuple[LateReport, ...]


def late_lists(session: Session, day: date, rules: Rulebook) -> list[LateList]:
    """Return the lists that are public on ``day``, the newest first."""
    wait = timedelta(days=rules.report.late_public_after_days)
    return [
        _list_of(session, period, day, wait)
        for period in reporting_periods(session)
        if period.due_on + wait <= day
    ]


def owed_on(session: Session, code: str, day: date, rules: Rulebook) -> list[LateReport]:
    """Return the reports that the institution still owes and of which the public may know."""
    return [
        late
        for one in late_lists(session, day, rules)
        for late in one.named
        if late.code == code and late.filed_at is None
    ]


def _list_of(session: Session, period: ReportingPeriod, day: date, wait: timedelta) -> LateList:
    filed = filed_for(session, period, day)
    named = [one for one in filed if one.is_late and one.due_on + wait <= day]
    return LateList(
        period=period.period,
        due_on=period.due_on,
        public_on=period.due_on + wait,
        must_file=sum(one.exemption is None for one in filed),
        in_time=sum(one.latest is not None and not one.is_late for one in filed),
        exempt=sum(one.exemption is not None and one.latest is None for one in filed),
        named=tuple(sorted((_named(one, period.period) for one in named), key=_missing_first)),
    )


def _named(one: Filed, period: str) -> LateReport:
    return LateReport(
        period=period,
        code=one.institution.code,
        name=one.institution.name,
        name_en=one.institution.name_en,
        due_on=one.due_on,
        filed_at=one.first_at,
    )


def _missing_first(late: LateReport) -> tuple[bool, str]:
    return late.filed_at is not None, late.code
