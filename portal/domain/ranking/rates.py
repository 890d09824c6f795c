"""Posterior rates and their ranges, by quadrature.

The ranges need the distribution function of a rate: a mixture over the nodes of densities known
on a grid. Each grid cell's mass is laid evenly over the cell on the logit scale, so that the
function is made of straight pieces; it is summed by its changes of slope.
"""

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.arrays import Floats, contract, sums_by
from portal.domain.ranking.fit import Fit
from portal.domain.ranking.quadrature import rate_logits, rates
from portal.domain.ranking.sweep import Piece, sweep

ROOM = 1_500_000
BINS = 1024
REACH = 10.0


@dataclass(frozen=True)
class Rates:
    """Mean, lower and upper bound of the rate shown; each (patterns,)."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Pieces:
    """Of some patterns: mean rates, and of their logits mean, square, corners and slope changes.

    ``corner`` and ``change`` (patterns, nodes, points + 1).
    """

    mean: Floats
    logit: Floats
    square: Floats
    corner: Floats
    change: Floats


def rate_ranges(found: Fit, level: float) -> Rates:
    """Return means and equal-tailed ranges of the rates of all patterns."""
    total = len(found.counts.copies)
    size = max(1, ROOM // (len(found.weight) * (found.detail.points + 1)))
    parts = [
        _ranges(found, first, min(first + size, total), level) for first in range(0, total, size)
    ]
    mean, low, high = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Rates(mean, low, high)


def _ranges(found: Fit, first: int, last: int, level: float) -> tuple[Floats, Floats, Floats]:
    pieces = _pieces(found, first, last)
    spread = np.sqrt(np.maximum(pieces.square - pieces.logit**2, 1e-12))
    start = pieces.logit - REACH * spread
    step = 2 * REACH * spread / (BINS - 1)
    corner = pieces.corner.reshape(last - first, -1)
    change = pieces.change.reshape(last - first, -1)
    change *= step[:, None]
    bends = _on_grid((corner - start[:, None]) / step[:, None], change)
    below = np.cumsum(np.cumsum(bends, axis=1), axis=1)
    logits = [start + step * _crossing(below, (1 + side * level) / 2) for side in (-1, 1)]
    low, high = (1 / (1 + np.exp(-each)) for each in logits)
    return pieces.mean, low, high


def _pieces(found: Fit, first: int, last: int) -> _Pieces:
    part = found.counts.part(first, last)
    nodes = found.nodes.take(slice(None), slice(first, last))
    several = (last - first, len(found.weight), found.detail.points + 1)
    mean, logit, square = (np.zeros(last - first) for _ in range(3))
    corner, change = np.empty(several), np.empty(several)
    for piece in sweep(part, nodes, found.detail.reach, found.detail.points):
        mass = piece.slab.mass * found.weight[piece.nodes, None]
        rate = rates(part.share, piece.at.level, piece.slab.effect)
        mean[piece.patterns] += contract("ukq,ukq->u", rate, mass)
        corners, changes = _corners(piece, part.share, mass)
        middle = (corners[:, :, 1:] + corners[:, :, :-1]) / 2
        logit[piece.patterns] += contract("ukq,ukq->u", middle, mass)
        square[piece.patterns] += contract("ukq,ukq,ukq->u", middle, middle, mass)
        corner[piece.patterns, piece.nodes] = corners
        change[piece.patterns, piece.nodes] = changes
    return _Pieces(mean, logit, square, corner, change)


def _corners(piece: Piece, share: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the grid cells on the logit scale, and the changes of slope there.

    A mass laid evenly over its cell is a little wider than the density it stands for; taking a
    24th of the second differences off beforehand undoes that.
    """
    effect = piece.slab.effect
    step = effect[:, :, 1:2] - effect[:, :, :1]
    ends = np.concatenate([effect, effect[:, :, -1:] + step], axis=2) - step / 2
    corners = rate_logits(share, piece.at.level, ends)
    inside = mass.copy()
    inside[:, :, 1:-1] -= np.diff(mass, n=2, axis=2) / 24
    slope = inside / np.diff(corners, axis=2)
    edge = np.zeros((*slope.shape[:2], 1))
    return corners, np.diff(slope, axis=2, prepend=edge, append=edge)


def _on_grid(place: Floats, weight: Floats) -> Floats:
    """Return the weights on the grid points 0 … BINS - 1, shared by the two neighbours of each."""
    np.clip(place, 0, BINS - 1, out=place)
    low = np.minimum(place.astype(np.int64), BINS - 2)
    upper = (place - low) * weight
    low += np.arange(len(place))[:, None] * BINS
    size = len(place) * BINS
    flat = sums_by(low.ravel(), (weight - upper).ravel(), size)
    flat += sums_by(low.ravel() + 1, upper.ravel(), size)[:size]
    return flat.reshape(len(place), BINS)


def _crossing(bends: Floats, share: float) -> Floats:
    """Return where the distribution function (patterns, BINS) passes ``share``, in grid steps."""
    at = np.clip((bends < share).sum(axis=1), 1, BINS - 1)
    rows = np.arange(len(bends))
    before, after = bends[rows, at - 1], bends[rows, at]
    inside = (share - before) / np.maximum(after - before, 1e-300)
    return np.asarray(at + np.clip(inside, 0, 1))
