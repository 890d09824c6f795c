"""From arrays to the figures of institutions, in publication order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from portal.domain.ranking.counts import byte_order
from portal.domain.ranking.posterior import Posterior
from portal.domain.ranking.ranks import Ranks
from portal.domain.ranking.rates import Rates
from portal.domain.ranking.values import Cell, Figure, Settings
from portal.domain.ranking.withholding import Standing, reasons


def assemble(
    cells: Sequence[Cell],
    found: Posterior,
    measured: tuple[Rates, Ranks],
    settings: Settings,
    *,
    gate_open: bool,
) -> tuple[Figure, ...]:
    """Return the figures by mean rank, then name; those without data last, by name."""
    counted = _counted(cells)
    standings = _standings(found, counted)
    figures = [
        _figure(found, at, counted[name], measured, settings)
        if standings[at].trials > 0
        else Figure(name, 0, 0)
        for at, name in enumerate(found.counts.institutions)
    ]
    return tuple(
        _with_reasons(figures[at], standings[at], settings, gate_open=gate_open)
        for at in _order(found, measured[1])
    )


def _counted(cells: Sequence[Cell]) -> dict[str, tuple[float, float]]:
    """Undiscounted trials and successes of each institution."""
    out: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for cell in cells:
        trials, successes = out[cell.institution]
        out[cell.institution] = (
            trials + (cell.trials if cell.counted_trials is None else cell.counted_trials),
            successes
            + (cell.successes if cell.counted_successes is None else cell.counted_successes),
        )
    return dict(out)


def _standings(found: Posterior, counted: dict[str, tuple[float, float]]) -> list[Standing]:
    alone = np.ones(len(found.trials), dtype=bool)
    apart = np.ones(len(found.trials), dtype=bool)
    for members in found.sets:
        alone[members] = len(members) == 1
    apart[found.sets[0]] = False
    return [
        Standing(
            trials=float(found.trials[at]),
            counted=counted[name][0],
            effective_n=float(found.effective_n[at]),
            alone=bool(alone[at]),
            apart=bool(apart[at]),
        )
        for at, name in enumerate(found.counts.institutions)
    ]


def _figure(
    found: Posterior,
    at: int,
    counted: tuple[float, float],
    measured: tuple[Rates, Ranks],
    settings: Settings,
) -> Figure:
    ranges, ranks = measured
    pattern = found.counts.pattern[at]
    rate = Figure(
        institution=found.counts.institutions[at],
        trials=counted[0],
        successes=counted[1],
        raw_rate=counted[1] / counted[0],
        rate=float(ranges.mean[pattern]),
        rate_low=float(ranges.low[pattern]),
        rate_high=float(ranges.high[pattern]),
        effective_n=float(found.effective_n[at]),
    )
    return rate if ranks.middle[at] == 0 else _placed(rate, at, ranks, settings)


def _placed(rate: Figure, at: int, ranks: Ranks, settings: Settings) -> Figure:
    """Return the same with its places."""
    above = float(ranks.above[at])
    return replace(
        rate,
        rank=int(ranks.middle[at]),
        rank_low=int(ranks.low[at]),
        rank_high=int(ranks.high[at]),
        mean_rank=float(ranks.mean[at]),
        p_above_average=above,
        p_top=float(ranks.top[at]),
        p_bottom=float(ranks.bottom[at]),
        band=band(above, settings),
    )


def band(above: float, settings: Settings) -> str:
    """Return the band of an institution that lies above the average with probability ``above``."""
    if above >= settings.band_above:
        return "above"
    return "below" if above <= settings.band_below else "near"


def _with_reasons(
    figure: Figure, standing: Standing, settings: Settings, *, gate_open: bool
) -> Figure:
    withheld = reasons(standing, settings, gate_open=gate_open)
    known = None if "band" in withheld else figure.band
    return replace(figure, withheld=withheld, band=known)


def _order(found: Posterior, ranks: Ranks) -> list[int]:
    """Publication order: mean rank, then name; without data last."""
    names = [byte_order(name) for name in found.counts.institutions]
    empty = found.trials == 0
    return sorted(
        range(len(names)),
        key=lambda at: (empty[at], 0.0 if empty[at] else ranks.mean[at], names[at]),
    )
