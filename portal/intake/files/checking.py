"""Every line of a file judged: data that holds, data refused, or no data at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, islice, repeat
from operator import not_
from typing import Any, Protocol

from portal.intake.files.formats import Format
from portal.intake.files.headers import LOOKED_AT, Layout, kind_of_line, layout_of, measure, named
from portal.intake.files.reading import sheets_of
from portal.intake.files.refusals import Fault, Flaw, Refused, Skipped, shown
from portal.intake.files.safety import refuse
from portal.intake.files.sheets import Reached, Row, Sheet
from portal.intake.files.source import Source
from portal.intake.files.spool import Spool, Staged

_RUN = 20
_BLOCK = 2_000
"""Rows judged together: more of them no longer lie in the processor's cache."""
Told = Callable[[int], None]
"""Called now and then with the number of rows read."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging in columns found: ``kept`` are the columns of the rows that are plainly good.

    ``good`` tells for each row whether it is one of them; None = all are. The others are not bad:
    they are to be judged by themselves.
    """

    good: Sequence[bool] | None
    kept: tuple[Sequence[Any], ...]


ColumnJudge = Callable[[Sequence[Sequence[str]]], Judged]


class Checker(Protocol):
    """What knows one kind of row."""

    form: Format

    @property
    def columns(self) -> ColumnJudge | None:
        """Return what judges many rows at once, given as columns in format order.

        None: each row is judged by itself.
        """

    def spool(self) -> Spool:
        """Return what the rows that hold are to lie in."""

    def begin(self, sheet: Sheet) -> None:
        """Prepare for the rows of another sheet."""

    def row(self, cells: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return the row as it is kept, or what is wrong with it; cells stand in format order."""


class OneByOne:
    """What the checkers of small files share: each row by itself, kept in the file's order."""

    columns = None
    spool = Spool


@dataclass(slots=True)
class Findings:
    """What was found in a file: rows that hold in ``spool`` (sheet, line, then the row's own)."""

    sheets: list[str] = field(default_factory=list)
    spool: Spool = field(default_factory=Spool)
    rows_read: int = 0
    refused_rows: int = 0
    refusals: list[Refused] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def check(
    source: Source,
    checker: Checker,
    told: Told = lambda _count: None,
    reached: Reached | None = None,
) -> Findings:
    """Return what stands in a file.

    Raises:
        RuleBroken: the file as a whole cannot be used.

    """
    found = Findings(spool=checker.spool())
    tables = sheets_of(source, measure(checker.form))
    reached = reached or Reached()
    headed = [
        _check_sheet(sheet, checker, found, _telling(told, reached, number, tables))
        for number, sheet in enumerate(tables)
    ]
    if not any(headed):
        needed = named((group[0] for group in checker.form.needs), checker.form)
        raise refuse("no_header", columns=needed)
    if not found.rows_read:
        raise refuse("no_rows")
    return found


def _telling(told: Told, reached: Reached, number: int, sheets: Sequence[Sheet]) -> Told:
    """Return what tells the rows read so far, and notes how far into the file they are."""

    def telling(rows: int) -> None:
        reached.share = (number + sheets[number].reached.share) / len(sheets)
        reached.rows = rows
        told(rows)

    return telling


def _check_sheet(sheet: Sheet, checker: Checker, found: Findings, told: Told) -> bool:
    """Check the rows of one sheet; tell whether it has a header."""
    if sheet.hidden:
        found.skipped.append(Skipped(sheet=sheet.name, line=0, reason="hidden_sheet"))
        return False
    rows = iter(sheet.rows)
    first = [*islice(rows, LOOKED_AT)]
    layout = layout_of(first, checker.form)
    if layout is None:
        if any(any(cells) for _, cells in first):
            found.skipped.append(Skipped(sheet=sheet.name, line=1, reason="no_table"))
        return False
    found.sheets.append(sheet.name)
    found.ignored += [text for text in layout.ignored if text not in found.ignored]
    checker.begin(sheet)
    _SheetCheck(sheet, layout, checker, found).all(chain(first, rows), told)
    return True


class _SheetCheck:
    """The rows of one sheet, one after the other."""

    def __init__(self, sheet: Sheet, layout: Layout, checker: Checker, found: Findings) -> None:
        self._sheet, self._layout, self._checker, self._found = sheet, layout, checker, found
        self._number = len(found.sheets) - 1
        self._blank: list[int] = []
        self._pick, self._row, self._add = layout.picker(), checker.row, found.spool.add

    def all(self, rows: Iterator[Row], told: Told) -> None:
        """Check all rows."""
        below = self._below_header(rows)
        while block := [*islice(below, _BLOCK)]:
            self._block(block)
            told(self._found.rows_read)
        self._close_blank()

    def _below_header(self, rows: Iterator[Row]) -> Iterator[Row]:
        for line, cells in rows:
            if line > self._layout.last_line:
                return chain([(line, cells)], rows)
            self._above(line, cells)
        return iter(())

    def _block(self, block: Sequence[Row]) -> None:
        """Judge a block of rows: in columns what can be, the others one by one."""
        columns, width = self._checker.columns, self._layout.width
        if columns is not None:
            even = [row for row in block if len(row[1]) == width]
            doubtful = [row for row in block if len(row[1]) != width]
            doubtful += self._in_columns(even, columns) if even else []
            block = sorted(doubtful) if len(even) < len(block) else doubtful
        for line, cells in block:
            if len(cells) == width:
                self._judge(line, [*cells, ""])
            else:
                self._odd(line, cells)

    def _in_columns(self, rows: Sequence[Row], columns: ColumnJudge) -> Iterable[Row]:
        """Keep the rows that are plainly good; return the others."""
        lines, cells = zip(*rows, strict=True)
        texts = [*zip(*cells, strict=True), ("",) * len(rows)]
        judged = columns([texts[place] for place in self._layout.places])
        good = judged.good
        kept = lines if good is None else compress(lines, good)
        before = self._found.spool.count
        self._found.spool.extend(zip(repeat(self._number), kept, *judged.kept))
        self._found.rows_read += self._found.spool.count - before
        return () if good is None else compress(rows, map(not_, good))

    def _judge(self, line: int, cells: list[str]) -> None:
        """Judge the cells of a line: as many as the header has, and one "" for missing columns."""
        result = self._row(self._pick(cells))
        if isinstance(result, tuple):
            self._found.rows_read += 1
            self._add((self._number, line, *result))
        else:
            self._wrong(line, cells, result)

    def _above(self, line: int, cells: Sequence[str]) -> None:
        if line < self._layout.line:
            self._skip(line, "title" if any(cells) else "blank")

    def _odd(self, line: int, cells: Sequence[str]) -> None:
        """Judge a line that is shorter or longer than the header."""
        width = self._layout.width
        kept = [*cells[:width], *[""] * (width + 1 - min(len(cells), width))]
        beyond = any(cell.strip() for cell in cells[width:])
        if beyond or (self._sheet.ragged and len(cells) < width):
            fault = Fault(
                "row.long" if beyond else "row.short", {"found": len(cells), "wanted": width}
            )
            self._wrong(line, kept, [Flaw("", fault)])
        else:
            self._judge(line, kept)

    def _wrong(self, line: int, cells: Sequence[str], flaws: list[Flaw]) -> None:
        if reason := kind_of_line(cells, self._layout):
            self._skip(line, reason)
            return
        found = self._found
        picked = dict(zip(self._checker.form.keys, self._pick(cells), strict=True))
        found.rows_read += 1
        found.refused_rows += 1
        found.refusals += [self._refused(line, picked, flaw) for flaw in flaws]

    def _refused(self, line: int, picked: dict[str, str], flaw: Flaw) -> Refused:
        column = self._checker.form.column(flaw.column) if flaw.column else None
        return Refused(
            sheet=self._sheet.name,
            line=line,
            column=self._layout.headers.get(flaw.column, flaw.column),
            raw=shown(picked[flaw.column], personal=column.personal) if column else "",
            rule=flaw.fault.rule,
            facts=flaw.fault.facts,
            key=flaw.column,
        )

    def _skip(self, line: int, reason: str) -> None:
        if reason == "blank":
            if self._blank and line != self._blank[-1] + 1:
                self._close_blank()
            self._blank.append(line)
            return
        self._close_blank()
        self._found.skipped.append(Skipped(sheet=self._sheet.name, line=line, reason=reason))

    def _close_blank(self) -> None:
        """Write down the blank lines met so far: one by one, or a long run as one entry."""
        lines, self._blank = self._blank, []
        name = self._sheet.name
        if len(lines) > _RUN:
            self._found.skipped.append(
                Skipped(sheet=name, line=lines[0], reason="blank", until=lines[-1])
            )
            return
        self._found.skipped += [Skipped(sheet=name, line=line, reason="blank") for line in lines]
