"""The spread τ on its grid: where its posterior has mass, and the levels α for each value."""

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.counts import PRIOR_SD, Counts, Floats
from portal.domain.ranking.locate import located_range
from portal.domain.ranking.modes import find_modes, level_precision, pairs, solve
from portal.domain.ranking.quadrature import Nodes
from portal.domain.ranking.sweep import moments

WIDE = (8.0, 27)
COARSE_POINTS = 12
COARSE_DROP = 24.0
OPEN = 12.0
CLOSED = 16.0
TRIES = 6
REFINEMENTS = 3


@dataclass(frozen=True)
class Detail:
    """How finely one problem is cut: the fewer the institutions, the finer.

    ``reach`` and ``points`` of the effect's grid, ``spreads`` values of τ, ``levels`` values of α
    per τ.
    """

    reach: float
    points: int
    spreads: int
    levels: int


@dataclass(frozen=True)
class Profile:
    """For each spread τ (spreads,): the most probable levels and what surrounds them.

    ``level`` (spreads, strata); ``precision`` (spreads, strata, strata); ``mean`` and
    ``deviation`` (patterns, spreads) of θ; ``gain`` (cells, spreads) how far θ falls when the
    level rises by one; ``density`` (spreads,) log density of τ; ``step`` between the spreads.
    """

    spread: Floats
    step: float
    level: Floats
    precision: Floats
    mean: Floats
    deviation: Floats
    gain: Floats
    density: Floats


def prior(counts: Counts, level: Floats, spread: Floats) -> Floats:
    """Log prior density of levels and spread at each node (nodes,), up to a constant."""
    return -((level - counts.prior_mean) ** 2).sum(axis=1) / (2 * PRIOR_SD**2) - spread**2 / 2


def find_profile(counts: Counts, detail: Detail) -> Profile:
    """The profile over the whole range in which τ has posterior mass."""
    low, high = located_range(counts) or _coarse_range(counts)
    found = _profile(counts, low, high, detail)
    for _ in range(TRIES):
        wanted = _wanted(found, low, high)
        if wanted == (low, high):
            break
        low, high = wanted
        found = _profile(counts, low, high, detail)
    return found


def _coarse_range(counts: Counts) -> tuple[float, float]:
    low, high = 0.0, 8.0
    for _ in range(2 * TRIES):
        step = (high - low) / COARSE_POINTS
        spread = low + (np.arange(COARSE_POINTS) + 0.5) * step
        density = find_modes(counts, spread).density
        kept = np.flatnonzero(density > density.max() - COARSE_DROP)
        new_low = max(0.0, float(spread[kept[0]]) - 1.5 * step)
        new_high = float(spread[kept[-1]]) + 1.5 * step
        old, (low, high) = high - low, (new_low, new_high)
        if 2 * (high - low) > old and kept[-1] < COARSE_POINTS - 1:
            break
    return low, high


def _wanted(found: Profile, low: float, high: float) -> tuple[float, float]:
    """The range that holds the mass of ``found``: the same one when it fits."""
    density, step = found.density - found.density.max(), found.step
    some = len(density) // 6
    if low > 0 and density[0] > -OPEN:
        low = max(0.0, low - some * step)
    elif density[some] < -CLOSED:
        low += some * step
    if density[-1] > -OPEN:
        high += some * step
    elif density[-1 - some] < -CLOSED:
        high -= some * step
    return low, high


def _profile(counts: Counts, low: float, high: float, detail: Detail) -> Profile:
    step = (high - low) / detail.spreads
    spread = low + (np.arange(detail.spreads) + 0.5) * step
    modes = find_modes(counts, spread)
    couples = pairs(counts)
    level, centre, width = modes.level, modes.effect, modes.curvature**-0.5
    reach, points = WIDE
    for _ in range(REFINEMENTS):
        nodes = Nodes(spread, level, centre, width, np.zeros(len(spread)))
        found = moments(counts, nodes, reach, points)
        p, width = found.pass_mean, found.deviation
        weight = counts.trials[:, None] * p * (1 - p)
        curvature = counts.per_pattern(weight) + spread**-2.0
        precision = level_precision(counts, couples, weight, curvature)
        gain = weight / curvature[counts.owner]
        density = found.evidence + prior(counts, level, spread)
        up = counts.per_stratum(counts.successes[:, None] - counts.trials[:, None] * p).T
        move = solve(precision, up - (level - counts.prior_mean) / PRIOR_SD**2)
        level = level + move
        centre = found.mean - counts.per_pattern(gain * move.T[counts.column])
        reach, points = detail.reach, detail.points
    density = density - np.linalg.slogdet(precision)[1] / 2
    return Profile(spread, step, level, precision, centre, width, gain, density)
