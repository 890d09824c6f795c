"""A draft's or an edition's figures for the desk: read from its own tables, nothing recomputed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from portal.metrics.figures import StandingFigures, TradeFigures
from portal.metrics.inputs import FIRST_ATTEMPT, Listed, TradeInput
from portal.publication.editions import tables


@dataclass(frozen=True, slots=True)
class Line:
    """One institution of a previewed ranking; ``withheld`` maps figure to reason."""

    institution: Listed
    figures: StandingFigures
    withheld: Mapping[str, str]
    first_attempts: bool

    @property
    def trials(self) -> int | None:
        """Return what the rate is a share of."""
        return self.figures.sat_first if self.first_attempts else self.figures.sat

    @property
    def successes(self) -> int | None:
        """Return what passed of it."""
        return self.figures.passed_first if self.first_attempts else self.figures.passed


@dataclass(frozen=True, slots=True)
class Preview:
    """One trade of a draft or an edition."""

    trade: TradeInput
    figures: TradeFigures
    lines: tuple[Line, ...]

    @property
    def bands(self) -> Counter[str]:
        """Return how many institutions lie in each band."""
        return Counter(line.figures.band for line in self.lines)

    @property
    def with_rate(self) -> int:
        """Return how many institutions have a rate."""
        return sum(line.figures.rate is not None for line in self.lines)


def previews(members: Mapping[str, bytes]) -> list[Preview]:
    """Return every trade of a bundle, in the order of its table."""
    named = {one.institution: one for one in tables.rows_of(tables.INSTITUTIONS, members)}
    trades = {one.trade: one for one in tables.rows_of(tables.TRADES, members)}
    reasons: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for why in tables.rows_of(tables.WITHHELD, members):
        reasons[why.trade, why.institution][why.figure] = why.reason
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for row in tables.rows_of(tables.STANDINGS, members):
        first = trades[row.trade].measure == FIRST_ATTEMPT
        why_not = reasons[row.trade, row.institution]
        lines[row.trade].append(Line(named[row.institution], row, why_not, first))
    return [
        Preview(trades[one.trade], one, tuple(lines[one.trade]))
        for one in tables.rows_of(tables.TRADE_FIGURES, members)
    ]
