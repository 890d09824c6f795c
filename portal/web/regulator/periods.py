"""Reporting periods: opening one, and where every institution's report for it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.casework.reporting import Opening, open_reporting_period
from portal.domain.answers import Wrong
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.offers import read_day
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.rules.rulebook import rules_on
from portal.rules.words import say
from portal.store.institutions import Institution
from portal.store.reports import (
    ReportDraft,
    ReportingPeriod,
    SpecialReport,
    reporting_period,
    reporting_periods,
)
from portal.web.boundary import Act, act, look, wiring
from portal.web.guard import allowed
from portal.web.language import language
from portal.web.regulator.report_forms import PeriodForm

Answer = str | Response | tuple[str, int]
_KINDS = {"year": "", "half-year": "H", "quarter": "Q"}
_ORDER = ("overdue", "returned", "submitted", "in_review", "not_started", "draft", "accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where one institution's report for a period stands; ``state`` is the glossary's."""

    institution: Institution
    state: str
    is_late: bool
    latest: SpecialReport | None


@allowed(Permission.DESK)
def show() -> str:
    """Show all reporting periods."""
    with look() as a:
        rows = [(period, _counts(filed_for(a, period))) for period in reporting_periods(a.session)]
        return render_template("regulator/periods.html", rows=rows)


@allowed(Permission.DESK)
def one(period: str) -> str:
    """Show where every institution's report for a period stands, who owes first."""
    with look() as a:
        opened = reporting_period(a.session, period)
        if opened is None:
            raise NotFound("report.no_such_period")
        filed = filed_for(a, opened)
        return render_template(
            "regulator/period.html",
            period=opened,
            filed=sorted(filed, key=lambda f: (_ORDER.index(f.state), f.institution.code)),
            counts=_counts(filed),
            public_on=opened.due_on + timedelta(days=a.rules.report.late_public_after_days),
        )


@allowed(Permission.REVIEW_REPORT)
def new() -> str:
    """Show the form for opening a period, with what the office's calendar suggests."""
    form = PeriodForm()
    with look() as a:
        due_on = a.office.calendar.next_report_due_on(a.day)
        kind = _KINDS[a.office.calendar.period_kind]
        form.period.data = str(Period.of(due_on or a.day, kind).after(-1))
        form.opens_on.data = a.day.isoformat()
        form.due_on.data = due_on.isoformat() if due_on else ""
        return render_template("regulator/period_new.html", form=form, **_form_facts(a, a.day))


@allowed(Permission.REVIEW_REPORT)
def create() -> Answer:
    """Open a reporting period."""
    form = PeriodForm()
    form.validate()
    with act() as a:
        days = _days(form)
        if days is None:
            return _again(a, form, 422)
        opening = Opening(period=(form.period.data or "").strip(), opens_on=days[0], due_on=days[1])
        report_form = rules_on(opening.opens_on, wiring().settings.local_rules).report.form
        try:
            open_reporting_period(a.session, a.actor, opening, form=report_form, at=a.at)
        except RuleBroken as error:
            for name, key in error.faults.items():
                form[name].errors = [say(key, language())]
            return _again(a, form, 422)
        except Conflict as error:
            form.period.errors = [say(error.key, language(), **error.facts)]
            return _again(a, form, 409)
    return redirect(url_for("regulator.reporting_period", period=opening.period), 303)


def filed_for(a: Act, period: ReportingPeriod) -> list[Filed]:
    """Return where the report of each institution that must file stands.

    Those must file that are open on the due day, of the person's own area.
    """
    due = select(Institution).where(
        Institution.closed_on.is_(None) | (Institution.closed_on > period.due_on),
        Institution.opened_on.is_(None) | (Institution.opened_on <= period.due_on),
    )
    if a.actor.area_code is not None:
        due = due.where(Institution.area_code == a.actor.area_code)
    drafts = set(
        a.session.scalars(
            select(ReportDraft.institution_id).where(ReportDraft.period == period.period)
        )
    )
    versions = select(SpecialReport).where(SpecialReport.period == period.period)
    latest = {
        row.institution_id: row
        for row in a.session.scalars(versions.order_by(SpecialReport.version))
    }
    return [
        _filed(institution, latest.get(institution.id), institution.id in drafts, period, a.day)
        for institution in a.session.scalars(due.order_by(Institution.code))
    ]


def _filed(
    institution: Institution,
    latest: SpecialReport | None,
    has_draft: bool,  # noqa: FBT001  # a fact about the institution, not a switch
    period: ReportingPeriod,
    day: date,
) -> Filed:
    if latest is not None:
        state, is_late = latest.state, latest.is_late
    else:
        is_late = day > period.due_on
        state = "overdue" if is_late else "draft" if has_draft else "not_started"
    return Filed(institution=institution, state=state, is_late=is_late, latest=latest)


def _counts(filed: list[Filed]) -> list[tuple[str, int]]:
    """Return how many reports stand in each state, empty states left out."""
    counts = [(state, sum(f.state == state for f in filed)) for state in _ORDER]
    late = sum(f.is_late and f.latest is not None for f in filed)
    return [(state, n) for state, n in [*counts, ("late", late)] if n]


def _days(form: PeriodForm) -> tuple[date, date] | None:
    found = []
    for field in (form.opens_on, form.due_on):
        day = read_day(field.data or "") or Wrong("answer.missing")
        if isinstance(day, Wrong):
            field.errors = [say(day.key, language(), label=field.label.text, **day.facts)]
        else:
            found.append(day)
    return (found[0], found[1]) if len(found) == len(("opens_on", "due_on")) else None


def _form_facts(a: Act, day: date) -> dict[str, object]:
    form = rules_on(day, wiring().settings.local_rules).report.form
    return {"report_form": form, "late_days": a.rules.report.late_public_after_days}


def _again(a: Act, form: PeriodForm, status: int) -> Answer:
    return render_template("regulator/period_new.html", form=form, **_form_facts(a, a.day)), status
