"""One step of a report: a form made from the rulebook's data, kept at every step.

``drop`` and ``more`` change rows without a script: they keep what was typed as a draft and show
the step again. A step that somebody else saved meanwhile answers 409 with both versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.casework.filing import Filing
from portal.casework.parking import forget, parked
from portal.casework.reports import Saved, save_draft
from portal.domain.errors import Conflict, PortalError
from portal.domain.people import Permission
from portal.domain.reports import (
    Fault,
    TypedSection,
    faults_in,
    mark_of,
    tidied,
    typed_report,
    unstorable,
)
from portal.rules.form import FormSection
from portal.rules.words import say
from portal.web.answers import typed_section
from portal.web.boundary import Act, act, look
from portal.web.forms import shows_again
from portal.web.guard import allowed
from portal.web.institution.answer_fields import (
    DONE,
    LATER,
    MORE_ROWS,
    SPARE_ROWS,
    blame,
    questions,
    section_form,
    typed_in,
)
from portal.web.institution.filed import (
    done_count,
    filing_for,
    next_after,
    section_named,
    standing_of,
    steps,
)
from portal.web.institution.parked import keep, ticket
from portal.web.language import language

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent for a section: the form, what it says, and the button pressed."""

    form: Any
    typed: TypedSection
    button: str
    value: str


@allowed(Permission.FILE_REPORT)
def show(period: str, section: str) -> Answer:
    """Show a step as it was left."""
    with look() as a:
        filing = filing_for(a, period)
        asked = section_named(filing, section)
        if not filing.is_open:
            return redirect(url_for("institution.sent_report", period=period), 303)
        typed, seen = _to_show(a, filing, section)
        form = section_form(asked, typed, _spare())
        form.seen.data = seen or mark_of(typed)
        form.finished.data = DONE if section in filing.done and not seen else None
        return _page(a, filing, asked, form, was_parked=bool(seen))


@shows_again
@allowed(Permission.FILE_REPORT, keep)
def save(period: str, section: str) -> Answer:
    """Keep a step: the next one, the same one with other rows, or the list of tasks."""
    with act() as a:
        filing = filing_for(a, period, locked=True)
        asked = section_named(filing, section)
        sent = _sent(filing, asked)
        faults = _faults(filing, asked, sent)
        if faults or _unanswered(sent) or sent.form.form_errors:
            return _refused(a, filing, asked, sent, faults)
        try:
            save_draft(a.session, a.actor, filing, _saved(asked, sent), at=a.at)
            forget(a.session, a.actor, period, section)
        except Conflict as clash:
            return _clash(a, filing, asked, sent, clash)
        return redirect(_way_on(filing_for(a, period), asked, sent), 303)


def _sent(filing: Filing, asked: FormSection) -> Sent:
    form = section_form(asked, {}, 0)
    form.validate()
    typed = typed_in(asked, form)
    button = next((name for name in ("drop", "more", "later") if name in request.form), "go")
    value = request.form.get(button, "")
    if button == "drop":
        _drop(typed, value)
    return Sent(form, tidied(asked, typed, filing.find), button, value)


def _drop(typed: dict[str, Any], value: str) -> None:
    key, _, number = value.rpartition("-")
    rows = typed.get(key)
    if isinstance(rows, list) and number.isascii() and number.isdecimal():
        typed[key] = [row for at, row in enumerate(rows, 1) if at != int(number[:5])]


def _faults(filing: Filing, asked: FormSection, sent: Sent) -> tuple[Fault, ...]:
    bad = unstorable(asked, sent.typed)
    if bad or sent.button != "go":
        return bad
    complete = sent.form.finished.data != LATER
    return faults_in(asked, sent.typed, filing.find, complete=complete)


def _unanswered(sent: Sent) -> bool:
    return sent.button == "go" and sent.form.finished.data not in {DONE, LATER}


def _saved(asked: FormSection, sent: Sent) -> Saved:
    done = sent.button == "go" and sent.form.finished.data == DONE
    return Saved(section=asked, typed=sent.typed, seen=sent.form.seen.data or "", is_done=done)


def _refused(
    a: Act, filing: Filing, asked: FormSection, sent: Sent, faults: tuple[Fault, ...]
) -> Answer:
    blame(sent.form, faults)
    if _unanswered(sent):
        sent.form.finished.errors = [say("report.finished_unanswered", language())]
    count = len(faults) + _unanswered(sent)
    return _page(a, filing, asked, sent.form, faults=count), 422


def _clash(a: Act, filing: Filing, asked: FormSection, sent: Sent, clash: PortalError) -> Answer:
    before = filing.typed.get(asked.key, {})
    sent.form.seen.data = mark_of(before)
    facts = {
        "clash": say(clash.key, language(), **clash.facts),
        "differences": _differences(filing, asked, before, sent.typed),
        "is_open": filing.is_open,
    }
    return _page(a, filing, asked, sent.form, **facts), 409


def _differences(
    filing: Filing, asked: FormSection, saved: TypedSection, typed: TypedSection
) -> list[tuple[Any, Any]]:
    """Return the answers that differ, as (saved, typed) in words."""
    theirs, mine = (typed_section(asked, one, filing.find) for one in (saved, typed))
    pairs = zip(theirs.answers, mine.answers, strict=True)
    return [(was, now) for was, now in pairs if was != now]


def _way_on(filing: Filing, asked: FormSection, sent: Sent) -> str:
    period = filing.period.period
    if sent.button == "later":
        return url_for("institution.report", period=period)
    if sent.button == "go":
        return next_after(filing, asked)
    table = sent.value if sent.button == "more" else sent.value.rpartition("-")[0]
    known = table if any(item.key == table for item in asked.items) else None
    return url_for(
        "institution.section",
        period=period,
        section=asked.key,
        spare=SPARE_ROWS + MORE_ROWS if sent.button == "more" else None,
        _anchor=known and f"{known}-table",
    )


def _spare() -> int:
    asked = request.args.get("spare", "")
    return SPARE_ROWS + MORE_ROWS if asked == str(SPARE_ROWS + MORE_ROWS) else SPARE_ROWS


def _to_show(a: Act, filing: Filing, section: str) -> tuple[TypedSection, str]:
    """Return what to show, and the mark it was typed on where a lost session left it."""
    left = parked(a.session, a.actor, filing.period.period, section)
    if left is not None and "saved" not in request.args:
        return left.typed, left.seen
    return filing.typed.get(section, {}), ""


def _page(
    a: Act,
    filing: Filing,
    asked: FormSection,
    form: Any,  # noqa: ANN401  # untyped library
    **facts: object,
) -> str:
    listed = steps(filing, asked.key)
    latest = filing.latest
    reviewed = typed_report(filing.form, latest.content)[asked.key] if latest else {}
    said = latest.review if latest and latest.state == "returned" else {}
    return render_template(
        "institution/report_section.html",
        form=form,
        section=asked,
        number=[section.key for section in filing.form.sections].index(asked.key) + 1,
        steps=listed,
        done=done_count(listed),
        ticket=ticket(a.actor.person_id),
        questions=questions(asked, form, said, reviewed),
        standing=standing_of(filing, a.day),
        review_days=a.rules.report.review_working_days,
        **facts,
    )
