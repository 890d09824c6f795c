"""From an edition's inputs to its figures: one comparison per trade, under the public method.

Loads numpy through the method; reached only through :mod:`portal.publication.compute`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from portal.domain.ranking.compared import compared
from portal.domain.ranking.pairs import better
from portal.domain.ranking.values import Cell, Figure, Ranking
from portal.metrics.all_round import all_round_of
from portal.metrics.beside import other_definitions, other_kinds_of
from portal.metrics.figures import (
    Figures,
    Pair,
    StandingFigures,
    TradeFigures,
    TrendFigures,
    Withheld,
)
from portal.metrics.inputs import Count, FigureRules, Inputs, TradeInput, trend_of, trials_of
from portal.metrics.satisfaction import Satisfactions, Satisfied
from portal.metrics.suppression import FEW, NO_DATA, NOT_PUBLISHED, OBJECTED, sum_of
from portal.metrics.window import DECIMALS, discounts, rounded, settings_of, weightiest
from portal.rules.figures import STEPS

_COUNTED = ("registered", "sat", "sat_first", "passed_first", "passed")
_FIGURES = (
    "rate",
    "rate_low",
    "rate_high",
    "rank_low",
    "rank_high",
    "p_above_average",
    "band",
    "effective_n",
)
_BANDS = ("above", "near", "below", "withheld")
FEWEST = 2
_ORDER_OF_REASONS = (OBJECTED, FEW, NOT_PUBLISHED, NO_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What is known of one institution in one trade, before rows are put in order."""

    institution: str
    name: str
    counts: dict[str, int | None]
    figure: Figure | None
    satisfied: Satisfied
    withheld: dict[str, str]

    def shown(self, field: str) -> float | int | str | None:
        """Return a figure of the method, None where it is withheld or missing."""
        if self.figure is None or field in self.withheld:
            return None
        value: float | int | str | None = getattr(self.figure, field)
        return value

    @property
    def band(self) -> str:
        return str(self.shown("band") or "withheld")


def figures_of(inputs: Inputs, rules: FigureRules) -> Figures:
    """Return all figures that follow from suppressed inputs under these rules."""
    satisfactions = Satisfactions(inputs, rules)
    trades: list[TradeFigures] = []
    standings: list[StandingFigures] = []
    withheld: list[Withheld] = []
    pairs: list[Pair] = []
    for trade in inputs.trades:
        table = _Table(inputs, rules, trade, satisfactions)
        rows = table.rows()
        trades.append(table.summary())
        pairs += table.pairs()
        standings += [_standing(trade.trade, at, row) for at, row in enumerate(rows, 1)]
        withheld += [
            Withheld(trade=trade.trade, institution=row.institution, figure=name, reason=reason)
            for row in rows
            for name, reason in sorted(row.withheld.items())
        ]
    whole = all_round_of(inputs, rules)
    return Figures(
        trades=tuple(trades),
        standings=tuple(standings),
        withheld=(*withheld, *whole.withheld),
        trend=tuple(_trend(inputs, rules)),
        pairs=tuple(pairs),
        other_kinds=other_kinds_of(inputs, rules),
        all_round=(whole.summary,),
        all_round_standings=whole.standings,
    )


