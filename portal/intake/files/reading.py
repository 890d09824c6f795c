"""From bytes to sheets of text: what a file is, its content says, not its name."""

from __future__ import annotations

from portal.intake.files.archive import is_archive, tables_in
from portal.intake.files.delimited import Measure, delimited
from portal.intake.files.safety import refuse
from portal.intake.files.sheets import Sheet
from portal.intake.files.source import Source
from portal.intake.files.webpage import webpage
from portal.intake.files.workbook import xls, xlsx

_HEAD = 4_096
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLE = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
)
_PAGE = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<div")


def sheets_of(source: Source, measure: Measure) -> list[Sheet]:
    """Return the sheets of a file; ``measure`` tells a header from other rows.

    Raises:
        RuleBroken: it is empty, damaged, hostile, locked, or no table at all.

    """
    with source.open() as file:
        head = file.read(_HEAD)
    if not head:
        raise refuse("empty")
    if head.startswith(_ZIP):
        if is_archive(source):
            return tables_in(source, lambda inner: sheets_of(inner, measure))
        return xlsx(source)
    if head.startswith(_OLE):
        return xls(source)
    if head.startswith(_NO_TABLE):
        raise refuse("no_table")
    return [_text(source, head, measure)]


def _text(source: Source, head: bytes, measure: Measure) -> Sheet:
    begin = (
        head.replace(b"\0", b"")
        .removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .lstrip()
        .lower()
    )
    if begin.startswith(_PAGE):
        return webpage(source)
    if begin.startswith((b"<?xml", b"<svg")):
        raise refuse("no_table")
    if source.ending in {".xlsx", ".xlsm"}:
        raise refuse("workbook_damaged")
    return delimited(source, measure)
