"""A file given back with a column that says what became of each row, and why.

Numbers and names of persons are masked in it as everywhere; no cell is taken for a formula.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from portal.intake.files.formats import Format
from portal.intake.files.headers import LOOKED_AT, Layout, layout_of, measure
from portal.intake.files.reading import sheets_of
from portal.intake.files.refusals import shown
from portal.intake.files.sheets import Sheet
from portal.intake.files.source import Source
from portal.intake.files.workbook_out import FAULTY, HEAD, NOTE, PLAIN, Cell, SheetOut, workbook
from portal.rules.words import label

MOST_ROWS = 20_000
"""Rows of a sheet that are given back; a longer file is mended by its list of errors."""
_NO_SIGN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_WIDTHS = (12, 48)

Reasons = Mapping[tuple[str, int], list[str]]


def annotated(source: Source, form: Format, report: Mapping[str, Any], lang: str) -> bytes:
    """Return the file as a workbook: two columns in front say result and reason of every row.

    Raises:
        RuleBroken: the file cannot be read.

    """
    reasons: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for one in report["refusals"]:
        words = f"{one['column']}：{one[lang]}" if one["column"] else one[lang]
        reasons[one["sheet"], one["line"]].append(words)
    aside = {(one["sheet"], one["line"]) for one in report["skipped"]}
    names = _names()
    sheets = [
        SheetOut(
            name=names(sheet.name),
            rows=list(islice(_rows(sheet, form, reasons, aside, lang), MOST_ROWS)),
            widths=_WIDTHS,
        )
        for sheet in sheets_of(source, measure(form))
        if not sheet.hidden
    ]
    return workbook(sheets)


def _names() -> Any:  # noqa: ANN401  # a function that remembers what it gave
    given: set[str] = set()

    def name(wanted: str) -> str:
        plain = _NO_SIGN.sub(" ", wanted).strip("' ")[: _LONGEST_NAME - 4] or "1"
        found = next(
            one
            for one in chain([plain], (f"{plain} {n}" for n in range(2, 1000)))
            if one.casefold() not in given
        )
        given.add(found.casefold())
        return found

    return name


def _rows(
    sheet: Sheet, form: Format, reasons: Reasons, aside: set[tuple[str, int]], lang: str
) -> Iterator[Sequence[Cell]]:
    rows = iter(sheet.rows)
    first = [*islice(rows, LOOKED_AT)]
    layout = layout_of(first, form)
    hidden = _personal(layout, form) if layout else None
    for line, cells in chain(first, rows):
        place = sheet.name, line
        told = _told(place, layout, reasons, aside, lang)
        yield [*told, *_cells(cells, hidden, is_data=told[0].look != HEAD)]


def _told(
    place: tuple[str, int],
    layout: Layout | None,
    reasons: Reasons,
    aside: set[tuple[str, int]],
    lang: str,
) -> tuple[Cell, Cell]:
    if layout is not None and layout.line <= place[1] <= layout.last_line:
        return Cell(label("row.result", lang), HEAD), Cell(label("row.reason", lang), HEAD)
    if found := reasons.get(place):
        return Cell(label("row.refused", lang), FAULTY), Cell("；".join(found), FAULTY)
    if layout is None or place[1] < layout.line or place in aside:
        return Cell(label("row.aside", lang), NOTE), Cell("")
    return Cell(label("row.good", lang)), Cell("")


def _personal(layout: Layout, form: Format) -> frozenset[int]:
    """Return the columns whose cells are shown masked only."""
    personal = {column.key for column in form.columns if column.personal}
    return frozenset(
        place
        for key, place in zip(form.keys, layout.places, strict=True)
        if key in personal and place < layout.width
    )


def _cells(cells: Iterable[str], hidden: frozenset[int] | None, *, is_data: bool) -> Iterator[Cell]:
    for number, text in enumerate(cells):
        personal = is_data and (hidden is None or number in hidden)
        yield Cell(shown(text, personal=personal), PLAIN if is_data else HEAD)
