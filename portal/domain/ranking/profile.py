"""The spread τ on its grid: where its posterior has mass, and the levels α for each value."""

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking import LEVEL_SD, SPREAD_SCALE
from portal.domain.ranking.arrays import Floats
from portal.domain.ranking.counts import Counts
from portal.domain.ranking.locate import located_range
from portal.domain.ranking.modes import Information, find_modes, information, pairs, solve
from portal.domain.ranking.quadrature import Nodes
from portal.domain.ranking.sweep import Moments, moments

WIDE = (8.0, 27)
COARSE_POINTS = 12
COARSE_DROP = 24.0
OPEN = 12.0
CLOSED = 16.0
TRIES = 6
REFINEMENTS = 2


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
    levels: Floats = ((level - counts.prior_mean) ** 2).sum(axis=1) / (2 * LEVEL_SD**2)
    return -levels - (spread / SPREAD_SCALE) ** 2 / 2


def find_profile(counts: Counts, detail: Detail) -> Profile:
    """Return the profile over the whole range in which τ has posterior mass."""
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
    """Return the range that holds the mass of ``found``: the same one when it fits."""
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
    spread: Floats = low + (np.arange(detail.spreads) + 0.5) * step
    modes = find_modes(counts, spread)
    found = _Refined(modes.level, modes.effect, modes.information.curvature**-0.5, spread * 0)
    couples = pairs(counts)
    about = modes.information
    for reach, points in (WIDE, *[(detail.reach, detail.points)] * REFINEMENTS):
        nodes = Nodes(spread, found.level, found.mean, found.deviation, np.zeros(len(spread)))
        here = moments(counts, nodes, reach, points)
        about = information(counts, couples, here.pass_mean, spread)
        found = _refined(counts, nodes, here, about)
    return Profile(
        spread=spread,
        step=step,
        level=found.level,
        precision=about.precision,
        mean=found.mean,
        deviation=found.deviation,
        gain=about.weight / about.curvature[counts.owner],
        density=found.density,
    )


@dataclass(frozen=True)
class _Refined:
    """Levels after a step uphill, the effects' means and deviations there, and the density."""

    level: Floats
    mean: Floats
    deviation: Floats
    density: Floats


def _refined(counts: Counts, nodes: Nodes, here: Moments, about: Information) -> _Refined:
    """Return the levels moved uphill by one Newton step."""
    excess = counts.successes[:, None] - counts.trials[:, None] * here.pass_mean
    up = counts.per_stratum(excess).T - (nodes.level - counts.prior_mean) / LEVEL_SD**2
    move = solve(about.precision, up)
    fall = counts.per_pattern(about.weight * move.T[counts.column]) / about.curvature
    density = here.evidence + prior(counts, nodes.level, nodes.spread)
    volume = np.linalg.slogdet(about.precision)[1] / 2
    return _Refined(nodes.level + move, here.mean - fall, here.deviation, density - volume)
