"""Signals that tallies alone can give: where to look, never a verdict.

Light: no numpy. The funnel itself is worked out behind :mod:`portal.publication.compute`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import comb, sqrt

from portal.metrics.inputs import Count, Inputs, trials_of
from portal.rules.figures import Signals
from portal.rules.rulebook import Rulebook

CANDIDATES, ANSWERS = "candidates", "answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One institution in one trade over the window: trials and successes of its measure."""

    institution: str
    trade: str
    trials: int
    successes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Participation fell: shares of those registered that sat, now and in the periods before."""

    institution: str
    trade: str
    registered: int
    sat: int
    share: float
    share_before: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPassed:
    """Everybody passed; ``chance`` of that had each candidate the trade's average chance."""

    institution: str
    trade: str
    trials: int
    average: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many cells lie just below and just above a threshold; ``chance`` of so many above.

    ``of`` says what the threshold counts, candidates or answers; ``width`` how far either side
    reaches.
    """

    of: str
    threshold: int
    width: int
    below: int
    above: int
    chance: float
    is_signal: bool


def cells_of(inputs: Inputs, window: Iterable[str]) -> list[Cell]:
    """Return the cells of a window, unsuppressed, those with trials."""
    measures = {trade.trade: trade.measure for trade in inputs.trades}
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    periods = frozenset(window)
    for count in inputs.counts:
        trials, successes = trials_of(count, measures[count.trade])
        if count.period in periods and trials:
            sums[count.institution, count.trade][0] += trials
            sums[count.institution, count.trade][1] += successes or 0
    return [
        Cell(institution=institution, trade=trade, trials=n, successes=y)
        for (institution, trade), (n, y) in sorted(sums.items())
    ]


def drops(counts: Sequence[Count], now: str, rules: Signals) -> list[Drop]:
    """Return where participation fell, in the period ``now`` against all periods before it."""
    found: list[Drop] = []
    by_cell: defaultdict[tuple[str, str], list[Count]] = defaultdict(list)
    for count in counts:
        if count.registered and count.sat is not None:
            by_cell[count.institution, count.trade].append(count)
    for (institution, trade), rows in sorted(by_cell.items()):
        present = [row for row in rows if row.period == now]
        before = [row for row in rows if row.period < now]
        if present and before:
            found += _drop(institution, trade, _sums(present), _sums(before), rules)
    return sorted(found, key=lambda one: one.share - one.share_before)


Pair = tuple[int, int]


def _sums(rows: Sequence[Count]) -> Pair:
    return sum(row.registered or 0 for row in rows), sum(row.sat or 0 for row in rows)


def _drop(institution: str, trade: str, now: Pair, before: Pair, rules: Signals) -> Iterator[Drop]:
    (registered, sat), (registered_before, sat_before) = now, before
    share, share_before = sat / registered, sat_before / registered_before
    pooled = (sat + sat_before) / (registered + registered_before)
    error = sqrt(pooled * (1 - pooled) * (1 / registered + 1 / registered_before))
    fall = share_before - share
    if error > 0 and fall >= rules.participation_drop and fall / error > rules.participation_score:
        yield Drop(
            institution=institution,
            trade=trade,
            registered=registered,
            sat=sat,
            share=share,
            share_before=share_before,
        )


def all_passed(cells: Sequence[Cell], rules: Signals) -> list[AllPassed]:
    """Return where everybody passed although so many sat that chance hardly explains it."""
    of_trade: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        of_trade[cell.trade][0] += cell.trials
        of_trade[cell.trade][1] += cell.successes
    found = []
    for cell in cells:
        n, y = of_trade[cell.trade]
        average = y / n
        chance = average**cell.trials
        whole = cell.successes == cell.trials >= rules.all_passed_from
        if whole and chance < rules.all_passed_chance:
            found.append(
                AllPassed(
                    institution=cell.institution,
                    trade=cell.trade,
                    trials=cell.trials,
                    average=average,
                    chance=chance,
                )
            )
    return sorted(found, key=lambda one: one.chance)


def crowds(inputs: Inputs, window: Iterable[str], rules: Rulebook) -> list[Crowd]:
    """Return, for each number that figures depend on, whether cells crowd just above it.

    ``inputs`` are unsuppressed: what lies below a threshold is counted too.
    """
    exams, answers = rules.ranking, rules.satisfaction
    trials = [cell.trials for cell in cells_of(inputs, window)]
    answered = _answered(inputs, window)
    return [
        *crowds_at({exams.min_published, exams.min_effective_n}, trials, CANDIDATES, rules.signals),
        *crowds_at(
            {answers.min_answers, answers.min_answers_for_order}, answered, ANSWERS, rules.signals
        ),
    ]


def crowds_at(
    thresholds: Iterable[int], sizes: Sequence[int], of: str, rules: Signals
) -> list[Crowd]:
    """Return for each threshold how many sizes lie just below and just above it.

    Without a reason to aim at it a cell within the width is as likely above as below it, or less.
    """
    found = []
    for threshold in sorted(thresholds):
        width = rules.crowd_width
        below = sum(threshold - width <= size < threshold for size in sizes)
        above = sum(threshold <= size < threshold + width for size in sizes)
        chance = _at_least(above, above + below)
        found.append(
            Crowd(
                of=of,
                threshold=threshold,
                width=width,
                below=below,
                above=above,
                chance=chance,
                is_signal=chance < rules.crowd_chance,
            )
        )
    return found


def _answered(inputs: Inputs, window: Iterable[str]) -> list[int]:
    """Return the numbers of answers of each institution and trade over a window, where any."""
    periods = frozenset(window)
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in inputs.answers:
        if row.period in periods:
            sums[row.institution, row.trade] += row.answered or 0
    return [answered for answered in sums.values() if answered]


def _at_least(heads: int, throws: int) -> float:
    """Return the probability of at least so many heads of a fair coin."""
    return float(sum(comb(throws, k) for k in range(heads, throws + 1)) / 2**throws)
