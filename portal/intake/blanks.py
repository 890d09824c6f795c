"""Empty tables to be filled in: a workbook of one sheet whose cells are all text.

As text a spreadsheet keeps the last digits of an identity number.
"""

from __future__ import annotations

from portal.domain.exam import ExamStatus
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.workbook_out import HEAD, Cell, SheetOut, workbook
from portal.rules.words import label

_CANONICAL = {Kind.EXAMS: 15, Kind.TALLIES: 10}
"""How many columns of a format, from the first, are asked for; the others are found in files."""
_KINDS = ("initial", "review", "renewal")
_NARROWEST, _PER_SIGN = 12, 2


def blank_of(kind: Kind, lang: str) -> bytes:
    """Return the empty table of exam results or of counts, its headings in Chinese or canonical."""
    columns = format_of(kind).columns[: _CANONICAL[kind]]
    heads = [column.zh if lang == "zh" else column.key for column in columns]
    keys = [column.key for column in columns]
    words = {"exam_kind": _words("exam_kind", _KINDS, lang)} | (
        {"status": _words("exam_status", tuple(ExamStatus), lang)} if kind is Kind.EXAMS else {}
    )
    sheet = SheetOut(
        name=kind.value,
        rows=[[Cell(head, HEAD) for head in heads]],
        widths=[max(_NARROWEST, _PER_SIGN * len(head)) for head in heads],
        choices={keys.index(key): words[key] for key in words},
        frozen=True,
    )
    return workbook([sheet])


def _words(group: str, values: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """Return the words that a cell may say; in English the canonical ones."""
    if lang != "zh":
        return tuple(map(str, values))
    return tuple(label(f"{group}.{value}", lang) for value in values)
