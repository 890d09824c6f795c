"""A table of the special report as a sheet: the template that goes out, the file that comes back.

The template's first row is the header: the labels of the form, in the reader's language. A file is
taken with its columns in any order and in either language; words of choices are read in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from portal.domain.errors import RuleBroken
from portal.domain.evidence import refuse_virus_test
from portal.domain.identity import shown as identity_shown
from portal.domain.reports import MOST_ROWS, Row
from portal.domain.sheet_rows import FaultyCell, Lined
from portal.intake.files.cells import clean, plain
from portal.intake.files.reading import sheets_of
from portal.intake.files.safety import refuse
from portal.intake.files.sheets import Sheet
from portal.intake.files.source import Source
from portal.intake.files.workbook_out import FAULTY, HEAD, NOTE, Cell, SheetOut, workbook
from portal.rules.form import Item
from portal.rules.words import label, say

_LOOKED_AT = 10
_SERIAL_DIGITS = 5
_WIDTHS = {"text": 22, "trades": 36, "identity": 24, "paragraph": 40}
_WIDTH = 16
_ALIASES = {"yes": ("是", "有", "yes", "y", "1"), "no": ("否", "无", "没有", "no", "n", "0")}


def rows_in(source: Source, item: Item, others: Sequence[Item], max_bytes: int) -> list[Lined]:
    """Return the rows of a sheet as they would be typed, with their lines.

    ``others`` are the form's other tables: a file that is one of theirs is told so.

    Raises:
        RuleBroken: it is no table, hostile, too large, empty, or not this table's template.

    """
    _check_size(source, max_bytes)
    found: tuple[int, dict[str, int]] | None = None
    for sheet in sheets_of(
        source, lambda rows: max((_matches(item, row) for row in rows), default=0)
    ):
        lines = list(_first(sheet))
        found = _header(item, lines)
        if found is not None:
            return _read(item, sheet, lines, found)
        for other in others:
            if _header(other, lines) is not None:
                raise _wrong(item, "sheet.of_other_table", other)
    raise _wrong(item, "sheet.wrong_template", item)


def _check_size(source: Source, max_bytes: int) -> None:
    if source.size > max_bytes:
        size = f"{source.size / 2**20:.1f}"
        raise RuleBroken("sheet.too_large", None, size=size, most=max_bytes // 2**20)
    with source.open() as file:
        refuse_virus_test(file.read())


def _wrong(item: Item, key: str, other: Item) -> RuleBroken:
    facts = {"table": item.zh, "table_en": item.en, "other": other.zh, "other_en": other.en}
    return RuleBroken(key, None, **facts)


def _first(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield all lines of a sheet, but no more than a table may have."""
    for line, cells in sheet.rows:
        if line > MOST_ROWS + _LOOKED_AT and any(map(clean, cells)):
            raise RuleBroken("sheet.too_many_rows", None, most=MOST_ROWS)
        yield line, [clean(cell) for cell in cells]


def _header(
    item: Item, lines: Sequence[tuple[int, list[str]]]
) -> tuple[int, dict[str, int]] | None:
    """Return the header's line and the place of each column; None where no line is a header."""
    half = (len(item.columns) + 1) // 2
    best = max(lines[:_LOOKED_AT], key=lambda line: _matches(item, line[1]), default=None)
    if best is None or _matches(item, best[1]) < half:
        return None
    places = _places(item, best[1])
    missing = [column for column in item.columns if column.required and column.key not in places]
    if missing:
        facts = {"line": best[0], "strange": _strange(item, best[1]) or "–"}
        facts |= {"missing": "、".join(column.zh for column in missing)}
        facts |= {"missing_en": ", ".join(column.en for column in missing)}
        raise RuleBroken("sheet.columns_named_wrong", None, **facts)
    return best[0], places


def _matches(item: Item, cells: Sequence[str]) -> int:
    return len(_places(item, cells))


def _places(item: Item, cells: Sequence[str]) -> dict[str, int]:
    said = [_said(cell) for cell in cells]
    names = {column.key: {_said(column.zh), _said(column.en)} for column in item.columns}
    return {
        key: next(at for at, cell in enumerate(said) if cell in wanted)
        for key, wanted in names.items()
        if wanted & set(said)
    }


def _strange(item: Item, cells: Sequence[str]) -> str:
    known = {_said(name) for column in item.columns for name in (column.zh, column.en)}
    return "、".join(cell for cell in cells if cell and _said(cell) not in known)[:200]


def _said(text: str) -> str:
    return "".join(plain(text).rstrip("*").split()).casefold()


