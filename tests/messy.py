"""Files as they really come: one table of rows put into every wrapping that was ever seen."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from workbooks import Rows, changed, sheet_xml, xls, xlsx, zipped

Table = list[list[Any]]
Wrapped = tuple[str, bytes]
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def text(table: Rows, separator: str = ",", end: str = "\n") -> str:
    """Return a table as text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(table)
    return out.getvalue()


def html(table: Rows) -> bytes:
    """Return a table as a web page that calls itself GB2312."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
    head = '<html><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><table>'
    return f"{head}{rows}</table></html>".encode("gb18030")


def _mixed(table: Rows) -> bytes:
    return text(table).replace("\n", "\r\n", 1).rstrip("\n").encode()


def _titled(table: Rows) -> bytes:
    above = [["2026年第3期特种作业考试成绩（盖章版）"], ["单位（盖章）：示例考试中心"], [""]]
    return xlsx({"成绩": [*above, *table]})


def _two_rows(table: Rows) -> bytes:
    upper, lower = list(table[0]), [""] * len(table[0])
    for place, (above, below) in {10: ("成绩", "理论"), 12: ("成绩", "实操")}.items():
        upper[place], lower[place] = above, below
    return xlsx({"成绩": [upper, lower, *table[1:]]})


def _merged(table: Rows) -> bytes:
    def paint(book: Any) -> None:  # noqa: ANN401 -- the library brings no types
        place = table[0].index("institution_code")
        book.worksheets()[0].merge_range(1, place, len(table) - 1, place, table[1][place])

    return xlsx({"成绩": table}, paint=paint)


def _hidden_rows(table: Rows) -> bytes:
    def paint(book: Any) -> None:  # noqa: ANN401 -- the library brings no types
        sheet = book.worksheets()[0]
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(7, 8, None, None, {"hidden": True})
        sheet.autofilter(0, 0, len(table) - 1, 3)

    return xlsx({"成绩": table, "底稿": table}, hidden=["底稿"], paint=paint)


def _around(table: Rows) -> bytes:
    head, *rows = table
    total = ["合计", *[""] * (len(head) - 1)]
    foot = [["制表人：示例", "审核人：示例"], ["2026年3月10日"]]
    lines = [head, *rows[:1], total, [""], head, *rows[1:], *foot]
    return xlsx({"成绩": lines})


def _formatted(table: Rows) -> bytes:
    def paint(book: Any) -> None:  # noqa: ANN401 -- the library brings no types
        style = book.add_format({"bold": True})
        for line in range(len(table), len(table) + 10_000):
            book.worksheets()[0].write_blank(line, 0, None, style)

    return xlsx({"成绩": table}, paint=paint)


def _errors(table: Rows) -> bytes:
    def paint(book: Any) -> None:  # noqa: ANN401 -- the library brings no types
        sheet = book.worksheets()[0]
        for line, word in enumerate(("#DIV/0!", "#N/A", "#REF!"), 1):
            sheet.write_formula(line, 10, "=1/0", None, word)

    return xlsx({"成绩": table}, paint=paint)


def _formulas(table: Rows) -> bytes:
    def paint(book: Any) -> None:  # noqa: ANN401 -- the library brings no types
        book.worksheets()[0].write_formula(1, 10, "=80+8", None, 88)

    return xlsx({"成绩": table}, paint=paint)


def _pictures(table: Rows) -> bytes:
    def paint(book: Any) -> None:  # noqa: ANN401 -- the library brings no types
        book.worksheets()[0].insert_image(1, len(table[0]), "照片.png", {"image_data": _dot()})

    head = [[*table[0], "照片"], *[[*row, ""] for row in table[1:]]]
    return xlsx({"成绩": head}, paint=paint)


def _dot() -> io.BytesIO:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    size = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + size + pixel + chunk(b"IEND", b""))


def _two_sheets(table: Rows) -> bytes:
    head, first, second = table
    return xlsx({"四月": [head, second], "三月": [head, first]})


def _zip(table: Rows) -> bytes:
    head, first, second = table
    tables: list[tuple[str, bytes]] = [
        ("示例P001.xlsx", xlsx({"成绩": [head, first]})),
        ("示例P002.csv", text([head, second]).encode("gb18030")),
        ("310107199003070029-示例.jpg", b"\xff\xd8\xff"),
    ]
    return zipped(tables)


def _locked(_table: Rows) -> bytes:
    return _OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1024


def _entity(table: Rows) -> bytes:
    book = xlsx({"成绩": table})
    evil = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
    return changed(book, sheet1=sheet_xml(book).replace(b"<worksheet", evil + b"<worksheet", 1))


def _bomb(table: Rows) -> bytes:
    book = xlsx({"成绩": table})
    return changed(book, sheet1=sheet_xml(book) + b" " * (260 * 2**20))


WRAPPINGS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "csv": ("成绩.csv", lambda table: text(table).encode()),
    "bom": ("成绩.csv", lambda table: b"\xef\xbb\xbf" + text(table).encode()),
    "gb18030": ("成绩.csv", lambda table: text(table).encode("gb18030")),
    "utf16": ("成绩.txt", lambda table: b"\xff\xfe" + text(table, "\t").encode("utf-16-le")),
    "html": ("成绩.xls", html),
    "tab text": ("成绩.xls", lambda table: text(table, "\t").encode("gb18030")),
    "biff": ("成绩.xls", xls),
    "xlsm": ("成绩.xlsm", lambda table: xlsx({"成绩": table})),
    "et": ("成绩.et", xls),
    "locked": ("成绩.xlsx", _locked),
    "zip": ("成绩.zip", _zip),
    "mixed ends": ("成绩.csv", _mixed),
    "semicolon": ("成绩.csv", lambda table: text(table, ";").encode()),
    "titled": ("成绩.xlsx", _titled),
    "two rows": ("成绩.xlsx", _two_rows),
    "merged": ("成绩.xlsx", _merged),
    "hidden": ("成绩.xlsx", _hidden_rows),
    "around": ("成绩.xlsx", _around),
    "formatted": ("成绩.xlsx", _formatted),
    "errors": ("成绩.xlsx", _errors),
    "formulas": ("成绩.xlsx", _formulas),
    "xlsx": ("成绩.xlsx", lambda table: xlsx({"成绩": table})),
    "xlsx 1904": ("成绩.xlsx", lambda table: xlsx({"成绩": table}, date_1904=True)),
    "two sheets": ("成绩.xlsx", _two_sheets),
    "pictures": ("成绩.xlsx", _pictures),
    "entity": ("成绩.xlsx", _entity),
    "bomb": ("成绩.xlsx", _bomb),
}


def wrapped(how: str, table: Sequence[Sequence[Any]]) -> Wrapped:
    """Return name and bytes of a file that holds the table."""
    name, make = WRAPPINGS[how]
    return name, make(table)
