"""The page of one step: its questions, sheets and files, as they stand or as they were sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from portal.casework.special_reports.filing import Filing
from portal.domain.errors import PortalError
from portal.domain.reports import TypedSection, mark_of, typed_report
from portal.rules.form import FormSection
from portal.rules.words import say
from portal.web.answers import typed_section
from portal.web.boundary import Act
from portal.web.institution.answer_fields import questions
from portal.web.institution.file_fields import SentFiles, shown_files
from portal.web.institution.filed import done_count, steps
from portal.web.institution.sheet_fields import shown_sheets
from portal.web.institution.standing import standing_of
from portal.web.language import language

Answer = str | Response | tuple[str, int]


@dataclass(slots=True)
class Sent:
    """What somebody sent for a section: the form, what it says, the button, the files."""

    form: Any
    typed: TypedSection
    button: str
    value: str
    files: SentFiles = field(default_factory=SentFiles)


def clashed(a: Act, filing: Filing, asked: FormSection, sent: Sent, clash: PortalError) -> Answer:
    """Return the page with both versions: what was saved meanwhile and what was typed."""
    before = filing.typed.get(asked.key, {})
    sent.form.seen.data = mark_of(before)
    facts = {
        "clash": say(clash.key, language(), **clash.facts),
        "differences": _differences(filing, asked, before, sent.typed),
        "is_open": filing.is_open,
    }
    return page(a, filing, asked, sent.form, **facts), 409


def _differences(
    filing: Filing, asked: FormSection, saved: TypedSection, typed: TypedSection
) -> list[tuple[Any, Any]]:
    """Return the answers that differ, as (saved, typed) in words."""
    theirs, mine = (typed_section(asked, one, filing.find) for one in (saved, typed))
    pairs = zip(theirs.answers, mine.answers, strict=True)
    return [(was, now) for was, now in pairs if was != now]


def page(
    a: Act,
    filing: Filing,
    asked: FormSection,
    form: Any,  # noqa: ANN401  # untyped library
    **facts: object,
) -> str:
    """Return the page of a step."""
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
        questions=questions(asked, form, said, reviewed),
        sheets={sheet.item.key: sheet for sheet in shown_sheets(filing, asked)},
        files=shown_files(filing, asked),
        limits=a.rules.report.attachments,
        standing=standing_of(a, filing),
        review_days=a.rules.report.review_working_days,
        **facts,
    )
