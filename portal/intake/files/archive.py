"""Several tables in one zip, as some authorities send one file per institution."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from portal.intake.files.refusals import shown
from portal.intake.files.safety import MAX_INFLATED, Budget, checked_zip, refuse
from portal.intake.files.sheets import Sheet
from portal.intake.files.source import Source

_TABLES = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".et", ".htm", ".html"})
_ZIP = b"PK\x03\x04"
_NAMED_IN_UTF8 = 0x800


def is_archive(source: Source) -> bool:
    """Tell whether a zip is no workbook but holds files that may be tables.

    Raises:
        RuleBroken: the zip is damaged, encrypted, or built to do harm.

    """
    with source.open() as file:
        names = checked_zip(file, source.size).namelist()
    return "xl/workbook.xml" not in names and any(_ending(name) in _TABLES for name in names)


def tables_in(source: Source, read: Callable[[Source], list[Sheet]]) -> list[Sheet]:
    """Return the sheets of all tables of a zip, each named after its file; other files stand aside.

    Raises:
        RuleBroken: a table cannot be read, or together they inflate beyond all measure.

    """
    budget, nested = Budget(), 0
    sheets: list[Sheet] = []
    with source.open() as file:
        archive = checked_zip(file, source.size)
        for member in archive.infolist():
            name = _name(member)
            if member.is_dir() or PurePath(name).name.startswith((".", "~$")):
                continue
            if _ending(name) not in _TABLES:
                sheets.append(Sheet(name=shown(name), rows=((1, (shown(name),)),)))
                continue
            inner = Source(name, b"".join(budget.chunks(archive, member)))
            nested += _inflated(inner)
            if nested > MAX_INFLATED:
                raise refuse("zip_bomb", limit=MAX_INFLATED // 2**20)
            sheets += [_of_file(name, sheet) for sheet in read(inner)]
    return sheets


def _inflated(source: Source) -> int:
    """Return what a workbook inside the zip says that it inflates to; no zip may lie in it."""
    with source.open() as file:
        if file.read(len(_ZIP)) != _ZIP:
            return 0
        members = checked_zip(file, source.size).infolist()
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise refuse("zip_in_zip")
    return sum(member.file_size for member in members)


def _of_file(name: str, sheet: Sheet) -> Sheet:
    file = shown(name)
    title = file if sheet.name in {file, shown(PurePath(name).name)} else f"{file} · {sheet.name}"
    return replace(sheet, name=title)


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: without the mark of UTF-8 it is one of GB18030 here."""
    if member.flag_bits & _NAMED_IN_UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()
