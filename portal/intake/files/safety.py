"""A bounded look into a zip before anything parses it: what is hostile is refused here.

Everything is judged from what really inflates, never from what the file declares of itself.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from portal.domain.errors import RuleBroken

MAX_MEMBERS = 2_000
MAX_INFLATED = 200 * 2**20
MAX_RATIO = 100
MAX_COLUMNS = 702  # up to ZZ
MAX_ROWS = 1_048_576
MAX_CELLS = 30_000_000
_LOOSE_CELLS = 1_000_000
_LOOSENESS = 20
_SMALL = 2**20  # below this, the ratio says nothing
_CHUNK = 2**18
_OVERLAP = 4_096
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr=[\"'](\d+)[\"']")
_WIDE = re.compile(rb"\sr=[\"']([A-Z]{2,})\d")
_NARROW = len("ZZ")
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*\st=[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).){0,2000}?<(?:\w+:)?v>([^<]{1,20})<",
    re.DOTALL,
)
_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]+)(\d+)[\"']")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DDE = re.compile(rb"<(?:\w+:)?(?:ddeLink|oleLink)\b")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w-]+)[\"']")


@dataclass(slots=True)
class SheetShape:
    """What a sheet's XML holds: last row and column, tags of rows and cells, cells in error."""

    rows: int = 0
    columns: int = 26
    row_tags: int = 0
    cell_tags: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def refuse(key: str, **facts: object) -> RuleBroken:
    """Return the refusal of a whole file."""
    return RuleBroken(f"intake.file.{key}", None, **facts)


def checked_zip(file: BinaryIO, size: int) -> zipfile.ZipFile:
    """Return the opened zip once its directory is known to be harmless.

    Raises:
        RuleBroken: it is damaged, encrypted, or built to do harm.

    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as cause:
        raise refuse("zip_damaged") from cause
    _check_directory(archive.infolist(), size)
    return archive


def _check_directory(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise refuse("zip_members", limit=MAX_MEMBERS)
    if len({member.filename for member in members}) != len(members):
        raise refuse("zip_twice")
    for member in members:
        _check_member(member)
    if sum(member.compress_size for member in members) > size:
        raise refuse("zip_overlap")
    if sum(member.file_size for member in members) > MAX_INFLATED:
        raise refuse("zip_bomb", limit=MAX_INFLATED // 2**20)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise refuse("password")
    name = member.filename
    if name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name:
        raise refuse("zip_name")
    mode = member.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        raise refuse("zip_link")
    if member.compress_type not in _METHODS:
        raise refuse("zip_method")
    if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise refuse("zip_bomb", limit=MAX_INFLATED // 2**20)


class Budget:
    """How many bytes may still really inflate."""

    def __init__(self) -> None:
        """Start with the whole allowance."""
        self.left = MAX_INFLATED

    def chunks(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the member's content in chunks.

        Raises:
            RuleBroken: it inflates beyond what is left, or is damaged.

        """
        try:
            with archive.open(member) as content:
                while chunk := content.read(_CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise refuse("zip_bomb", limit=MAX_INFLATED // 2**20)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as cause:
            raise refuse("zip_damaged") from cause


def shapes_of(archive: zipfile.ZipFile) -> dict[str, SheetShape]:
    """Return member → shape of every sheet of a workbook, all of its XML looked through.

    Raises:
        RuleBroken: an entity, a DDE link, another encoding than UTF-8, too many cells.

    """
    budget = Budget()
    shapes: dict[str, SheetShape] = {}
    for member in archive.infolist():
        is_sheet = member.filename.startswith("xl/worksheets/")
        shape = SheetShape()
        is_xml = member.filename.endswith((".xml", ".rels", ".vml"))
        for chunk in _overlapping(budget.chunks(archive, member)):
            if is_xml:
                _look_through(chunk, shape if is_sheet else None)
        if is_sheet and member.filename.endswith(".xml"):
            shapes[member.filename] = shape
    _require_bounded(shapes)
    return shapes


def _overlapping(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield chunks, each beginning with the end of the one before: nothing hides on a seam."""
    tail = b""
    for chunk in chunks:
        yield tail + chunk
        tail = chunk[-_OVERLAP:]


def _look_through(chunk: bytes, shape: SheetShape | None) -> None:
    declared = _DECLARED.match(chunk.removeprefix(b"\xef\xbb\xbf").lstrip())
    if b"\0" in chunk or chunk[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise refuse("xml_encoding")
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        raise refuse("xml_encoding")
    # A plain look for the beginning costs a tenth of the pattern, and finds nothing in most files.
    if b"<!" in chunk and _DOCTYPE.search(chunk):
        raise refuse("xml_entity")
    if b"eLink" in chunk and _DDE.search(chunk):
        raise refuse("dde")
    if shape is not None:
        _measure(chunk, shape)


def _measure(chunk: bytes, shape: SheetShape) -> None:
    wide = set(_WIDE.findall(chunk))
    if any(len(name) > _NARROW for name in wide):
        raise refuse("too_many_columns", limit=MAX_COLUMNS)
    shape.columns = max(shape.columns, max(map(number_of, wide), default=0))
    shape.rows = max(shape.rows, max(map(int, _ROW.findall(chunk)), default=0))
    rows, cells = chunk.count(b"row>"), chunk.count(b"c>") + chunk.count(b"/>")
    shape.row_tags += rows
    shape.cell_tags += cells
    if cells > (rows + 1) * MAX_COLUMNS:
        raise refuse("too_many_columns", limit=MAX_COLUMNS)
    if b't="e"' in chunk or b"t='e'" in chunk:
        _note_errors(chunk, shape)


def _note_errors(chunk: bytes, shape: SheetShape) -> None:
    for attributes, value in _ERROR_CELL.findall(chunk):
        if reference := _REFERENCE.search(attributes):
            place = (int(reference[2]), number_of(reference[1]))
            shape.errors[place] = value.decode("ascii", "replace")


def _require_bounded(shapes: dict[str, SheetShape]) -> None:
    for shape in shapes.values():
        rows = max(shape.rows, shape.row_tags)
        if rows > MAX_ROWS:
            raise refuse("too_many_rows", limit=MAX_ROWS)
        # The parser lays the sheet out as one full rectangle: a far cell makes it huge.
        rectangle = rows * shape.columns
        if rectangle > MAX_CELLS or rectangle > _LOOSE_CELLS + _LOOSENESS * shape.cell_tags:
            raise refuse("too_many_cells", limit=MAX_CELLS)


def number_of(letters: bytes) -> int:
    """Return a column's number, from 1, of its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
