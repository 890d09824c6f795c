"""The most probable values for a given spread τ: where the quadrature places its nodes.

Nothing published comes from here; it only says where to look.
"""

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking import LEVEL_SD, SPREAD_SCALE
from portal.domain.ranking.arrays import Floats, Ints, contract, sums_by
from portal.domain.ranking.counts import Counts

LARGEST_STEP = 1.5
ITERATIONS = 60
CLOSE = 1e-3


@dataclass(frozen=True)
class Information:
    """How sharply the counts speak at given pass probabilities, one column per spread.

    ``weight`` (cells, spreads) n p q; ``curvature`` (patterns, spreads) of θ given α;
    ``precision`` (spreads, strata, strata) of α with θ taken out.
    """

    weight: Floats
    curvature: Floats
    precision: Floats


@dataclass(frozen=True)
class Modes:
    """Joint modes, one per spread.

    ``level`` (spreads, strata) α; ``effect`` (patterns, spreads) θ; ``density`` (spreads,) log
    density of τ by Laplace, up to a constant.
    """

    level: Floats
    effect: Floats
    information: Information
    density: Floats


def find_modes(counts: Counts, spread: Floats, start: tuple[Floats, Floats] | None = None) -> Modes:
    """Return the joint modes of all levels and effects, for each spread τ > 0 of ``spread``.

    ``start``: levels (strata,) and effects (patterns,) to begin from.
    """
    level: Floats = np.full((len(spread), len(counts.strata)), counts.prior_mean)
    effect: Floats = np.zeros((len(counts.copies), len(spread)))
    if start:
        level, effect = level * 0 + start[0], effect + start[1][:, None]
    couples = pairs(counts)
    for _ in range(ITERATIONS):
        p = _logistic(level.T[counts.column] + effect[counts.owner])
        about = information(counts, couples, p, spread)
        excess = counts.successes[:, None] - counts.trials[:, None] * p
        slope = counts.per_pattern(excess) - effect / spread**2
        loss = about.weight * (slope / about.curvature)[counts.owner]
        up = counts.per_stratum(excess - loss).T - (level - counts.prior_mean) / LEVEL_SD**2
        step = np.clip(solve(about.precision, up), -LARGEST_STEP, LARGEST_STEP)
        along = counts.per_pattern(about.weight * step.T[counts.column])
        shift = np.clip((slope - along) / about.curvature, -LARGEST_STEP, LARGEST_STEP)
        level, effect = level + step, effect + shift
        if max(np.abs(step).max(), np.abs(shift).max()) < CLOSE:
            break
    p = _logistic(level.T[counts.column] + effect[counts.owner])
    about = information(counts, couples, p, spread)
    return Modes(level, effect, about, _laplace(counts, spread, level, effect, about))


def information(
    counts: Counts, couples: tuple[Ints, Ints], p: Floats, spread: Floats
) -> Information:
    """Return what the counts say at the pass probabilities ``p`` (cells, spreads)."""
    weight = counts.trials[:, None] * p * (1 - p)
    curvature = counts.per_pattern(weight) + spread**-2.0
    return Information(weight, curvature, _precision(counts, couples, weight, curvature))


def pairs(counts: Counts) -> tuple[Ints, Ints]:
    """All pairs of cells that belong to the same pattern, a cell with itself first of all."""
    layers = counts.layers
    both = [(one, two) for at, one in enumerate(layers) for two in layers[at + 1 :]]
    first = [np.arange(two[0]) + one[1].start for one, two in both]
    second = [np.arange(two[1].start, two[1].stop) for _, two in both]
    own = np.arange(len(counts.owner))
    return np.concatenate([own, *first]), np.concatenate([own, *second])


def _precision(
    counts: Counts, couples: tuple[Ints, Ints], weight: Floats, curvature: Floats
) -> Floats:
    strata, spreads = len(counts.strata), weight.shape[1]
    first, second = couples
    place = counts.column[first] * strata + counts.column[second]
    copies = counts.copies[counts.owner]
    out = np.empty((spreads, strata, strata))
    for at in range(spreads):
        each = np.ascontiguousarray(weight[:, at])
        own = sums_by(counts.column, copies * each, strata)
        scaled = each * copies / curvature[:, at].take(counts.owner)
        product = scaled.take(first)
        product *= each.take(second)
        shared = sums_by(place, product, strata * strata)
        shared = shared.reshape(strata, strata)
        both = shared + shared.T - np.diag(np.diag(shared))
        out[at] = np.diag(own + LEVEL_SD**-2.0) - both
    return out


def solve(matrix: Floats, right: Floats) -> Floats:
    """Solutions of one linear system per spread: (spreads, strata)."""
    return np.linalg.solve(matrix, right[:, :, None])[:, :, 0]


def _logistic(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def _laplace(
    counts: Counts, spread: Floats, level: Floats, effect: Floats, about: Information
) -> Floats:
    x = level.T[counts.column] + effect[counts.owner]
    fit = counts.successes[:, None] * x - counts.trials[:, None] * np.logaddexp(0, x)
    each = counts.per_pattern(fit) - effect**2 / (2 * spread**2)
    each -= np.log(spread**2 * about.curvature) / 2
    levels = ((level - counts.prior_mean) ** 2).sum(axis=1) / (2 * LEVEL_SD**2)
    volume = np.linalg.slogdet(about.precision)[1] / 2
    spreads = (spread / SPREAD_SCALE) ** 2 / 2
    return np.asarray(contract("u,ut->t", counts.copies, each) - levels - volume - spreads)
