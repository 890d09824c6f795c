"""Reviewing special reports: the queue, what changed first, a mark for each fact, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.casework.special_reports.report_doubts import doubts_of, newest_reports
from portal.casework.special_reports.report_marks import Mark, keep_marks, kept_marks, put_marks
from portal.casework.special_reports.report_reviews import (
    WHOLE,
    Acceptance,
    Reviewed,
    accept_report,
    may_review,
    report_to_review,
    return_report,
    start_review,
)
from portal.domain.errors import Conflict, PortalError, RuleBroken
from portal.domain.people import Permission
from portal.domain.report_doubts import Doubt
from portal.domain.report_review import Proof, shortfalls
from portal.rules.words import say
from portal.store.people import Person
from portal.store.reports import SpecialReport, reporting_period
from portal.web.answers import doubt_words, shortfall_words
from portal.web.boundary import Act, act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.held import fields_sent, holds
from portal.web.language import language
from portal.web.regulator.reporting.review_claims import form_for, places, read
from portal.web.regulator.reporting.review_marks import (
    REASONS,
    marks_in,
    posted,
    proofs_in,
    words_to_return,
)
from portal.web.shape import moment

Answer = str | Response | tuple[str, int]


@allowed(Permission.DESK)
def one(receipt_no: str) -> str:
    """Show a report: what changed since the last accepted one first, then the rest."""
    with look() as a:
        return _page(a, report_to_review(a.session, a.actor, receipt_no))


@holds
@allowed(Permission.REVIEW_REPORT)
def decide(receipt_no: str) -> Answer:
    """Start the review, return the report with words, or accept it with its proofs."""
    with act() as a:
        seen = report_to_review(a.session, a.actor, receipt_no)
        try:
            with a.session.begin_nested():
                _decide(a, seen)
        except (Conflict, RuleBroken) as error:
            a.session.refresh(seen.report)
            status = 422 if isinstance(error, RuleBroken) else 409
            return _page(a, seen, error), status
    return redirect(url_for("regulator.report", receipt_no=receipt_no), 303)


def _decide(a: Act, seen: Reviewed) -> None:
    number = seen.report.receipt_no
    deed = request.form.get("deed", "")
    if deed not in {"save", "accept", "return"}:
        start_review(a.session, a.actor, number, at=a.at, take_over=deed == "take_over")
        return
    form = form_for(a, seen.report)
    claimed = [path for path, *_ in places(form, seen.report.content)]
    marks = marks_in(claimed, _reasons())
    if deed == "save":
        keep_marks(a.session, a.actor, number, marks, at=a.at)
        return
    put_marks(a.session, a.actor, number, marks)
    if deed == "accept":
        acceptance = Acceptance(proofs=proofs_in(marks), form=form, day=a.day)
        accept_report(a.session, a.actor, number, acceptance, at=a.at)
    else:
        return_report(a.session, a.actor, number, words_to_return(marks), at=a.at)


def _reasons() -> dict[str, str]:
    return {key: say(f"reason.{key}", "zh") for key in REASONS}


def _page(a: Act, seen: Reviewed, error: PortalError | None = None) -> str:
    report = seen.report
    form = form_for(a, report)
    reading = read(a, report, _marks(a, report))
    mine = report.state == "in_review" and report.reviewer_id == a.actor.person_id
    return render_template(
        "regulator/report.html",
        form=Form(),
        report=report,
        institution=seen.institution,
        period=reporting_period(a.session, report.period),
        reading=reading,
        changed=[claim for claim in reading.claims if claim.kind],
        unchanged=[claim for claim in reading.claims if not claim.kind],
        short=[shortfall_words(one) for one in shortfalls(form, report.content)],
        reviewer=_person(a, report.reviewer_id),
        mine=mine,
        may_open=a.actor.may(Permission.REVIEW_REPORT),
        may=a.actor.may(Permission.REVIEW_REPORT) and may_review(a.session, a.actor, report),
        proofs=[proof.value for proof in Proof],
        error=error and _error_words(error),
        faults=_fault_words(error),
        whole=posted("words-").get(WHOLE, ""),
        reasons=[(key, say(f"reason.{key}", language())) for key in REASONS],
        doubts=[doubt_words(one) for one in _doubts(a, report)],
        waits=_waits(a, report),
        review_days=a.rules.report.review_working_days,
    )


def _doubts(a: Act, report: SpecialReport) -> tuple[Doubt, ...]:
    return doubts_of(report, newest_reports(a.session), a.day, a.rules)


def _waits(a: Act, report: SpecialReport) -> int:
    handed_in = report.submitted_at.astimezone(a.office.zone).date()
    return a.rules.calendar.working_days_between(handed_in, a.day)


def _error_words(error: PortalError) -> str:
    when = error.facts.get("when")
    said = say(error.key, language(), **error.facts)
    return f"{said} {moment(when)}" if isinstance(when, datetime) else said


def _fault_words(error: PortalError | None) -> dict[str, str]:
    faults: Mapping[str, str] = getattr(error, "faults", {})
    return {path: say(key, language(), label=path) for path, key in faults.items()}


def _marks(a: Act, report: SpecialReport) -> dict[str, Mark]:
    """Return the marks as they were sent just now, else as they were kept."""
    if fields_sent():
        told = {**posted("verdict-"), **posted("proof-"), **posted("words-"), **posted("reason-")}
        return marks_in(told, _reasons())
    return kept_marks(a.session, report)


def _person(a: Act, person_id: int | None) -> str | None:
    person = a.session.get(Person, person_id) if person_id else None
    return person.name if person else None
