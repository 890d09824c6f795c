"""Posterior rates and their ranges, by quadrature."""

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.counts import Counts, Floats
from portal.domain.ranking.fit import Fit
from portal.domain.ranking.quadrature import Nodes, rates
from portal.domain.ranking.sweep import sweep

ROOM = 2_000_000
BINS = 1024
REACH = 8.0


@dataclass(frozen=True)
class Rates:
    """Mean, lower and upper bound of the rate shown; each (patterns,)."""

    mean: Floats
    low: Floats
    high: Floats


def rate_ranges(found: Fit, level: float) -> Rates:
    """Means and equal-tailed ranges of the rates of all patterns."""
    counts = found.counts
    points = len(found.weight) * found.detail.points
    size = max(1, ROOM // points)
    pieces = [
        _ranges(found, first, min(first + size, len(counts.copies)), level)
        for first in range(0, len(counts.copies), size)
    ]
    mean, low, high = (np.concatenate(each) for each in zip(*pieces, strict=True))
    return Rates(mean, low, high)


def _ranges(found: Fit, first: int, last: int, level: float) -> tuple[Floats, Floats, Floats]:
    rate, mass = _weighted_rates(found, first, last)
    mean = np.einsum("um,um->u", rate, mass)
    spread = np.sqrt(np.einsum("um,um->u", (rate - mean[:, None]) ** 2, mass))
    start = np.maximum(0.0, mean - REACH * spread)
    step = (np.minimum(1.0, mean + REACH * spread) - start) / (BINS - 1)
    step = np.maximum(step, np.finfo(float).tiny)
    share = _histogram((rate - start[:, None]) / step[:, None], mass)
    below = np.cumsum(share, axis=1)
    bounds = [start + step * _crossing(below, (1 + side * level) / 2) for side in (-1, 1)]
    return mean, np.clip(bounds[0], 0, 1), np.clip(bounds[1], 0, 1)


def _weighted_rates(found: Fit, first: int, last: int) -> tuple[Floats, Floats]:
    """Rates of some patterns at all nodes and grid points, and their posterior masses."""
    part: Counts = found.counts.part(first, last)
    nodes: Nodes = found.nodes.take(slice(None), slice(first, last))
    shape = (last - first, len(found.weight), found.detail.points)
    rate, mass = np.empty(shape), np.empty(shape)
    for piece in sweep(part, nodes, found.detail.reach, found.detail.points):
        at = piece.patterns, piece.nodes
        rate[at] = rates(part.share, piece.at.level, piece.slab.effect)
        mass[at] = piece.slab.mass * found.weight[piece.nodes, None]
    return rate.reshape(last - first, -1), mass.reshape(last - first, -1)


def _histogram(place: Floats, mass: Floats) -> Floats:
    """Masses on the grid points 0 … BINS - 1, each point's mass shared by its two neighbours."""
    np.clip(place, 0, BINS - 1, out=place)
    low = np.minimum(place.astype(np.int64), BINS - 2)
    upper = (place - low) * mass
    low += np.arange(len(place))[:, None] * BINS
    size = len(place) * BINS
    flat = np.bincount(low.ravel(), weights=(mass - upper).ravel(), minlength=size)
    flat += np.bincount(low.ravel() + 1, weights=upper.ravel(), minlength=size)[:size]
    return flat.reshape(len(place), BINS)


def _crossing(below: Floats, share: float) -> Floats:
    """Where the cumulated mass (patterns, BINS) passes ``share``, in grid steps."""
    at = np.minimum((below < share).sum(axis=1), BINS - 1)
    rows = np.arange(len(below))
    before = np.where(at > 0, below[rows, at - 1], 0.0)
    inside = (share - before) / np.maximum(below[rows, at] - before, 1e-300)
    return at - 0.5 + np.clip(inside, 0, 1)
