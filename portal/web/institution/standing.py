"""Where an institution's reports stand: state, due day, and until when a returned one is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.casework.special_reports.filing import Filing
from portal.store.reporting import due_on, exemptions_of, is_asked
from portal.store.reports import (
    ReportDraft,
    ReportingPeriod,
    SpecialReport,
    drafts_of,
    reporting_periods,
)
from portal.web.boundary import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an institution's report for a period stands, in the glossary's words."""

    period: ReportingPeriod
    due_on: date
    """Its own last day on time."""
    state: str
    """not_started, draft, submitted, in_review, returned, accepted or exempt."""
    is_late: bool
    """Handed in late, or not at all and the due day is over."""
    days_left: int
    """Days until the next day that counts; negative = as many days over."""
    draft: ReportDraft | None
    latest: SpecialReport | None
    mend_by: date | None = None
    """Until when a returned report is to come again; None: it was not returned, or no rule says."""

    @property
    def needs_filing(self) -> bool:
        """Tell whether it is the institution's turn."""
        return self.state in {"not_started", "draft", "returned"} or self.draft is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was granted for a period: the institution's own due day, and whether it is exempt."""

    due_on: date
    is_exempt: bool = False


def standings(a: Act, versions: list[SpecialReport]) -> list[Standing]:
    """Return where the institution's report for each open period stands, the last due first."""
    latest: dict[str, SpecialReport] = {}
    for version in reversed(versions):
        latest[version.period] = version
    drafts = drafts_of(a.session, a.actor.institution_id or 0)
    return [
        _standing(
            a, period, _terms(a, period), (drafts.get(period.period), latest.get(period.period))
        )
        for period in reporting_periods(a.session)
        if period.opens_on <= a.day
        and (period.period in latest or is_asked(a.session, period, a.actor.institution_id or 0))
    ]


def standing_of(a: Act, filing: Filing) -> Standing:
    """Return where the filing stands today."""
    terms = Terms(due_on=filing.due_on, is_exempt=filing.exemption is not None)
    return _standing(a, filing.period, terms, (filing.draft, filing.latest))


def _terms(a: Act, period: ReportingPeriod) -> Terms:
    mine = a.actor.institution_id or 0
    is_exempt = mine in exemptions_of(a.session, period.id)
    return Terms(due_on=due_on(a.session, period, mine), is_exempt=is_exempt)


def _standing(
    a: Act,
    period: ReportingPeriod,
    terms: Terms,
    written: tuple[ReportDraft | None, SpecialReport | None],
) -> Standing:
    draft, latest = written
    begun = "draft" if draft else "exempt" if terms.is_exempt else "not_started"
    over = a.day > terms.due_on and not terms.is_exempt
    mend_by = _mend_by(a, latest)
    return Standing(
        period=period,
        due_on=terms.due_on,
        state=latest.state if latest else begun,
        is_late=latest.is_late if latest else over,
        days_left=((mend_by or terms.due_on) - a.day).days,
        draft=draft,
        latest=latest,
        mend_by=mend_by,
    )


def _mend_by(a: Act, latest: SpecialReport | None) -> date | None:
    days = a.rules.report.correction_working_days
    if latest is None or latest.state != "returned" or latest.reviewed_at is None or days is None:
        return None
    returned_on = latest.reviewed_at.astimezone(a.office.zone).date()
    return a.rules.calendar.add_working_days(returned_on, days)
