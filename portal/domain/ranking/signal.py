"""The regulator's funnel over all trades: case mix first, then the limits with overdispersion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from portal.domain.ranking.case_mix import case_mix
from portal.domain.ranking.funnel import Q95, Q998, Funnel, adjusted_scores, funnel, limits, zone

STEPS = 24
"""Pieces of which the bent limits are drawn."""

Cell = tuple[str, str, int, int]
Place = tuple[str, int, int, float, float, str]
Row = tuple[int, float, float, float, float]


def case_mix_funnel(cells: Sequence[Cell]) -> tuple[float, list[Place], list[Row]]:
    """Return the centre, the places of all institutions, the farthest out first, and the limits.

    A place is (institution, trials, successes, adjusted share, score, zone); a row of limits is
    (trials, both 95 % limits, both 99.8 % limits).
    """
    names = sorted({institution for institution, *_ in cells})
    trades = sorted({trade for _, trade, *_ in cells})
    found = case_mix(
        np.searchsorted(names, [institution for institution, *_ in cells]),
        np.searchsorted(trades, [trade for _, trade, *_ in cells]),
        np.array([float(n) for *_, n, _ in cells]),
        np.array([float(y) for *_, y in cells]),
    )
    plot = funnel(list(found.share * found.trials), list(found.trials), found.centre)
    scores = adjusted_scores(plot, list(found.trials))
    places: list[Place] = [
        (
            name,
            int(found.trials[at]),
            int(found.successes[at]),
            float(found.share[at]),
            float(scores[at]),
            zone(plot, found.share[at] * found.trials[at], found.trials[at]),
        )
        for at, name in enumerate(names)
    ]
    places.sort(key=lambda place: -abs(place[4]))
    return found.centre, places, _limits(plot, found.trials.min(), found.trials.max())


def _limits(plot: Funnel, least: float, most: float) -> list[Row]:
    ratio = (max(most, least + 1) / least) ** (1 / STEPS)
    sizes = sorted({round(least * ratio**step) for step in range(STEPS + 1)})
    return [(size, *limits(plot, size, Q95), *limits(plot, size, Q998)) for size in sizes]
