"""A table of a web page saved as .xls, as many systems export it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from portal.intake.files.delimited import encoding_of
from portal.intake.files.safety import refuse
from portal.intake.files.sheets import Row, Sheet
from portal.intake.files.source import Source

_LARGEST = 64 * 2**20
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_KNOWN = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8"}
_MAX_SPAN = 1_000


class _Tables(HTMLParser):
    """Collects the cells of all tables; a cell over several rows stands in each of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._line = 0
        self._spans: dict[int, tuple[int, str]] = {}
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell."""
        if tag == "tr":
            self._close_row()
            self._cells, self._line = [], self._line + 1
        elif tag in {"td", "th"} and self._cells is not None:
            self._close_cell()
            self._text = []
            spans = {name: value for name, value in attrs if value and value.isdecimal()}
            self._span = (_span(spans.get("rowspan")), _span(spans.get("colspan")))
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a row or a cell."""
        if tag in {"td", "th"}:
            self._close_cell()
        elif tag in {"tr", "table"}:
            self._close_row()

    def handle_data(self, data: str) -> None:
        """Keep the text of the open cell."""
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        """Close what is still open."""
        super().close()
        self._close_row()

    def _close_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        text, (down, across) = "".join(self._text).strip(), self._span
        self._text = None
        self._fill_spanned()
        for _ in range(across):
            if down > 1:
                self._spans[len(self._cells)] = (down - 1, text)
            self._cells.append(text)

    def _fill_spanned(self) -> None:
        while self._cells is not None and len(self._cells) in self._spans:
            column = len(self._cells)
            left, text = self._spans.pop(column)
            if left > 1:
                self._spans[column] = (left - 1, text)
            self._cells.append(text)

    def _close_row(self) -> None:
        self._close_cell()
        if self._cells:
            self._fill_spanned()
            self.rows.append((self._line, self._cells))
        self._cells = None


def _span(value: str | None) -> int:
    return min(max(int(value or 1), 1), _MAX_SPAN) if len(value or "") < 5 else _MAX_SPAN  # noqa: PLR2004


def webpage(source: Source) -> Sheet:
    """Return the rows of all tables of a web page; the line is the number of the row.

    Raises:
        RuleBroken: it calls itself .xlsx, is too large, or its encoding cannot be told.

    """
    if source.ending == ".xlsx":
        raise refuse("web_page")
    if source.size > _LARGEST:
        raise refuse("xls_too_large", limit=_LARGEST // 2**20)
    with source.open() as file:
        content = file.read()
    named = _CHARSET.search(content[:4096])
    encoding = _KNOWN.get(named[1].decode("ascii").lower()) if named else None
    try:
        text = content.decode(encoding or encoding_of(source))
    except UnicodeDecodeError as cause:
        raise refuse("encoding") from cause
    return Sheet(name=source.shown_name, rows=_rows_of(text))


def _rows_of(text: str) -> Iterator[Row]:
    tables = _Tables()
    tables.feed(text)
    tables.close()
    yield from tables.rows