class _Table:
    """One trade's table: its cells, its fit, its rows."""

    def __init__(
        self, inputs: Inputs, rules: FigureRules, trade: TradeInput, satisfactions: Satisfactions
    ) -> None:
        self._trade = trade
        self._scope = satisfactions.of(trade.trade)
        self._weights = discounts(inputs.period, rules.ranking)
        self._names = {one.institution: one.name for one in inputs.institutions}
        self._places = [one.institution for one in inputs.places if one.trade == trade.trade]
        self._cells: defaultdict[str, list[Count]] = defaultdict(list)
        for count in inputs.counts:
            if count.trade == trade.trade and count.period in self._weights:
                self._cells[count.institution].append(count)
        cells = [cell for code in self._places for cell in self._cell(code)]
        self._pairs_most = rules.ranking.pairs_most
        self._compared = compared(cells, settings_of(rules.ranking)) if cells else None
        self._ranking: Ranking | None = self._compared.ranking if self._compared else None

    def rows(self) -> list[_Row]:
        """Return the rows in the order of the table."""
        items = self._ranking.items if self._ranking else ()
        found = {figure.institution: figure for figure in items}
        order = {figure.institution: at for at, figure in enumerate(items)}
        rows = [self._row(code, found.get(code)) for code in self._places]
        ordered = self._ranking is not None and self._ranking.order_publishable
        return sorted(rows, key=lambda row: _place_in_table(row, order, ordered=ordered))

    def pairs(self) -> list[Pair]:
        """Return every pair of the institutions that can be compared; none where they are many."""
        items = self._ranking.items if self._ranking else ()
        codes = sorted(figure.institution for figure in items if figure.band is not None)
        if self._compared is None or not FEWEST <= len(codes) <= self._pairs_most:
            return []
        twins = np.array([self._compared.pattern_of(code) for code in codes])
        wins = better(self._compared.draws_of(codes), twins)
        return [
            Pair(
                trade=self._trade.trade,
                institution=codes[one],
                other=codes[other],
                p_better=round(float(wins[one, other]), DECIMALS),
            )
            for one, other in combinations(range(len(codes)), 2)
        ]

    def summary(self) -> TradeFigures:
        """Return what is said of the trade as a whole."""
        ranking = self._ranking
        known = [cell for cells in self._cells.values() for cell in cells if not cell.withheld]
        begun = min((cell.period for cells in self._cells.values() for cell in cells), default="")
        return TradeFigures(
            trade=self._trade.trade,
            measure=self._trade.measure,
            window=" ".join(sorted(period for period in self._weights if period >= begun)),
            average=rounded(ranking.average) if ranking else None,
            spread=rounded(ranking.tau) if ranking else None,
            rankability=rounded(ranking.rankability) if ranking else None,
            order_publishable=ranking is not None and ranking.order_publishable,
            institutions=len(self._places),
            satisfaction_average=self._scope.average,
            satisfaction_scope=self._scope.trade,
            satisfaction_source=self._scope.source,
            **_sums(known),
        )

    def _known(self, code: str) -> list[Count]:
        return [cell for cell in self._cells.get(code, ()) if cell.withheld is None]

    def _cell(self, code: str) -> Iterator[Cell]:
        told = [
            (self._weights[cell.period], *trials_of(cell, self._trade.measure))
            for cell in self._known(code)
        ]
        if told:
            yield Cell(
                institution=code,
                stratum=self._trade.trade,
                trials=sum(share * (trials or 0) for share, trials, _ in told),
                successes=sum(share * (successes or 0) for share, _, successes in told),
                counted_trials=sum(trials or 0 for _, trials, _ in told),
                counted_successes=sum(successes or 0 for _, _, successes in told),
            )

    def _row(self, code: str, figure: Figure | None) -> _Row:
        satisfied = self._scope.of(code)
        counts = _sums(self._known(code))
        return _Row(
            institution=code,
            name=self._names[code],
            counts=counts,
            figure=figure,
            satisfied=satisfied,
            withheld=self._reasons(code, counts, figure) | satisfied.withheld,
        )

    def _reasons(
        self, code: str, counts: dict[str, int | None], figure: Figure | None
    ) -> dict[str, str]:
        if figure is None:
            cells = self._cells.get(code, ())
            reason = weightiest((cell.withheld for cell in cells), _ORDER_OF_REASONS)
            return dict.fromkeys((*_COUNTED, *_FIGURES), reason)
        reasons = {name: why for name, why in figure.withheld.items() if name in _FIGURES}
        missing = [name for name in _COUNTED if counts[name] is None]
        return reasons | dict.fromkeys(missing, NOT_PUBLISHED)


def _sums(cells: Sequence[Count]) -> dict[str, int | None]:
    if not cells:
        return dict.fromkeys(_COUNTED)
    return {name: sum_of(getattr(cell, name) for cell in cells) for name in _COUNTED}


def _place_in_table(
    row: _Row, order: dict[str, int], *, ordered: bool
) -> tuple[int, int, bytes, bytes]:
    """Return the sort key: places, then bands, then rates alone, then nothing; then the name."""
    # In the bytes of GB 18030 common Chinese characters stand in the order of their sound.
    named = (row.name.encode("gb18030", "replace"), row.institution.encode())
    if ordered and row.shown("rank_low") is not None:
        return 0, order[row.institution], *named
    if row.shown("rate") is None:
        return 9, 0, *named
    return 1 + _BANDS.index(row.band), 0, *named


def _standing(trade: str, position: int, row: _Row) -> StandingFigures:
    satisfied = row.satisfied
    shares = {name: rounded(_number(row.shown(name))) for name in _RATES}
    whole: dict[str, Any] = {
        **row.counts,
        **other_definitions(row.counts),
        **shares,
        **dict(zip(STEPS, satisfied.steps, strict=True)),
    }
    effective = _number(row.shown("effective_n"))
    return StandingFigures(
        trade=trade,
        position=position,
        institution=row.institution,
        rank_low=_whole(row.shown("rank_low")),
        rank_high=_whole(row.shown("rank_high")),
        band=row.band,
        effective_n=None if effective is None else round(effective, 1),
        satisfaction_rate=satisfied.rate,
        satisfaction_low=satisfied.rate_low,
        satisfaction_high=satisfied.rate_high,
        satisfaction_rank_low=satisfied.rank_low,
        satisfaction_rank_high=satisfied.rank_high,
        answered=satisfied.answered,
        invited=satisfied.invited,
        satisfied_answers=satisfied.satisfied,
        response_low=satisfied.response_low,
        response_high=satisfied.response_high,
        **whole,
    )


_RATES = ("rate", "rate_low", "rate_high", "p_above_average")


def _number(value: float | str | None) -> float | None:
    return None if value is None else float(value)


def _whole(value: float | str | None) -> int | None:
    return None if value is None else int(value)


def _trend(inputs: Inputs, rules: FigureRules) -> Iterator[TrendFigures]:
    cells = {(one.trade, one.institution, one.period): one for one in inputs.counts}
    measures = {trade.trade: trade.measure for trade in inputs.trades}
    for place in inputs.places:
        for period in trend_of(inputs.period, rules.ranking):
            cell = cells.get((place.trade, place.institution, period))
            known = trials_of(cell, measures[place.trade]) if cell else (None, None)
            yield TrendFigures(
                trade=place.trade,
                institution=place.institution,
                period=period,
                trials=known[0],
                successes=known[1],
                reason=cell.withheld if cell else NO_DATA,
            )
