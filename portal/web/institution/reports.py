"""Special reports of an institution: list, tasks, check, handing in, receipt, versions."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.casework.special_reports.filing import Filing, form_of
from portal.casework.special_reports.reports import (
    HandIn,
    start_from_last,
    submit_report,
    untouched,
)
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Permission
from portal.domain.report_review import shortfalls
from portal.domain.reports import Fault, read_report
from portal.rules.words import say
from portal.store.reports import SpecialReport, last_accepted, reports_of
from portal.web.answers import fault_words, shortfall_words, shown_report, typed_section
from portal.web.boundary import Act, act, look, wiring
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.held import fields_sent, holds
from portal.web.institution.file_fields import shown_files
from portal.web.institution.filed import done_count, filing_for, is_ready, steps
from portal.web.institution.standing import standing_of, standings
from portal.web.language import language

Answer = str | Response | tuple[str, int]


@allowed(Permission.FILE_REPORT)
def show() -> str:
    """Show every period for which reports are due, and all versions handed in."""
    with look() as a:
        versions = reports_of(a.session, a.actor.institution_id or 0)
        return render_template(
            "institution/reports.html", standings=standings(a, versions), versions=versions
        )


@allowed(Permission.FILE_REPORT)
def report(period: str) -> Answer:
    """Show the tasks of a report."""
    with look() as a:
        filing = filing_for(a, period)
        listed = steps(filing)
        last = last_accepted(a.session, filing.institution.id) if untouched(filing) else None
        return render_template(
            "institution/report.html",
            filing=filing,
            standing=standing_of(a, filing),
            steps=listed,
            done=done_count(listed),
            ready=is_ready(filing),
            last=last,
            start=FlaskForm(),
            review_days=a.rules.report.review_working_days,
            change_days=a.rules.report.change_report_days,
        )


@allowed(Permission.FILE_REPORT)
def start(period: str) -> Response:
    """Begin with the answers that were accepted last."""
    with act() as a:
        start_from_last(a.session, a.actor, filing_for(a, period, locked=True), at=a.at)
    return redirect(url_for("institution.report", period=period), 303)


@allowed(Permission.FILE_REPORT)
def check(period: str) -> Answer:
    """Show all answers before they are handed in."""
    with look() as a:
        filing = filing_for(a, period)
        if not filing.is_open:
            return redirect(url_for("institution.sent_report", period=period), 303)
        return _check_page(a, filing)


@holds
@allowed(Permission.FILE_REPORT)
def submit(period: str) -> Answer:
    """Hand the report in; a second time it says that it was handed in already."""
    with act() as a:
        filing = filing_for(a, period, locked=True)
        try:
            submit_report(a.session, a.actor, filing, _handed(a))
        except RuleBroken as error:
            return _check_page(a, filing, error), 422
        except Conflict as error:
            words = say(error.key, language(), **error.facts)
            return _sent_page(a, filing, words), 409
    return redirect(url_for("institution.sent_report", period=period), 303)


def _handed(a: Act) -> HandIn:
    kind, words = (request.form.get(name, "") for name in ("kind", "why"))
    return HandIn(at=a.at, day=a.day, kind=kind, words=words)


@allowed(Permission.FILE_REPORT)
def sent(period: str) -> Answer:
    """Show the receipt of the version handed in last."""
    with look() as a:
        filing = filing_for(a, period)
        if filing.latest is None:
            return redirect(url_for("institution.report", period=period), 303)
        return _sent_page(a, filing)


@allowed(Permission.FILE_REPORT)
def version(period: str, number: int) -> str:
    """Show a version as it was handed in, to read and to print."""
    with look() as a:
        filing = filing_for(a, period)
        mine = reports_of(a.session, filing.institution.id)
        row = next((r for r in mine if (r.period, r.version) == (period, number)), None)
        if row is None:
            raise NotFound("report.no_such_report")
        form = form_of(filing.period, wiring().settings.local_rules)
        return render_template(
            "institution/report_version.html",
            version=row,
            institution=filing.institution,
            period=filing.period,
            sections=shown_report(form, row.content),
        )


def _check_page(a: Act, filing: Filing, refused: RuleBroken | None = None) -> str:
    content, faults = read_report(filing.form, filing.typed, filing.find)
    listed = steps(filing, "check")
    return render_template(
        "institution/report_check.html",
        filing=filing,
        form=Form(),
        standing=standing_of(a, filing),
        steps=listed,
        done=done_count(listed),
        ready=is_ready(filing),
        refused=refused is not None,
        unsaid={
            name: say(key, language())
            for name, key in (refused.faults if refused else {}).items()
            if name in {"kind", "why"}
        },
        typed=fields_sent(),
        gaps=_gaps(filing, faults),
        short=[shortfall_words(one) for one in shortfalls(filing.form, content)],
        sections=[
            typed_section(section, filing.typed.get(section.key, {}), filing.find)
            for section in filing.form.sections
        ],
        files={section.key: shown_files(filing, section) for section in filing.form.sections},
        review_days=a.rules.report.review_working_days,
        change_days=a.rules.report.change_report_days,
    )


def _gaps(filing: Filing, faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    """Return what keeps the report from being handed in: a section, and each fault in words."""
    gaps = []
    for section in filing.form.sections:
        words = [fault_words(fault) for fault in faults if fault.section == section.key]
        if words or section.key not in filing.done:
            gaps.append({"key": section.key, "label": section.label(language()), "words": words})
    return gaps


def _sent_page(a: Act, filing: Filing, already: str = "") -> str:
    return render_template(
        "institution/report_sent.html",
        filing=filing,
        report=filing.latest,
        standing=standing_of(a, filing),
        already=already,
        answer_by=_answer_by(a, filing.latest),
    )


def _answer_by(a: Act, report: SpecialReport | None) -> Any:  # noqa: ANN401  # a date, or None
    if report is None or report.state not in {"submitted", "in_review"}:
        return None
    handed_in = report.submitted_at.astimezone(a.office.zone).date()
    return a.rules.calendar.add_working_days(handed_in, a.rules.report.review_working_days)
