"""The tables of a bundle: rows to canonical CSV and back, byte for byte."""

from __future__ import annotations

import csv
import io
import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from portal.domain.errors import RuleBroken
from portal.domain.formulas import as_meant, harmless
from portal.metrics.disputes import Dispute
from portal.metrics.figures import (
    AllRoundFigures,
    AllRoundStanding,
    OtherKindFigures,
    Pair,
    StandingFigures,
    TradeFigures,
    TrendFigures,
    Withheld,
)
from portal.metrics.inputs import (
    Answers,
    Condition,
    Count,
    Listed,
    OtherKind,
    Place,
    RecordPoints,
    TradeInput,
)
from portal.metrics.provenance import Provenance

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")

_DECIMALS = {"effective_n": 1}
_USUAL_DECIMALS = 4
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A file of the bundle and the dataclass of its rows."""

    path: str
    row: type[R]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(one.name for one in fields(self.row))


TRADES = Table("inputs/trades.csv", TradeInput)
INSTITUTIONS = Table("inputs/institutions.csv", Listed)
PLACES = Table("inputs/places.csv", Place)
COUNTS = Table("inputs/counts.csv", Count)
ANSWERS = Table("inputs/answers.csv", Answers)
OTHER_KINDS = Table("inputs/other-kinds.csv", OtherKind)
DISPUTES = Table("inputs/disputes.csv", Dispute)
CONDITIONS = Table("inputs/conditions.csv", Condition)
RECORD = Table("inputs/record.csv", RecordPoints)
PROVENANCE = Table("inputs/provenance.csv", Provenance)
TRADE_FIGURES = Table("figures/trades.csv", TradeFigures)
STANDINGS = Table("figures/standings.csv", StandingFigures)
WITHHELD = Table("figures/withheld.csv", Withheld)
TREND = Table("figures/trend.csv", TrendFigures)
PAIRS = Table("figures/pairs.csv", Pair)
OTHER_KIND_FIGURES = Table("figures/other-kinds.csv", OtherKindFigures)
ALL_ROUND = Table("figures/all-round.csv", AllRoundFigures)
ALL_ROUND_STANDINGS = Table("figures/all-round-standings.csv", AllRoundStanding)


def written(table: Table[R], rows: Iterable[R]) -> bytes:
    """Return rows as CSV: UTF-8 without BOM, LF, fixed decimals, nothing a formula."""
    lines = [",".join(table.columns)]
    for row in rows:
        cells = (_text(name, getattr(row, name)) for name in table.columns)
        lines.append(",".join(_quoted(cell) for cell in cells))
    return "".join(f"{line}\n" for line in lines).encode()


def rows_of(table: Table[R], members: Mapping[str, bytes]) -> tuple[R, ...]:
    """Return the rows of a table of the bundle.

    Raises:
        RuleBroken: it is missing, or not written as :func:`written` writes.

    """
    if table.path not in members:
        raise RuleBroken("verify.missing", member=table.path)
    try:
        rows = tuple(_read(table, members[table.path].decode()))
    except (ValueError, TypeError, KeyError, csv.Error) as cause:
        raise RuleBroken("verify.not_canonical", member=table.path) from cause
    if written(table, rows) != members[table.path]:
        raise RuleBroken("verify.not_canonical", member=table.path)
    return rows


def _read(table: Table[R], text: str) -> Iterable[R]:
    hints = get_type_hints(table.row)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(lines, [])
    if tuple(head) != table.columns:
        raise ValueError(head)
    for line in lines:
        pairs = zip(head, line, strict=True)
        yield table.row(**{name: _value(hints[name], cell) for name, cell in pairs})


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{_DECIMALS.get(name, _USUAL_DECIMALS)}f}"
    return harmless(str(value))


def _value(hint: Any, cell: str) -> Any:  # noqa: ANN401  # the hint decides
    if isinstance(hint, types.UnionType):
        return _value(get_args(hint)[0], cell) if cell else None
    if hint is bool:
        return {"true": True, "false": False}[cell]
    if hint is str:
        return as_meant(cell)
    return hint(cell)
