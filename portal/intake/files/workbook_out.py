"""Workbooks that leave the house: plain XLSX of text cells, lists to choose from, marks in colour.

Every cell is inline text: a spreadsheet shows it and never computes it, and what looks like the
beginning of a formula gets an apostrophe before it all the same, which our own reader takes off
again. A writer of a hundred lines starts in no time; a library of workbooks would cost every worker
of the site a quarter of its start.

Source: ECMA-376, part 1, 18.3.1.4 (cells), 18.3.1.32 (data validation).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from portal.domain.formulas import harmless

PLAIN, HEAD, FAULTY, NOTE = 0, 1, 2, 3
"""Looks of a cell, in the order of the style sheet."""

_FIXED_TIME = (2020, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LONGEST_LIST = 255
_LAST_LINE = 400
_TYPE_OF_WORKBOOK = f"{_TYPE}.sheet"
MIME = _TYPE_OF_WORKBOOK


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its look."""

    text: str
    look: int = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOut:
    """One sheet: its rows, the widths of its columns in characters, the lists to choose from.

    ``choices`` maps the number of a column, from 0, to its words.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    choices: dict[int, tuple[str, ...]] = field(default_factory=dict)
    frozen: bool = False
    """Whether the first row stays in sight."""


def workbook(sheets: Sequence[SheetOut]) -> bytes:
    """Return an XLSX workbook, the same bytes for the same sheets."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _parts(sheets):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, f'<?xml version="1.0" encoding="UTF-8"?>\n{part}')
    return content.getvalue()


def _parts(sheets: Sequence[SheetOut]) -> list[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    styles = len(sheets) + 1
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    named = "".join(
        f'<sheet name="{_attribute(sheet.name[:31])}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    return [
        ("[Content_Types].xml", _types(kinds)),
        ("_rels/.rels", _linked(_link(1, "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{named}</sheets></workbook>',
        ),
        ("xl/_rels/workbook.xml.rels", _linked(links + _link(styles, "styles", "styles.xml"))),
        ("xl/styles.xml", _STYLES),
        *(
            (f"xl/worksheets/sheet{n}.xml", _sheet(sheet))
            for n, sheet in zip(numbers, sheets, strict=True)
        ),
    ]


def _types(kinds: str) -> str:
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{kinds}'
        "</Types>"
    )


def _linked(links: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'


def _sheet(sheet: SheetOut) -> str:
    pane = (
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        if sheet.frozen
        else ""
    )
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, 1)
    )
    rows = "".join(
        f'<row r="{line}">{"".join(_cell(line, n, cell) for n, cell in enumerate(row))}</row>'
        for line, row in enumerate(sheet.rows, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView>'
        f"</sheetViews>{f'<cols>{columns}</cols>' if columns else ''}"
        f"<sheetData>{rows}</sheetData>{_validations(sheet.choices)}</worksheet>"
    )


def _cell(line: int, column: int, cell: Cell) -> str:
    place = f"{_letter(column)}{line}"
    if not cell.text:
        return f'<c r="{place}" s="{cell.look}"/>'
    text = escape(
        "".join(sign for sign in harmless(cell.text) if sign.isprintable() or sign == "\n")
    )
    said = f'<is><t xml:space="preserve">{text}</t></is>'
    return f'<c r="{place}" s="{cell.look}" t="inlineStr">{said}</c>'


def _validations(choices: dict[int, tuple[str, ...]]) -> str:
    lists = [
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="0" '
        f'sqref="{_letter(column)}2:{_letter(column)}{_LAST_LINE}">'
        f'<formula1>"{escape(joined)}"</formula1></dataValidation>'
        for column, words in choices.items()
        if len(joined := ",".join(words)) <= _LONGEST_LIST
    ]
    return (
        f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>' if lists else ""
    )


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="3"><font><sz val="11"/></font><font><b/><sz val="11"/></font>'
    '<font><sz val="11"/><color rgb="FF8F1D16"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7F0F6"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFBE9E7"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="2" fillId="3" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
