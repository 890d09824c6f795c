"""Files that are no sheet of a table, each with the words that must tell it from the others."""

from __future__ import annotations

from collections.abc import Sequence

from hostile_files import EICAR, pdf
from workbooks import xlsx, zipped

Row = Sequence[object]
BOMB = [("[Content_Types].xml", b"x"), ("xl/workbook.xml", bytes(300_000_000))]
PAGE = b"<html><table><tr><td>1</td></tr></table></html>"
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
MOST_ROWS = 300


def bad_sheets(
    table: str, header: Row, row: Row, other: tuple[str, Row, Row]
) -> dict[str, tuple[bytes, str]]:
    """Return (content, words) by what is wrong; ``row`` is a good one of ``table``.

    ``other`` is another table of the report: its name, header and a row.
    """
    name, other_header, other_row = other
    odd = [*header[:-1], "别的列"]
    good = xlsx({"a": [header, row]})
    return {
        "empty": (b"", "文件是空的"),
        "no rows": (xlsx({"a": [header]}), "没有数据行"),
        "other table": (xlsx({"a": [other_header, other_row]}), f"这是“{name}”的表格"),
        "no template": (xlsx({"a": [("a", "b"), (1, 2)]}), f"这不是“{table}”的模板"),
        "renamed": (xlsx({"a": [odd, row]}), "列名不对"),
        "pdf": (pdf(), "这不是表格文件"),
        "web page": (PAGE, ".xlsx"),
        "password": (LOCKED, "密码"),
        "eicar": (EICAR, "病毒测试串"),
        "too many": (xlsx({"a": [header, *[row] * (MOST_ROWS + 1)]}), "超过 300 行"),
        "damaged": (good[: len(good) // 2], "损坏"),
        "bomb": (zipped(BOMB), "解压后异常大"),
    }
