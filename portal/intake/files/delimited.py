"""Text tables: comma, semicolon or tab, in any encoding that Excel and the systems here write."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from portal.domain.errors import RuleBroken
from portal.intake.files.safety import refuse
from portal.intake.files.sheets import Reached, Row, Sheet
from portal.intake.files.source import Source

_BLOCK = 2**20
_SAMPLE = 2**16
_SAMPLE_ROWS = 40
_ROWS = 2_000
SEPARATORS = (",", "\t", ";", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
Measure = Callable[[list[list[str]]], int]
"""How much of a header stands in the first rows: more is better."""


def encoding_of(source: Source) -> str:
    """Return the encoding in which the whole file can be read.

    Raises:
        RuleBroken: it is none of UTF-8, GB18030 and UTF-16.

    """
    with source.open() as file:
        head = file.read(_SAMPLE)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return _required(file, name)
        if wide := _wide(head):
            return _required(file, wide)
        for name in ("utf-8", "gb18030"):
            if _decodes(file, name):
                return name
    raise refuse("encoding")


def _wide(head: bytes) -> str | None:
    """Return UTF-16 without its mark: line ends or commas show it."""
    little, big = (sum(head.count(sign) for sign in signs) for signs in _ENDS)
    if max(little, big) * 8 < head.count(b"\0") or not head.count(b"\0"):
        return None
    return "utf-16-le" if little > big else "utf-16-be"


_ENDS = (
    (b"\n\0", b",\0", b"\t\0", b"-\0", b"0\0", b"1\0", b"2\0"),
    (b"\0\n", b"\0,", b"\0\t", b"\0-", b"\0000", b"\0001", b"\0002"),
)


def _required(file: BinaryIO, name: str) -> str:
    if not _decodes(file, name):
        raise refuse("encoding")
    return name


def _decodes(file: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(source: Source, encoding: str, measure: Measure) -> str:
    """Return the sign between cells with which the first rows look most like a table."""
    with source.open() as file:
        head = codecs.getincrementaldecoder(encoding)().decode(file.read(_SAMPLE))
    return max(SEPARATORS, key=lambda sign: measure(_first_rows(head, sign)))


def _first_rows(head: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def delimited(source: Source, measure: Measure) -> Sheet:
    """Return the text table of ``source``.

    Raises:
        RuleBroken: its encoding cannot be told.

    """
    encoding = encoding_of(source)
    separator = separator_of(source, encoding, measure)
    reached = Reached()
    rows = _rows(source, encoding, separator, reached)
    return Sheet(name=source.shown_name, rows=rows, ragged=True, reached=reached)


def _rows(source: Source, encoding: str, separator: str, reached: Reached) -> Iterator[Row]:
    with source.open() as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        reader = csv.reader(text, delimiter=separator, strict=True)
        line = 1
        while True:
            block, problem = _next(reader)
            reached.share = file.tell() / source.size
            if reader.line_num == line - 1 + len(block):
                yield from enumerate(block, line)
                line += len(block)
            else:
                for row in block:
                    yield line, row
                    line += 1 + sum(map(_breaks, row))
            if problem is not None:
                raise _unreadable(str(problem), line) from problem
            if not block:
                return


def _next(reader: Iterator[list[str]]) -> tuple[list[list[str]], csv.Error | None]:
    """Return the next rows, and what was wrong behind them."""
    block: list[list[str]] = []
    try:
        block.extend(islice(reader, _ROWS))
    except csv.Error as cause:
        return block, cause
    return block, None


def _breaks(cell: str) -> int:
    """Return how many ends of lines lie in a cell."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _unreadable(problem: str, line: int) -> RuleBroken:
    if "field larger" in problem:
        return refuse("cell_too_long", line=str(line), limit=csv.field_size_limit())
    return refuse("quote", line=str(line))
