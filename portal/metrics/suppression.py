"""What may not be published leaves first: small cells, and what would give them away.

Everything an edition shows is computed from what is left here, so nothing can be found by taking
one published figure from another: a sum never counts a cell that is not itself published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from portal.metrics.inputs import (
    ALL_TRADES,
    FIRST_ATTEMPT,
    OTHERS,
    PASSED_OF_SAT,
    Answers,
    Count,
    FigureRules,
    Inputs,
    trials_of,
)

FEW = "withheld.fewer_than_10"
FEW_ANSWERS = "withheld.fewer_than_10_answers"
GIVES_AWAY = "withheld.gives_away"
NO_DATA = "withheld.no_data"
OBJECTED = "withheld.disputed"
NOT_PUBLISHED = "withheld.not_published_by_source"


def suppressed(inputs: Inputs, rules: FigureRules) -> Inputs:
    """Return the inputs as they may be published, in the order of the bundle."""
    measures = {trade.trade: trade.measure for trade in inputs.trades}
    limit = rules.ranking.min_published
    judged = [_judged(count, measures[count.trade], limit) for count in inputs.counts]
    pooled = _pooled(inputs.counts, judged, measures, limit)
    counts = sorted([*judged, *pooled], key=lambda one: (one.trade, one.institution, one.period))
    return replace(
        inputs,
        counts=tuple(counts),
        answers=_fit_to_publish(inputs.answers, rules),
        other_kinds=tuple(one for one in inputs.other_kinds if one.sat >= limit),
    )


def measure_of(counts: Iterable[Count]) -> str:
    """Return the definition of a trade's rate: first attempts wherever the source has them."""
    first = any(count.sat_first is not None for count in counts)
    return FIRST_ATTEMPT if first else PASSED_OF_SAT


def _judged(count: Count, measure: str, limit: int) -> Count:
    trials, _ = trials_of(count, measure)
    if trials is None:
        return blank(count, NOT_PUBLISHED)
    if trials < limit:
        return blank(count, FEW if trials else NO_DATA)
    return _one_definition(count, measure)


def blank(count: Count, reason: str) -> Count:
    """Return a cell that says why it is not published, and nothing else."""
    return replace(
        count,
        registered=None,
        sat=None,
        sat_first=None,
        passed_first=None,
        passed=None,
        withheld=reason,
    )


def _one_definition(count: Count, measure: str) -> Count:
    """Return the counts that go with the trade's rate: first attempts only where all have them."""
    if measure == PASSED_OF_SAT:
        return replace(count, sat_first=None, passed_first=None)
    return count


def _pooled(
    raw: Iterable[Count], judged: Iterable[Count], measures: dict[str, str], limit: int
) -> list[Count]:
    small: defaultdict[tuple[str, str], list[Count]] = defaultdict(list)
    for before, after in zip(raw, judged, strict=True):
        if after.withheld == FEW:
            small[before.trade, before.period].append(before)
    pools = [_sum(trade, period, cells) for (trade, period), cells in small.items()]
    enough = [pool for pool in pools if (trials_of(pool, measures[pool.trade])[0] or 0) >= limit]
    return [_one_definition(pool, measures[pool.trade]) for pool in enough]


def _sum(trade: str, period: str, cells: list[Count]) -> Count:
    def total(of: Callable[[Count], int | None]) -> int | None:
        return sum_of(of(cell) for cell in cells)

    return Count(
        trade=trade,
        institution=OTHERS,
        period=period,
        registered=total(lambda cell: cell.registered),
        sat=total(lambda cell: cell.sat),
        sat_first=total(lambda cell: cell.sat_first),
        passed_first=total(lambda cell: cell.passed_first),
        passed=total(lambda cell: cell.passed),
    )


def sum_of(values: Iterable[int | None]) -> int | None:
    """Return the sum; None as soon as one value is not known."""
    known = list(values)
    return None if None in known else sum(value or 0 for value in known)


def _fit_to_publish(answers: Iterable[Answers], rules: FigureRules) -> tuple[Answers, ...]:
    limit = rules.satisfaction.min_answers
    by_trade = {(one.institution, one.period) for one in answers if one.trade != ALL_TRADES}
    kept = [_judged_answers(one, by_trade, limit) for one in _one_source(answers)]
    return tuple(sorted(kept, key=lambda one: (one.trade, one.institution, one.period)))


def _judged_answers(one: Answers, by_trade: set[tuple[str, str]], limit: int) -> Answers:
    # All answers minus those by trade are the answers of the remaining trades.
    whole = one.trade == ALL_TRADES and (one.institution, one.period) in by_trade
    few = (one.answered or 0) < limit
    if not whole and not few:
        return one
    reason = GIVES_AWAY if whole else FEW_ANSWERS if one.answered else NO_DATA
    return Answers(
        trade=one.trade,
        institution=one.institution,
        period=one.period,
        source=one.source,
        invited=None,
        answered=None,
        satisfied_answers=None,
        withheld=reason,
    )


def _one_source(answers: Iterable[Answers]) -> list[Answers]:
    """Keep, for each trade, the source with the most answers: scales of two do not mix."""
    kept: list[Answers] = []
    in_order = sorted(answers, key=lambda one: (one.trade, one.source))
    for _, group in groupby(in_order, key=lambda one: one.trade):
        rows = list(group)
        totals: defaultdict[str, int] = defaultdict(int)
        for row in rows:
            totals[row.source] += row.answered or 0
        chosen = min(totals, key=lambda source: (-totals[source], source))
        kept += [row for row in rows if row.source == chosen]
    return kept
