"""One step of a report: a form made from the rulebook's data, kept at every step.

``drop``, ``more``, ``sheet``, ``attach``, ``remove`` and ``leave`` change rows and files without a
script: they keep what was typed as a draft and show the step again. A step that somebody else saved
meanwhile answers 409 with both versions.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from portal.casework.special_reports.evidence import Keeping, attach, take_out
from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.parking import forget, parked
from portal.casework.special_reports.reports import Saved, save_draft
from portal.casework.special_reports.sheets import Place, give_up, mend, stage
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Permission
from portal.domain.reports import Fault, TypedSection, faults_in, mark_of, unstorable
from portal.rules.form import FormSection
from portal.rules.words import say
from portal.store.files import drop_file
from portal.web.boundary import Act, act, look, wiring
from portal.web.forms import shows_again
from portal.web.guard import allowed
from portal.web.institution.answer_fields import (
    DONE,
    LATER,
    MORE_ROWS,
    SPARE_ROWS,
    blame,
    section_form,
    typed_in,
)
from portal.web.institution.file_fields import EVIDENCE, examine, said
from portal.web.institution.filed import filing_for, next_after, section_named
from portal.web.institution.parked import keep
from portal.web.institution.section_page import Answer, Sent, clashed, page
from portal.web.institution.sheet_fields import mends_of
from portal.web.language import language

_PRESSED = ("more", "drop", "sheet", "leave", "attach", "remove", "later")
_ANCHORS = {"attach": "files", "remove": "files"}


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
        return page(a, filing, asked, form, was_parked=bool(seen))


@shows_again
@allowed(Permission.FILE_REPORT, keep)
def save(period: str, section: str) -> Answer:
    """Keep a step: the next one, the same one with other rows or files, or the list of tasks."""
    with look() as a:
        # Files are examined before the act begins: a hostile one holds up nobody else.
        filing = filing_for(a, period)
        asked = section_named(filing, section)
        sent = _sent(filing, asked)
        sent.files = examine(filing, asked, sent.form, a.rules.report.attachments)
    with act() as a:
        answer, gone = _kept(a, filing_for(a, period, locked=True), asked, sent)
    if gone:
        drop_file(wiring().settings.data_dir, gone)
    return answer


def _sent(filing: Filing, asked: FormSection) -> Sent:
    form = section_form(asked, filing.typed.get(asked.key, {}), 0)
    form.validate()
    typed = typed_in(asked, form)
    button = next((name for name in _PRESSED if name in request.form), "go")
    value = request.form.get(button, "")
    if button == "drop":
        _drop(typed, value)
    return Sent(form, filing.tidied(asked, typed), button, value)


def _drop(typed: dict[str, Any], value: str) -> None:
    key, _, number = value.rpartition("-")
    rows = typed.get(key)
    if isinstance(rows, list) and number.isascii() and number.isdecimal():
        typed[key] = [row for at, row in enumerate(rows, 1) if at != int(number[:5])]


def _kept(a: Act, filing: Filing, asked: FormSection, sent: Sent) -> tuple[Answer, str | None]:
    """Return the answer, and the name of a file that nothing needs any more."""
    if sent.form.form_errors or sent.files.faults:
        return _refused(a, filing, asked, sent, ()), None
    try:
        gone = _take_files(a, filing, asked, sent)
    except RuleBroken as error:
        sent.files.faults[EVIDENCE] = said(error)
        return _refused(a, filing, asked, sent, ()), None
    except Conflict as clash:
        return clashed(a, filing, asked, sent, clash), None
    filing = filing_for(a, filing.period.period)
    faults = _faults(filing, asked, sent)
    if faults or _unanswered(sent) or _unmended(filing, asked, sent):
        return _refused(a, filing, asked, sent, faults), gone
    try:
        save_draft(a.session, a.actor, filing, _saved(asked, sent), at=a.at)
        forget(a.session, a.actor, filing.period.period, asked.key)
    except Conflict as clash:
        return clashed(a, filing, asked, sent, clash), gone
    return redirect(_way_on(filing_for(a, filing.period.period), asked, sent), 303), gone


def _take_files(a: Act, filing: Filing, asked: FormSection, sent: Sent) -> str | None:
    """Take in the sheets and the evidence that came; return the file that nothing needs now."""
    for item in asked.items:
        if item.sheet:
            _take_rows(a, filing, Place(asked, item), sent)
    if sent.files.evidence is not None:
        keeping = Keeping(
            data_dir=wiring().settings.data_dir, limits=a.rules.report.attachments, at=a.at
        )
        attach(a.session, a.actor, filing, sent.files.evidence, keeping)
    if sent.button == "remove":
        return take_out(a.session, a.actor, filing, _number(sent.value), at=a.at)
    return None


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal()):
        raise NotFound("attachment.none_such")
    return int(value[:9])


def _take_rows(a: Act, filing: Filing, place: Place, sent: Sent) -> None:
    """Put into what was typed the rows of a sheet, if all of them stand; else those of before."""
    key = place.item.key
    rows = None
    if key in sent.files.sheets:
        rows = stage(a.session, a.actor, filing, place, sent.files.sheets[key], at=a.at)
    elif filing.sheet_of(place.section, place.item) is None:
        return
    elif sent.button == "leave" and sent.value == key:
        give_up(a.session, a.actor, filing, place, at=a.at)
    else:
        rows = mend(a.session, a.actor, filing, place, mends_of(place.item), at=a.at)
    a.session.flush()
    saved = filing.typed.get(place.section.key, {}).get(key, [])
    sent.typed[key] = saved if rows is None else rows


def _faults(filing: Filing, asked: FormSection, sent: Sent) -> tuple[Fault, ...]:
    bad = unstorable(asked, sent.typed)
    if bad or sent.button != "go":
        return bad
    complete = sent.form.finished.data != LATER
    staged = {item.key for item in asked.items if filing.sheet_of(asked, item)}
    found = faults_in(asked, sent.typed, filing.find, complete=complete)
    return tuple(fault for fault in found if fault.item.key not in staged)


def _unanswered(sent: Sent) -> bool:
    return sent.button == "go" and sent.form.finished.data not in {DONE, LATER}


def _unmended(filing: Filing, asked: FormSection, sent: Sent) -> bool:
    return sent.button == "go" and filing.has_faulty_sheet(asked)


def _saved(asked: FormSection, sent: Sent) -> Saved:
    done = sent.button == "go" and sent.form.finished.data == DONE
    return Saved(section=asked, typed=sent.typed, seen=sent.form.seen.data or "", is_done=done)


def _refused(
    a: Act, filing: Filing, asked: FormSection, sent: Sent, faults: tuple[Fault, ...]
) -> Answer:
    blame(sent.form, faults)
    for name, words in sent.files.faults.items():
        sent.form[name].errors = [words]
    if _unanswered(sent) and not sent.files.faults:
        sent.form.finished.errors = [say("report.finished_unanswered", language())]
    count = len(faults) + len(sent.files.faults) + bool(sent.form.finished.errors)
    return page(a, filing, asked, sent.form, faults=count), 422


def _way_on(filing: Filing, asked: FormSection, sent: Sent) -> str:
    period = filing.period.period
    if sent.button == "later":
        return url_for("institution.report", period=period)
    if sent.button == "go":
        return next_after(filing, asked)
    table = sent.value.rpartition("-")[0] if sent.button == "drop" else sent.value
    known = any(item.key == table for item in asked.items)
    anchor = _ANCHORS.get(sent.button) or (f"{table}-table" if known else None)
    return url_for(
        "institution.section",
        period=period,
        section=asked.key,
        spare=SPARE_ROWS + MORE_ROWS if sent.button == "more" else None,
        _anchor=anchor,
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
