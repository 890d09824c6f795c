"""Workbooks: XLSX after a look into its zip, and the old binary XLS."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # only for the type; defusedxml parses
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import python_calamine as calamine
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.intake.files.cells import EPOCH_1900, EPOCH_1904
from portal.intake.files.safety import SheetShape, checked_zip, refuse, shapes_of
from portal.intake.files.sheets import Reached, Row, Sheet
from portal.intake.files.source import Source

_EXACT = 1e15
_TRUE = frozenset({"1", "true"})
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LOCKED = re.compile(rb"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0")
_MAX_XLS = 64 * 2**20


def xlsx(source: Source) -> list[Sheet]:
    """Return the sheets of an XLSX workbook, once its zip is known to be harmless.

    Raises:
        RuleBroken: it is damaged, encrypted, hostile, or no workbook.

    """
    with source.open() as file:
        archive = checked_zip(file, source.size)
        shapes = shapes_of(archive)
        parts = _parts(archive)
    epoch = EPOCH_1904 if parts.get("") == "1904" else EPOCH_1900
    return [
        _sheet(book, meta, epoch, shapes.get(parts.get(meta.name, ""), SheetShape()).errors)
        for book in [_opened(source)]
        for meta in book.sheets_metadata
        if meta.typ is calamine.SheetTypeEnum.WorkSheet
    ]


def xls(source: Source) -> list[Sheet]:
    """Return the sheets of a binary XLS workbook.

    Raises:
        RuleBroken: it is damaged, protected by a password, or too large.

    """
    if source.size > _MAX_XLS:
        raise refuse("xls_too_large", limit=_MAX_XLS // 2**20)
    with source.open() as file:
        if _LOCKED.search(file.read()):
            raise refuse("password")
    book = _opened(source)
    return [_sheet(book, meta, EPOCH_1900, {}) for meta in book.sheets_metadata]


def _opened(source: Source) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(source.open())
    except calamine.PasswordError as cause:
        raise refuse("password") from cause
    except (calamine.CalamineError, OSError, ValueError) as cause:
        raise refuse("workbook_damaged") from cause


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet → member that holds it; under "" stands 1904 where dates count from there."""
    try:
        book = fromstring(archive.read("xl/workbook.xml"))
        links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except KeyError as cause:
        raise refuse("zip_no_workbook") from cause
    except (ET.ParseError, DefusedXmlException) as cause:
        raise refuse("workbook_damaged") from cause
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {
        sheet.get("name", ""): _member(targets.get(sheet.get(_RELATION), ""))
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }
    settings = [tag for tag in book.iter() if tag.tag.endswith("}workbookPr")]
    counted = any(tag.get("date1904", "").lower() in _TRUE for tag in settings)
    return found | ({"": "1904"} if counted else {})


def _member(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _sheet(
    book: calamine.CalamineWorkbook,
    meta: calamine.SheetMetadata,
    epoch: date,
    errors: Mapping[tuple[int, int], str],
) -> Sheet:
    reached = Reached()
    return Sheet(
        name=meta.name,
        rows=_rows(book, meta.name, errors, reached),
        reached=reached,
        epoch=epoch,
        hidden=meta.visible is not calamine.SheetVisibleEnum.Visible,
    )


def _rows(
    book: calamine.CalamineWorkbook,
    name: str,
    errors: Mapping[tuple[int, int], str],
    reached: Reached,
) -> Iterator[Row]:
    table = _table(book, name)
    wrong = _by_row(errors)
    height = table.total_height + 1
    merged = _Merged(ranges) if (ranges := table.merged_cell_ranges) else None
    for line, values in enumerate(table.iter_rows(), 1):
        # Most cells are texts already: a call for each of millions would cost a second.
        cells = [value if type(value) is str else _text(value) for value in values]
        for column, word in wrong.get(line, ()):
            if column <= len(cells):
                cells[column - 1] = word
        if merged:
            merged.fill(line - 1, cells)
        reached.share = line / height
        yield line, cells


def _by_row(errors: Mapping[tuple[int, int], str]) -> dict[int, list[tuple[int, str]]]:
    # The parser returns "" for #N/A and its like: an error must not pass for an empty cell.
    found: dict[int, list[tuple[int, str]]] = {}
    for (line, column), word in errors.items():
        found.setdefault(line, []).append((column, word))
    return found


class _Merged:
    """Cells merged downwards: the value stands in the first row only, and holds for all."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._until: dict[tuple[int, int], int] = {
            first: last[0] for first, last in ranges if last[0] > first[0]
        }
        self._open: dict[int, tuple[int, str]] = {}

    def fill(self, row: int, cells: list[str]) -> None:
        """Put into the cells of a row, counted from 0, what is merged down into them."""
        if not self._until:
            return
        self._open = {place: held for place, held in self._open.items() if row <= held[0]}
        for column in range(len(cells)):
            if column in self._open:
                cells[column] = cells[column] or self._open[column][1]
            if until := self._until.get((row, column)):
                self._open[column] = (until, cells[column])


def _table(book: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError) as cause:
        raise refuse("workbook_damaged") from cause


def _text(value: Any) -> str:  # noqa: ANN401  # whatever a cell may hold
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float) -> str:
    # Excel keeps 15 digits: a longer number has lost some, and is written so that it shows.
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else repr(value)
