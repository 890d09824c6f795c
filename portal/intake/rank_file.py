"""A plain file of counts for ``portal rank``: cells, or every fault with its line and column."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.domain.ranking.values import Cell

REQUIRED = ("institution", "trials", "successes")
KNOWN = ("institution", "stratum", "trials", "successes")
ENCODINGS = ("utf-8-sig", "gb18030")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (",", "\t", ";")
LARGEST_COUNT = 1_000_000_000
MOST_STRATA = 200
WHOLE = re.compile(r"\d+(\.0*)?")


@dataclass(frozen=True)
class Fault:
    """What is wrong: the key of a sentence and its facts; ``line`` 0 = the file as a whole."""

    key: str
    line: int = 0
    column: str = ""
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CountsFile:
    """The cells of a file, or its faults; with any fault there are no cells.

    ``ignored`` names the columns that were not used.
    """

    cells: tuple[Cell, ...] = ()
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    line: int
    values: dict[str, str]


def read_counts(raw: bytes) -> CountsFile:
    """Return the cells of the file with these bytes, or everything that is wrong with it.

    UTF-8 (with or without mark), UTF-16 with mark or GB18030; comma, tab or semicolon; any line
    ends. Blank lines are skipped.
    """
    text = _decoded(raw)
    if isinstance(text, Fault):
        return CountsFile(faults=(text,))
    try:
        lines = list(_lines(text))
    except csv.Error:
        return CountsFile(faults=(Fault("rank.unreadable"),))
    if not lines:
        return CountsFile(faults=(Fault("rank.no_rows"),))
    header = [name.strip().lower() for name in lines[0][1]]
    wrong = _header_faults(header)
    if wrong:
        return CountsFile(faults=wrong)
    cells, faults = _cells(header, lines[1:])
    ignored = tuple(name for name in header if name not in KNOWN)
    return CountsFile(() if faults else cells, faults, ignored)


def _decoded(raw: bytes) -> str | Fault:
    encodings = ("utf-16",) if raw.startswith(UTF_16_MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Fault("rank.nul") if "\0" in text else text
    return Fault("rank.encoding")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their line numbers."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            yield before + 1, row
        before = reader.line_num


def _header_faults(header: list[str]) -> tuple[Fault, ...]:
    missing = [Fault("rank.no_column", facts={"name": n}) for n in REQUIRED if n not in header]
    twice = [Fault("rank.column_twice", facts={"name": n}) for n in KNOWN if header.count(n) > 1]
    return tuple(missing + twice)


def _cells(
    header: list[str], lines: list[tuple[int, list[str]]]
) -> tuple[tuple[Cell, ...], tuple[Fault, ...]]:
    faults: list[Fault] = []
    rows: list[_Row] = []
    for line, row in lines:
        if len(row) == len(header):
            rows.append(_Row(line, dict(zip(header, map(str.strip, row), strict=True))))
        else:
            facts: dict[str, object] = {"number": len(row), "expected": len(header)}
            faults.append(Fault("rank.row_length", line, header[0], facts))
    if not lines:
        faults.append(Fault("rank.no_rows"))
    faults += _text_faults(rows)
    found = [(row, _cell(row)) for row in rows]
    faults += [fault for _, made in found if not isinstance(made, Cell) for fault in made]
    cells = [(row, made) for row, made in found if isinstance(made, Cell)]
    faults += _repeated(cells)
    faults.sort(key=lambda fault: fault.line)
    return tuple(cell for _, cell in cells), tuple(faults)


def _text_faults(rows: list[_Row]) -> list[Fault]:
    """Return the faults of names: missing ones, and more strata than can be compared."""
    strata = {row.values.get("stratum", "") for row in rows}
    out = [Fault("rank.empty", r.line, "institution") for r in rows if not r.values["institution"]]
    if len(strata) > 1 and "" in strata:
        out += [
            Fault("rank.stratum_empty", row.line, "stratum")
            for row in rows
            if not row.values["stratum"]
        ]
    if len(strata) > MOST_STRATA:
        out.append(
            Fault("rank.too_many_strata", 0, "", {"number": len(strata), "most": MOST_STRATA})
        )
    return out


def _cell(row: _Row) -> Cell | list[Fault]:
    trials = _count(row, "trials")
    successes = _count(row, "successes")
    faults = [value for value in (trials, successes) if isinstance(value, Fault)]
    if isinstance(trials, Fault) or isinstance(successes, Fault):
        return faults
    if successes > trials:
        facts: dict[str, object] = {"successes": successes, "trials": trials}
        return [Fault("rank.more_successes", row.line, "successes", facts)]
    return Cell(row.values["institution"], row.values.get("stratum", ""), trials, successes)


def _count(row: _Row, column: str) -> int | Fault:
    raw = row.values[column]
    plain = unicodedata.normalize("NFKC", raw)
    if not raw:
        return Fault("rank.empty", row.line, column)
    if not WHOLE.fullmatch(plain):
        return Fault("rank.not_whole", row.line, column, {"raw": raw[:40]})
    digits = plain.partition(".")[0].lstrip("0") or "0"
    if len(digits) > len(str(LARGEST_COUNT)) or int(digits) > LARGEST_COUNT:
        return Fault("rank.too_large", row.line, column, {"raw": raw[:40], "most": LARGEST_COUNT})
    return int(digits)


def _repeated(cells: list[tuple[_Row, Cell]]) -> list[Fault]:
    first: dict[tuple[str, str], int] = {}
    out = []
    for row, cell in cells:
        line = first.setdefault((cell.institution, cell.stratum), row.line)
        if line != row.line:
            out.append(Fault("rank.row_twice", row.line, "institution", {"first": str(line)}))
    return out