def _read(
    item: Item,
    sheet: Sheet,
    lines: Sequence[tuple[int, list[str]]],
    found: tuple[int, Mapping[str, int]],
) -> list[Lined]:
    header, places = found
    rows = [
        (line, {c.key: _typed(c, _at(cells, places.get(c.key)), sheet) for c in item.columns})
        for line, cells in lines
        if line > header
    ]
    kept = [(line, row) for line, row in rows if any(row.values())]
    if not kept:
        raise refuse("no_rows")
    if len(kept) > MOST_ROWS:
        raise RuleBroken("sheet.too_many_rows", None, most=MOST_ROWS)
    return kept


def _at(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _typed(column: Item, text: str, sheet: Sheet) -> str:
    """Return a cell as its answer would be typed."""
    if column.kind in {"yesno", "choice"}:
        return _chosen(column, text)
    if column.kind == "date" and text.isdecimal() and len(text) == _SERIAL_DIGITS and sheet.epoch:
        return (sheet.epoch + timedelta(days=int(text))).isoformat()
    return text


def _chosen(column: Item, text: str) -> str:
    said = _said(text)
    for key, words in _choices(column).items():
        if said in {_said(word) for word in (key, *words)}:
            return key
    return text


def _choices(column: Item) -> dict[str, tuple[str, ...]]:
    if column.kind == "yesno":
        return _ALIASES
    return {
        key: tuple(label(f"choice.{key}", lang) for lang in ("zh", "en")) for key in column.choices
    }


def template(item: Item, rows: Sequence[Row], lang: str) -> bytes:
    """Return the workbook to fill in, with the rows that stand already."""
    cells = [[Cell(_words(c, row.get(c.key, ""), lang)) for c in item.columns] for row in rows]
    return workbook([_table(item, cells, lang), _guide(item, lang)])


def annotated(
    item: Item, rows: Sequence[Lined], faults: Sequence[FaultyCell], said: Sequence[str], lang: str
) -> bytes:
    """Return the rows that were sent with each fault marked, and in a last column in words.

    ``said`` are the sentences of the faults, one for each.
    """
    wrong = {(fault.line, fault.column.key) for fault in faults}
    words: dict[int, list[str]] = {}
    for fault, sentence in zip(faults, said, strict=True):
        words.setdefault(fault.line, []).append(sentence)
    cells = [
        [
            *(
                Cell(_words(c, row.get(c.key, ""), lang), FAULTY if (line, c.key) in wrong else 0)
                for c in item.columns
            ),
            Cell("; ".join(words.get(line, ())), NOTE),
        ]
        for line, row in rows
    ]
    head = [Cell(say("sheet.faults_column", lang), HEAD)]
    return workbook([_table(item, cells, lang, head), _guide(item, lang)])


def _table(
    item: Item, rows: Sequence[Sequence[Cell]], lang: str, more: Sequence[Cell] = ()
) -> SheetOut:
    header = [*(Cell(column.label(lang), HEAD) for column in item.columns), *more]
    return SheetOut(
        name=item.label(lang),
        rows=[header, *rows],
        widths=[_WIDTHS.get(column.kind, _WIDTH) for column in item.columns] + [60] * len(more),
        choices={
            at: tuple(_words(column, key, lang) for key in _choices(column))
            for at, column in enumerate(item.columns)
            if column.kind in {"yesno", "choice"}
        },
        frozen=True,
    )


def _guide(item: Item, lang: str) -> SheetOut:
    rows = [[Cell(say("sheet.guide", lang))]]
    rows += [
        [
            Cell(column.label(lang), HEAD),
            Cell(say("sheet.needed" if column.required else "sheet.optional", lang)),
            Cell(_how(column, lang)),
        ]
        for column in item.columns
    ]
    return SheetOut(name=say("sheet.guide_name", lang), rows=rows, widths=[30, 12, 70])


def _how(column: Item, lang: str) -> str:
    parts = [column.hint(lang)]
    if column.kind in {"yesno", "choice"}:
        parts.append(" / ".join(_words(column, key, lang) for key in _choices(column)))
    if column.kind == "date":
        parts.append("2027-03-05")
    if column.unit:
        parts.append(label(f"unit.{column.unit}", lang))
    return "; ".join(part for part in parts if part)


def _words(column: Item, typed: str, lang: str) -> str:
    if column.kind == "choice" and typed in column.choices:
        return label(f"choice.{typed}", lang)
    if column.kind == "yesno" and typed in _ALIASES:
        return label(f"answer.{typed}", lang)
    return identity_shown(typed) if column.kind == "identity" else typed
