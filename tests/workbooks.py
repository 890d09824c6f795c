"""Workbooks for the tests, good ones and hostile ones, made from nothing in every run."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter

Rows = Sequence[Sequence[object]]


def xlsx(
    sheets: Mapping[str, Rows],
    *,
    hidden: Sequence[str] = (),
    date_1904: bool = False,
    paint: Callable[[xlsxwriter.Workbook], None] | None = None,
) -> bytes:
    """Return an XLSX workbook; ``paint`` may add to it before it is closed."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"date_1904": date_1904, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if name in hidden:
            sheet.hide()
    if paint:
        paint(book)
    book.close()
    return content.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """Return the parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    """Return a zip of these parts, in this order, names twice if given twice."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return content.getvalue()


def changed(content: bytes, **parts: bytes) -> bytes:
    """Return a workbook with parts changed: ``sheet1``, ``workbook`` …, by the stem of the name."""
    found = members(content)
    stems = {name.rpartition("/")[2].partition(".")[0]: name for name in found}
    return zipped([*(found | {stems[stem]: part for stem, part in parts.items()}).items()])


def sheet_xml(content: bytes) -> bytes:
    """Return the XML of the first sheet."""
    return members(content)["xl/worksheets/sheet1.xml"]


def xls(rows: Rows) -> bytes:
    """Return a real binary XLS (BIFF8 in an OLE container) with one sheet."""
    return _ole(_biff(rows))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff(rows: Rows) -> bytes:
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6)
    name = "一".encode("utf-16-le")
    sheet_bof = struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6)
    head = _record(0x0809, bof)
    bound_size = 4 + 8 + len(name)
    start = len(head) + bound_size + 4
    bound = struct.pack("<IHBB", start, 0, 1, 1) + name
    cells = b"".join(
        _cell(number, column, value)
        for number, row in enumerate(rows)
        for column, value in enumerate(row)
        if value != ""
    )
    sheet = _record(0x0809, sheet_bof) + cells + _record(0x000A, b"")
    return head + _record(0x0085, bound) + _record(0x000A, b"") + sheet


def _cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, int | float):
        return _record(0x0203, struct.pack("<HHHd", row, column, 0, float(value)))
    text = str(value).encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)


_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _ole(stream: bytes) -> bytes:
    """Return an OLE container with the stream ``Workbook``."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    fat_count = -(-(count + 2) // 127)
    chain = [*range(1, count), _END, _END, *[_FAT] * fat_count]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_count * _SECTOR, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_count, count)
    header += struct.pack("<IIIIII", 0, 4096, _END, 0, _END, 0)
    places = [count + 1 + number for number in range(fat_count)]
    header += struct.pack("<109I", *(places + [_FREE] * (109 - fat_count)))
    root = _entry("Root Entry", 5, 1, _END, 0)
    book = _entry("Workbook", 2, _FREE, 0, len(stream))
    return header + stream + root + book + bytes(2 * 128) + fat


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    fields = struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<IQ", start, size)
