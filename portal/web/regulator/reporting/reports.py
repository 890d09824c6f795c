"""Reviewing special reports: the queue, what changed first, a mark for each fact, the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.casework.special_reports.filing import form_of
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
from portal.domain.fact_places import as_asked, fact_place, question_of
from portal.domain.people import Permission
from portal.domain.report_doubts import Doubt
from portal.domain.report_review import (
    Change,
    ChangeKind,
    Comparison,
    Proof,
    compare,
    shortfalls,
)
from portal.rules.form import Item, ReportForm
from portal.rules.words import say
from portal.store.attachments import Attachment, attachments_of
from portal.store.people import Person
from portal.store.reports import (
    SpecialReport,
    current_facts,
    last_accepted,
    reporting_period,
)
from portal.web.answers import doubt_words, in_words, row_in_words, shortfall_words
from portal.web.boundary import Act, act, look, wiring
from portal.web.guard import allowed
from portal.web.language import language
from portal.web.regulator.reporting.review_marks import (
    REASONS,
    marks_in,
    posted,
    proofs_in,
    words_to_return,
)
from portal.web.shape import moment

Answer = str | Response | tuple[str, int]
UNMARKED = Mark()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One fact to prove: an answer or a row, what it was before, the mark it has and the words."""

    path: str
    label: str
    cells: tuple[tuple[str, str], ...]
    """(column, words); one pair without a column for a plain answer."""
    old_cells: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    """added, changed, or empty where it stayed."""
    proof: str = Proof.DECLARED
    """The mark it keeps unless it is marked anew."""
    mark: Mark = UNMARKED
    words: str = ""
    """What was said of it when the report was returned."""
    files: tuple[Attachment, ...] = ()
    """The evidence to it."""


@allowed(Permission.DESK)
def one(receipt_no: str) -> str:
    """Show a report: what changed since the last accepted one first, then the rest."""
    with look() as a:
        return _page(a, report_to_review(a.session, a.actor, receipt_no))


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
    form = _form(a, seen.report)
    places = [path for path, *_ in _places(form, seen.report.content)]
    marks = marks_in(places, _reasons())
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
    form = _form(a, report)
    before = last_accepted(a.session, report.institution_id, report.id)
    old_form = _form(a, before) if before else None
    comparison = compare(form, before.content if before else {}, report.content, old_form)
    claims = list(_claims(a, report, form, comparison.changes))
    mine = report.state == "in_review" and report.reviewer_id == a.actor.person_id
    return render_template(
        "regulator/report.html",
        form=FlaskForm(),
        report=report,
        institution=seen.institution,
        period=reporting_period(a.session, report.period),
        before=before,
        changed=[claim for claim in claims if claim.kind],
        unchanged=[claim for claim in claims if not claim.kind],
        removed=_gone(comparison, ChangeKind.REMOVED),
        unasked=_gone(comparison, ChangeKind.UNASKED),
        short=[shortfall_words(one) for one in shortfalls(form, report.content)],
        reviewer=_person(a, report.reviewer_id),
        mine=mine,
        may=a.actor.may(Permission.REVIEW_REPORT) and may_review(a.session, a.actor, report),
        proofs=[proof.value for proof in Proof],
        error=error and _error_words(error),
        faults=_fault_words(error),
        whole=posted("words-").get(WHOLE, "") if request.method == "POST" else "",
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
    if request.method == "POST":
        sent = {**posted("verdict-"), **posted("proof-"), **posted("words-"), **posted("reason-")}
        return marks_in(sent, _reasons())
    return kept_marks(a.session, report)


def _form(a: Act, report: SpecialReport) -> ReportForm:
    period = reporting_period(a.session, report.period)
    return form_of(period, wiring().settings.local_rules) if period else a.rules.report.form


def _claims(
    a: Act,
    report: SpecialReport,
    form: ReportForm,
    changes: tuple[Change, ...],
) -> Iterator[Claim]:
    changed = {_place(change): change for change in changes if change.new is not None}
    proved = {
        _value_key(fact.path, as_asked(place.item, fact.value)): fact
        for fact in current_facts(a.session, report.institution_id)
        if (place := fact_place(fact.path, form, None))
    }
    marks = _marks(a, report)
    files = attachments_of(a.session, report.id)
    for path, item, value in _places(form, report.content):
        change = changed.get(path)
        fact = proved.get(_value_key(path, value))
        yield Claim(
            path=path,
            label=item.label(language()),
            cells=_cells(item, value),
            old_cells=_cells(item, change.old) if change and change.old is not None else (),
            kind=change.kind if change else "",
            proof=fact.proof if fact else Proof.DECLARED,
            mark=marks.get(path, UNMARKED),
            words=report.review.get(path, ""),
            files=tuple(_files_to(files, path, item, value)),
        )


def _places(form: ReportForm, content: Mapping[str, Any]) -> Iterator[tuple[str, Item, Any]]:
    """Yield (path, item, value) of every fact that a content claims, rows one by one."""
    for section in form.sections:
        answers = content.get(section.key, {})
        for item in section.items:
            path = f"{section.key}.{item.key}"
            if item.kind == "table":
                for number, row in enumerate(answers.get(item.key) or [], 1):
                    yield f"{path}.{number}", item, row
            elif answers.get(item.key) is not None:
                yield path, item, answers[item.key]


def _files_to(
    files: list[Attachment],
    path: str,
    item: Item,
    value: Any,  # noqa: ANN401  # JSON
) -> Iterator[Attachment]:
    """Yield the files that prove a claim: those of its row, and those of the whole table."""
    place = path.rpartition(".")[0] if item.kind == "table" else path
    name = value.get(item.columns[0].key) if item.kind == "table" else ""
    for file in files:
        if file.path == place and file.row_name in {"", name}:
            yield file


def _place(change: Change) -> str:
    path = f"{change.section}.{change.item.key}"
    return path if change.row is None else f"{path}.{change.row}"


def _value_key(path: str, value: object) -> tuple[str, str]:
    """Return by what a fact is known again: its place, and its value wherever its row stands."""
    return question_of(path), repr(sorted(value.items())) if isinstance(value, dict) else repr(
        value
    )


def _cells(item: Item, value: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401  # JSON
    return row_in_words(item, value) if item.kind == "table" else (("", in_words(item, value)),)


def _gone(
    comparison: Comparison, kind: ChangeKind
) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return what the last report said and this one does not, as (question, answers)."""
    return [
        (change.item.label(language()), _cells(change.item, change.old))
        for change in comparison.changes
        if change.kind == kind
    ]


def _person(a: Act, person_id: int | None) -> str | None:
    person = a.session.get(Person, person_id) if person_id else None
    return person.name if person else None
