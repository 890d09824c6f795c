"""Nodes for the levels α around their most probable values, for each spread τ."""

import numpy as np
from scipy.special import ndtri

from portal.domain.ranking.arrays import Floats, Ints, contract
from portal.domain.ranking.counts import Counts
from portal.domain.ranking.profile import Detail, Profile, prior
from portal.domain.ranking.quadrature import Nodes
from portal.domain.ranking.sweep import moments, sweep

ONE_STRATUM_REACH = 7.0
PROBE = 1.5
FAR = 0.75
WIDE = (9.0, 21)
GOLDEN = (5**0.5 - 1) / 2


def place_nodes(counts: Counts, around: Profile, detail: Detail) -> tuple[Nodes, Floats]:
    """Nodes of all spreads, and the log of the measure (nodes,) each stands for.

    With one stratum the levels are an even grid; with several, evenly spread points of a two-piece
    normal, corrected by their density.
    """
    if len(counts.strata) == 1:
        step = np.linspace(-ONE_STRATUM_REACH, ONE_STRATUM_REACH, detail.levels)
        shape = (len(around.spread), detail.levels, 1)
        z: Floats = np.broadcast_to(step[:, None], shape)
        log: Floats = np.zeros(shape[:2])
    else:
        z, log = _spread_out(counts, around, detail)
    root, log_size = _roots(around.precision)
    move = contract("tab,tmb->tma", root, z).reshape(-1, len(counts.strata))
    at = np.repeat(np.arange(len(around.spread)), detail.levels)
    return _moved(counts, around, at, move), (log + log_size[:, None]).ravel()


def _moved(counts: Counts, around: Profile, at: Ints, move: Floats) -> Nodes:
    """Nodes at the spreads ``at`` with levels moved from the most probable ones.

    Each effect's grid moves along; where that is far it is put around its density's own mean.
    """
    shift = counts.per_pattern(around.gain[:, at] * move.T[counts.column])
    width = around.deviation[:, at]
    offset = (np.arange(len(at)) * GOLDEN) % 1 - 0.5
    nodes = Nodes(
        around.spread[at], around.level[at] + move, around.mean[:, at] - shift, width, offset
    )
    if (np.abs(shift) / width).max() < FAR:
        return nodes
    found = moments(counts, nodes, *WIDE)
    return Nodes(nodes.spread, nodes.level, found.mean, found.deviation, offset)


def _roots(precision: Floats) -> tuple[Floats, Floats]:
    """Symmetric square roots of the levels' covariances and the logs of their determinants."""
    values, vectors = np.linalg.eigh(precision)
    root = contract("tab,tb,tcb->tac", vectors, values**-0.5, vectors)
    return root, -np.log(values).sum(axis=1) / 2


def _spread_out(counts: Counts, around: Profile, detail: Detail) -> tuple[Floats, Floats]:
    """Points z (spreads, levels, strata) of a two-piece normal, and minus its log density."""
    below, above = _sides(counts, around, detail)
    spreads, strata = len(around.spread), len(counts.strata)
    uniform = even_points(spreads * detail.levels // 2, strata).reshape(spreads, -1, strata)
    uniform = np.concatenate([uniform, 1 - uniform], axis=1)
    both = below + above
    left = uniform < below / both
    share = np.where(left, uniform * both / (2 * below), 1 - (1 - uniform) * both / (2 * above))
    unit = ndtri(share)
    z = unit * np.where(left, below, above)
    return z, (unit**2 / 2 + np.log(both)).sum(axis=2)


def even_points(count: int, dimensions: int) -> Floats:
    """Evenly spread points of the unit cube (count, dimensions), the same every time.

    Multiples of the square roots of the primes, without their whole parts.
    """
    primes: list[int] = []
    candidate = 2
    while len(primes) < dimensions:
        if all(candidate % prime for prime in primes):
            primes.append(candidate)
        candidate += 1
    step = np.sqrt(np.array(primes, dtype=np.float64)) % 1
    return np.asarray((0.5 + (np.arange(count) + 0.5)[:, None] * step) % 1)


def _sides(counts: Counts, around: Profile, detail: Detail) -> tuple[Floats, Floats]:
    """Widths of the levels' posterior below and above its mode, relative to the normal's."""
    best = int(np.argmax(around.density))
    strata = len(counts.strata)
    root = _roots(around.precision[best : best + 1])[0][0]
    move = np.concatenate([np.zeros((1, strata)), PROBE * root, -PROBE * root])
    nodes = _moved(counts, around, np.full(len(move), best), move)
    log = prior(counts, nodes.level, nodes.spread)
    for piece in sweep(counts, nodes, detail.reach, detail.points):
        log[piece.nodes] += piece.evidence()
    fall = np.maximum(log[0] - log[1:], 0.05)
    side = np.clip(PROBE / np.sqrt(2 * fall), 0.5, 3.0)
    return side[strata:], side[:strata]
