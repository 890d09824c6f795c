"""A sheet with faults on the page of its step: a field beside each faulty cell to mend it there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request

from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.sheets import Place, faults_of, rows_of
from portal.domain.identity import shown as identity_shown
from portal.domain.sheet_rows import FaultyCell, Mend
from portal.rules.form import FormSection, Item
from portal.rules.words import label
from portal.store.staged_sheets import StagedSheet
from portal.web.answers import Shown, cell_words, row_words, typed_table
from portal.web.language import language

_FIX = re.compile(r"fix-([a-z0-9_]+)-([0-9]{1,7})-([a-z0-9_]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FixCell:
    """A faulty cell as the page shows it; ``choices`` (key, words) where one is to be chosen."""

    name: str
    line: int
    column: str
    typed: str
    said: str
    choices: tuple[tuple[str, str], ...]

    @property
    def fault(self) -> str:
        """Return what is wrong, without the name of the column that stands beside it."""
        return self.said.removeprefix(f"“{self.column.partition(' ')[2]}”").strip()

    @property
    def brief(self) -> str:
        """Return the line and what is wrong there, for the summary on top."""
        return row_words(self.line, self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSheet:
    """A staged sheet as the page shows it."""

    item: Item
    staged: StagedSheet
    cells: tuple[FixCell, ...]
    passed: Shown
    """The rows without faults."""
    faulty_rows: int


def shown_sheets(filing: Filing, section: FormSection) -> list[ShownSheet]:
    """Return the sheets of a section that still have faults."""
    found = []
    for item in section.items:
        staged = filing.sheet_of(section, item)
        if staged is not None:
            found.append(_shown(filing, Place(section, item), staged))
    return found


def _shown(filing: Filing, place: Place, staged: StagedSheet) -> ShownSheet:
    faults = faults_of(filing, place)
    wrong = {fault.line for fault in faults}
    passed = [row for line, row in rows_of(staged) if line not in wrong]
    return ShownSheet(
        item=place.item,
        staged=staged,
        cells=tuple(_cell(place.item, fault) for fault in faults),
        passed=typed_table(place.section, place.item, passed, filing.find),
        faulty_rows=len(wrong),
    )


def _cell(item: Item, fault: FaultyCell) -> FixCell:
    return FixCell(
        name=f"fix-{item.key}-{fault.line}-{fault.column.key}",
        line=fault.line,
        column=f"{fault.letter} {fault.column.label(language())}",
        typed=identity_shown(fault.typed),
        said=cell_words(fault.fault),
        choices=_choices(fault.column),
    )


def _choices(column: Item) -> tuple[tuple[str, str], ...]:
    lang = language()
    if column.kind == "yesno":
        return tuple((key, label(f"answer.{key}", lang)) for key in ("yes", "no"))
    return tuple((key, label(f"choice.{key}", lang)) for key in column.choices)


def mends_of(item: Item) -> Mend:
    """Return what was typed to mend the sheet of a table: (line, column) → text."""
    found = ((_FIX.fullmatch(name), value) for name, value in request.form.items())
    return {
        (int(match[2]), match[3]): value for match, value in found if match and match[1] == item.key
    }
