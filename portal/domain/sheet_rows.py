"""Rows of a sheet on their way into a table: each with its line, its faults, what mends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.answers import Find
from portal.domain.identity import Seal
from portal.domain.reports import Fault, Row, TypedSection, faults_in
from portal.domain.sealing import sealed_rows
from portal.rules.form import FormSection, Item

Lined = tuple[int, Row]
"""A row and its line in the file."""
Mend = Mapping[tuple[int, str], str]
"""(line, column) → what it is to be instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyCell:
    """A cell of a sheet that cannot stand: where it is, what it holds, and the fault."""

    line: int
    letter: str
    """The column's letter in the template."""
    column: Item
    typed: str
    fault: Fault


def faulty_cells(
    section: FormSection, item: Item, rows: Sequence[Lined], find: Find
) -> tuple[FaultyCell, ...]:
    """Return every faulty cell of the sheet at once, in the order of its lines."""
    alone = FormSection(key=section.key, zh=section.zh, en=section.en, items=(item,))
    typed: TypedSection = {item.key: [row for _, row in rows]}
    cells = []
    for fault in faults_in(alone, typed, find, complete=True):
        if fault.row is None or fault.column is None:
            continue
        line, row = rows[fault.row - 1]
        cells.append(
            FaultyCell(
                line=line,
                letter=letter_of(item, fault.column),
                column=fault.column,
                typed=row.get(fault.column.key, ""),
                fault=fault,
            )
        )
    return tuple(cells)


def mended(item: Item, rows: Sequence[Lined], mends: Mend) -> list[Lined]:
    """Return the rows with what was corrected in place; other cells stay as they are."""
    keys = [column.key for column in item.columns]
    return [
        (line, {key: mends.get((line, key), row.get(key, "")) for key in keys})
        for line, row in rows
    ]


def sealed_lines(
    item: Item, rows: Sequence[Lined], known: Sequence[Row], seal: Seal
) -> list[Lined]:
    """Return the rows with identity numbers sealed, as a draft's are."""
    kept = sealed_rows(item, [row for _, row in rows], list(known), seal)
    return [(line, row) for (line, _), row in zip(rows, kept, strict=True)]


def letter_of(item: Item, column: Item) -> str:
    """Return the letter under which the template has a column."""
    return chr(ord("A") + item.columns.index(column))
