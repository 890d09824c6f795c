"""Reporting periods: opening one, and where every institution's report for it stands."""

from __future__ import annotations

from datetime import date, timedelta

from flask import redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.casework.special_reports.report_standing import Filed, filed_for
from portal.casework.special_reports.reporting import Opening, open_reporting_period
from portal.domain.answers import Wrong
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.offers import read_day
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.rules.rulebook import rules_on
from portal.rules.words import say
from portal.store.institutions import Institution
from portal.store.reporting import PeriodExtension, extensions_of
from portal.store.reports import ReportingPeriod, reporting_period, reporting_periods
from portal.web.boundary import Act, act, look, wiring
from portal.web.finding import trade_options
from portal.web.guard import allowed
from portal.web.held import holds
from portal.web.language import language
from portal.web.regulator.reporting.report_forms import PeriodForm
from portal.web.shape import named

Answer = str | Response | tuple[str, int]
_KINDS = {"year": "", "half-year": "H", "quarter": "Q"}
_ORDER = (
    "overdue",
    "returned",
    "submitted",
    "in_review",
    "not_started",
    "draft",
    "accepted",
    "exempt",
)


@allowed(Permission.DESK)
def show() -> str:
    """Show all reporting periods."""
    with look() as a:
        rows = [(period, _counts(_filed(a, period))) for period in reporting_periods(a.session)]
        return render_template("regulator/periods.html", rows=rows)


@allowed(Permission.DESK)
def one(period: str) -> str:
    """Show where every institution's report for a period stands, who owes first."""
    with look() as a:
        opened = reporting_period(a.session, period)
        if opened is None:
            raise NotFound("report.no_such_period")
        filed = _filed(a, opened)
        return render_template(
            "regulator/period.html",
            period=opened,
            filed=sorted(filed, key=lambda f: (_ORDER.index(f.state), f.institution.code)),
            counts=_counts(filed),
            public_on=opened.due_on + timedelta(days=a.rules.report.late_public_after_days),
            extensions=_extensions(a, opened),
            may=a.actor.may(Permission.REVIEW_REPORT),
            ending=FlaskForm(),
        )


@allowed(Permission.REVIEW_REPORT)
def new() -> str:
    """Show the form for opening a period, with what the office's calendar suggests."""
    form = PeriodForm()
    with look() as a:
        form.offer(trade_options(a.office))
        if not form.was_held:
            _suggest(a, form)
        return render_template("regulator/period_new.html", form=form, **_form_facts(a, a.day))


def _suggest(a: Act, form: PeriodForm) -> None:
    due_on = a.office.calendar.next_report_due_on(a.day)
    kind = _KINDS[a.office.calendar.period_kind]
    form.period.data = str(Period.of(due_on or a.day, kind).after(-1))
    form.opens_on.data = a.day.isoformat()
    form.due_on.data = due_on.isoformat() if due_on else ""


@holds
@allowed(Permission.REVIEW_REPORT)
def create() -> Answer:
    """Open a reporting period."""
    form = PeriodForm()
    form.validate()
    with act() as a:
        form.offer(trade_options(a.office))
        days = _days(form)
        if days is None:
            return _again(a, form, 422)
        opening = Opening(
            period=(form.period.data or "").strip(),
            opens_on=days[0],
            due_on=days[1],
            trades=form.asked(),
        )
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


def _extensions(a: Act, period: ReportingPeriod) -> list[tuple[PeriodExtension, str]]:
    """Return each extension and for whom it holds; no name = for everybody."""
    found = []
    for one in extensions_of(a.session, period.id):
        whose = a.session.get(Institution, one.institution_id) if one.institution_id else None
        found.append((one, named(whose) if whose else ""))
    return found


def _filed(a: Act, period: ReportingPeriod) -> list[Filed]:
    return filed_for(a.session, period, a.day, a.actor.area_code)


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
