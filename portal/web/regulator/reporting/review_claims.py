"""What a report claims, fact by fact, as its reviewer sees it: before, proof, mark and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.casework.special_reports.filing import form_of
from portal.casework.special_reports.report_marks import Mark
from portal.domain.fact_places import as_asked, fact_place, question_of
from portal.domain.report_review import Change, ChangeKind, Comparison, Proof, compare
from portal.rules.form import Item, ReportForm
from portal.store.attachments import Attachment, attachments_of
from portal.store.reports import SpecialReport, current_facts, last_accepted, reporting_period
from portal.web.answers import in_words, row_in_words
from portal.web.boundary import Act, wiring
from portal.web.language import language

UNMARKED = Mark()
Cells = tuple[tuple[str, str], ...]
"""(column, words); one pair without a column for a plain answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One fact to prove: an answer or a row, what it was before, the mark it has and the words."""

    path: str
    label: str
    cells: Cells
    old_cells: Cells = ()
    kind: str = ""
    """added, changed, or empty where it stayed."""
    proof: str = Proof.DECLARED
    """The mark it keeps unless it is marked anew."""
    mark: Mark = UNMARKED
    words: str = ""
    """What was said of it when the report was returned."""
    files: tuple[Attachment, ...] = ()
    """The evidence to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A report beside the one accepted before it; ``before`` None: it is the first."""

    before: SpecialReport | None
    claims: tuple[Claim, ...]
    removed: tuple[tuple[str, Cells], ...]
    """What the institution took out, as (question, answers)."""
    unasked: tuple[tuple[str, Cells], ...]
    """What the report's form no longer asks."""


def read(a: Act, report: SpecialReport, marks: Mapping[str, Mark]) -> Reading:
    """Return what a report claims, each fact with the mark it was given."""
    form = form_for(a, report)
    before = last_accepted(a.session, report.institution_id, report.id)
    old_form = form_for(a, before) if before else None
    found = compare(form, before.content if before else {}, report.content, old_form)
    return Reading(
        before=before,
        claims=tuple(_claims(a, report, found.changes, marks)),
        removed=_gone(found, ChangeKind.REMOVED),
        unasked=_gone(found, ChangeKind.UNASKED),
    )


def form_for(a: Act, report: SpecialReport) -> ReportForm:
    """Return the form that a report answers."""
    period = reporting_period(a.session, report.period)
    return form_of(period, wiring().settings.local_rules) if period else a.rules.report.form


def _claims(
    a: Act,
    report: SpecialReport,
    changes: tuple[Change, ...],
    marks: Mapping[str, Mark],
) -> Iterator[Claim]:
    form = form_for(a, report)
    changed = {_place(change): change for change in changes if change.new is not None}
    proved = {
        _value_key(fact.path, as_asked(place.item, fact.value)): fact
        for fact in current_facts(a.session, report.institution_id)
        if (place := fact_place(fact.path, form, None))
    }
    files = attachments_of(a.session, report.id)
    for path, item, value in places(form, report.content):
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


def places(form: ReportForm, content: Mapping[str, Any]) -> Iterator[tuple[str, Item, Any]]:
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
    said = sorted(value.items()) if isinstance(value, dict) else value
    return question_of(path), repr(said)


def _cells(item: Item, value: Any) -> Cells:  # noqa: ANN401  # JSON
    return row_in_words(item, value) if item.kind == "table" else (("", in_words(item, value)),)


def _gone(comparison: Comparison, kind: ChangeKind) -> tuple[tuple[str, Cells], ...]:
    """Return what the last report said and this one does not, as (question, answers)."""
    return tuple(
        (change.item.label(language()), _cells(change.item, change.old))
        for change in comparison.changes
        if change.kind == kind
    )
