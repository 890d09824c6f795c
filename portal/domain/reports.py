"""The content of a special report, checked against its form, and how far its steps are.

What an institution types is kept as text (``Typed``) until it is submitted; only text that reads
without a fault becomes ``Content``. Both map section → item → answer; a table's answer is a list
of rows, column → answer. A path names a place: ``venues.classroom_seats``, and for a row, from 1,
``teachers.teachers.3.name``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.domain.answers import (
    NO,
    YES,
    Find,
    Wrong,
    read_answer,
    storable,
    tidy,
    typed_answer,
)
from portal.rules.form import FormSection, Item, ReportForm

Row = dict[str, str]
TypedSection = dict[str, str | list[Row]]
Typed = dict[str, TypedSection]
Content = dict[str, dict[str, Any]]

MOST_ROWS = 300
"""Rows of a table: more than any register of a training institution needs."""
LONGEST_TYPED = 10_000
"""Letters of one answer that a draft keeps, read or not."""
MARK_LENGTH = 16


class Step(StrEnum):
    """How far a section is."""

    TODO = "todo"
    NOW = "now"
    FAULTY = "faulty"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One answer that cannot stand: where, which question, and the sentence that says why."""

    section: str
    item: Item
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    """The row of a table, from 1; None outside of tables, and for a table as a whole."""
    column: Item | None = None

    @property
    def path(self) -> str:
        """Return the place of the answer."""
        parts = [self.section, self.item.key]
        if self.row is not None:
            parts.append(str(self.row))
        if self.column is not None:
            parts.append(self.column.key)
        return ".".join(parts)


def tidied(section: FormSection, typed: Mapping[str, Any], find: Find) -> TypedSection:
    """Return the typed answers of one section as a draft keeps them.

    Only its own items, their spaces made plain, known trades as slugs, without empty rows.
    """
    kept: TypedSection = {}
    for item in section.items:
        answer = typed.get(item.key)
        if item.kind == "table":
            rows = [
                _tidied_row(item, row, find) for row in answer or [] if isinstance(row, Mapping)
            ]
            kept[item.key] = [row for row in rows if any(row.values())]
        else:
            kept[item.key] = _tidied(item, answer, find)
    return kept


def unstorable(section: FormSection, typed: TypedSection) -> tuple[Fault, ...]:
    """Return what not even a draft can keep: control characters, boundless text or rows."""
    return tuple(fault for fault in _each(section, typed, _check_storable) if fault)


def faults_in(
    section: FormSection, typed: TypedSection, find: Find, *, complete: bool
) -> tuple[Fault, ...]:
    """Return every fault of a section; with ``complete`` a missing answer is one too."""
    _, faults = read_section(section, typed, find)
    return tuple(fault for fault in faults if complete or fault.key not in {MISSING, NO_ROWS})


MISSING, NO_ROWS = "answer.missing", "answer.no_rows"


