"""A workbook part by part as LibreOffice Calc 7.4 writes it: shared strings, styles, typed dates.

Rebuilt from what Calc saves: the program itself is not on every machine that runs the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from workbooks import zipped

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = date(1899, 12, 30)
_ROW = 'customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0"'

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
    f'ContentType="application/xml"/>'
    f'<Default Extension="rels" '
    f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET}.sharedStrings+xml"/></Types>'
)
_BOOK = (
    f'<workbook {_MAIN} {_R}><fileVersion appName="Calc"/><workbookPr backupFile="false" '
    'showObjects="all" date1904="false"/><workbookProtection/><bookViews><workbookView '
    'showHorizontalScroll="true" showSheetTabs="true" activeTab="0"/></bookViews><sheets>'
    '<sheet name="工作表1" sheetId="1" state="visible" r:id="rId2"/></sheets>'
    '<calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.001"/></workbook>'
)
_STYLES = (
    f'<styleSheet {_MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="General"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts '
    'count="1"><font><sz val="10"/>'
    '<name val="Noto Sans CJK SC"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border diagonalUp="false" diagonalDown="false"><left/><right/><top/>'
    '<bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="164" fontId="0" '
    'fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="164" fontId="0" '
    'fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" '
    'xfId="0"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
)


def calc_workbook(table: Sequence[Sequence[object]]) -> bytes:
    """Return the table as Calc saves it as XLSX: texts shared, numbers and dates typed."""
    words: dict[str, int] = {}
    sheet = "".join(_row(number, row, words) for number, row in enumerate(table, 1))
    shared = "".join(f'<si><t xml:space="preserve">{escape(word)}</t></si>' for word in words)
    parts = {
        "xl/_rels/workbook.xml.rels": _links(
            ("styles", "styles.xml"),
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f'<sst {_MAIN} count="{len(words)}">{shared}</sst>',
        "xl/workbook.xml": _BOOK,
        "xl/worksheets/sheet1.xml": _sheet(sheet, len(table)),
        "_rels/.rels": _links(("officeDocument", "xl/workbook.xml")),
        "docProps/app.xml": ""
        "<Properties><Application>LibreOffice/7.4.7.2$Linux_X86_64</Application>"
        "</Properties>",
        "[Content_Types].xml": _TYPES,
    }
    return zipped([(name, (_HEAD + part).encode()) for name, part in parts.items()])


def _links(*targets: tuple[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_REL}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(rows: str, last: int) -> str:
    return (
        f'<worksheet {_MAIN} {_R}><sheetPr filterMode="false"><pageSetUpPr '
        f'fitToPage="false"/></sheetPr>'
        f'<dimension ref="A1:O{last}"/><sheetViews><sheetView showFormulas="false" '
        f'tabSelected="true" '
        'workbookViewId="0"/></sheetViews><sheetFormatPr defaultColWidth="11.53" '
        'defaultRowHeight="12.8"/><cols><col collapsed="false" customWidth="true" hidden="false" '
        f'outlineLevel="0" max="2" min="2" style="0" '
        f'width="23.5"/></cols><sheetData>{rows}</sheetData>'
        '<printOptions headings="false" gridLines="false"/><pageMargins left="0.7875" '
        'right="0.7875" '
        'top="1.05277777777778" bottom="1.05277777777778" header="0.7875" footer="0.7875"/>'
        "</worksheet>"
    )


def _row(number: int, row: Sequence[object], words: dict[str, int]) -> str:
    cells = "".join(
        _cell(f"{chr(65 + place)}{number}", value, words)
        for place, value in enumerate(row)
        if value != ""
    )
    return f'<row r="{number}" {_ROW} collapsed="false">{cells}</row>'


def _cell(place: str, value: object, words: dict[str, int]) -> str:
    if isinstance(value, date):
        return f'<c r="{place}" s="2" t="n"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}" s="0" t="n"><v>{value}</v></c>'
    shared = words.setdefault(str(value), len(words))
    return f'<c r="{place}" s="1" t="s"><v>{shared}</v></c>'