def read_section(
    section: FormSection, typed: TypedSection, find: Find
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the answers of one section that could be read, and the faults of the others."""
    read: dict[str, Any] = {}
    faults: list[Fault] = []
    for item in section.items:
        answer = typed.get(item.key)
        if item.kind == "table":
            rows = answer if isinstance(answer, list) else []
            read[item.key] = _read_table(section.key, item, rows, find, faults)
            continue
        found = _read_one(item, answer if isinstance(answer, str) else "", typed, find)
        if isinstance(found, Wrong):
            faults.append(_fault(section.key, item, found))
        elif found is not None:
            read[item.key] = found
    return read, tuple(faults)


def read_report(form: ReportForm, typed: Typed, find: Find) -> tuple[Content, tuple[Fault, ...]]:
    """Return the content of a whole report, and its faults: it stands only without any."""
    content: Content = {}
    faults: list[Fault] = []
    for section in form.sections:
        content[section.key], found = read_section(section, typed.get(section.key, {}), find)
        faults.extend(found)
    return content, tuple(faults)


def typed_report(form: ReportForm, content: Content) -> Typed:
    """Return a content as it would be typed, to go on writing from it."""
    return {
        section.key: {
            item.key: _typed_item(item, content.get(section.key, {}).get(item.key))
            for item in section.items
        }
        for section in form.sections
    }


def step_of(section: FormSection, typed: TypedSection, find: Find, *, is_done: bool) -> Step:
    """Return how far a section is: done only where it was said to be and still reads well."""
    if not any(typed.values()):
        return Step.TODO
    if faults_in(section, typed, find, complete=is_done):
        return Step.FAULTY
    return Step.DONE if is_done else Step.NOW


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a content in canonical JSON."""
    line = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(line.encode()).hexdigest()


def fingerprint(content: Content, files: Iterable[str]) -> str:
    """Return the SHA-256 (hex) of a report: its content, and the files it rests on by theirs."""
    rested_on = sorted(files)
    return digest({**content, "files": rested_on} if rested_on else content)


def mark_of(typed: TypedSection | None) -> str:
    """Return a short mark of a section as it stands, by which a later save knows what it saw."""
    kept = {key: answer for key, answer in (typed or {}).items() if answer}
    return digest(kept)[:MARK_LENGTH]


def is_needed(item: Item, neighbours: Mapping[str, Any]) -> bool:
    """Tell whether an answer must be given, as its neighbours stand (typed or read)."""
    if item.condition is None:
        return item.required
    key, wanted = item.condition
    given = neighbours.get(key)
    return item.required and (_word(given) if isinstance(given, bool) else given) == wanted


def _word(yes: bool) -> str:  # noqa: FBT001  # it is the answer itself
    return YES if yes else NO


def _tidied(item: Item, answer: object, find: Find) -> str:
    text = tidy(answer, lines=item.kind == "paragraph") if isinstance(answer, str) else ""
    if item.kind not in {"trade", "trades"}:
        return text
    found = read_answer(item, text, find)
    return text if isinstance(found, Wrong) else typed_answer(item, found)


def _tidied_row(item: Item, row: Mapping[str, Any], find: Find) -> Row:
    return {column.key: _tidied(column, row.get(column.key), find) for column in item.columns}


def _each(
    section: FormSection,
    typed: TypedSection,
    check: Callable[[str, Item, str], Wrong | None],
) -> Iterator[Fault | None]:
    for item in section.items:
        answer = typed.get(item.key, "")
        if isinstance(answer, str):
            wrong = check(section.key, item, answer)
            yield _fault(section.key, item, wrong) if wrong else None
            continue
        if len(answer) > MOST_ROWS:
            many = Wrong("answer.too_many_rows", {"most": MOST_ROWS, "rows": len(answer)})
            yield _fault(section.key, item, many)
        for number, row in enumerate(answer, 1):
            for column in item.columns:
                wrong = check(section.key, column, row.get(column.key, ""))
                yield _fault(section.key, item, wrong, number, column) if wrong else None


def _check_storable(_section: str, _item: Item, text: str) -> Wrong | None:
    if not storable(text):
        return Wrong("answer.unstorable")
    if len(text) > LONGEST_TYPED:
        return Wrong("answer.too_long", {"most": LONGEST_TYPED, "length": len(text)})
    return None


def _fault(
    section: str, item: Item, wrong: Wrong, row: int | None = None, column: Item | None = None
) -> Fault:
    return Fault(
        section=section, item=item, key=wrong.key, facts=wrong.facts, row=row, column=column
    )


def _read_one(item: Item, text: str, neighbours: Mapping[str, Any], find: Find) -> object | None:
    found = read_answer(item, text, find)
    if found is None and is_needed(item, neighbours):
        return Wrong(MISSING)
    return found


def _read_table(
    section: str, item: Item, rows: list[Row], find: Find, faults: list[Fault]
) -> list[dict[str, Any]]:
    if not rows and item.required:
        faults.append(_fault(section, item, Wrong(NO_ROWS)))
    read: list[dict[str, Any]] = []
    for number, row in enumerate(rows, 1):
        answers: dict[str, Any] = {}
        for column in item.columns:
            found = _read_one(column, row.get(column.key, ""), row, find)
            if isinstance(found, Wrong):
                faults.append(_fault(section, item, found, number, column))
            elif found is not None:
                answers[column.key] = found
        read.append(answers)
    return read


def _typed_item(item: Item, value: object) -> str | list[Row]:
    if item.kind != "table":
        return typed_answer(item, value)
    rows = value if isinstance(value, list) else []
    return [
        {column.key: typed_answer(column, row.get(column.key)) for column in item.columns}
        for row in rows
    ]
