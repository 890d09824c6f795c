"""Draws of all rates from the posterior, reproducible from the seed."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import ndtri

from portal.domain.ranking.arrays import Floats, Ints
from portal.domain.ranking.fit import Fit
from portal.domain.ranking.quadrature import rates, slab

TABLE_REACH = 4.0
TABLE = 33
TABLE_STEP = 2 * TABLE_REACH / (TABLE - 1)
TABLE_ROOM = 400_000
FEWEST_NODES = 16
TOGETHER = 60_000
PAIRS_ROOM = 300_000
EVEN_ROOM = 4_000_000
SMALLEST_MASS = 1e-14


def draw_rates(found: Fit, draws: int, seed: int) -> Iterator[Floats]:
    """Blocks (draws, institutions) of rates, in all ``draws`` rows.

    Draws come in antithetic pairs: normal scores z and -z of all effects under the same spread
    and levels. The random numbers belong to the institutions in canonical order.
    """
    pattern, pairs = found.counts.pattern, (draws + 1) // 2
    scores = _score_source(seed, pairs, len(pattern))
    size = max(1, PAIRS_ROOM // len(pattern))
    left = draws
    for node, many in _node_groups(found, pairs):
        table = rate_table(found, node)
        rows = np.repeat(np.arange(len(node)), many)
        for first in range(0, len(rows), size):
            some = rows[first : first + size, None]
            base = (pattern * len(node) + some) * TABLE
            score = scores(len(some))
            block = np.concatenate([_look_up(table, base, s) for s in (score, -score)])[:left]
            left -= len(block)
            yield block


def _score_source(seed: int, pairs: int, count: int) -> Callable[[int], Floats]:
    """Return a function that gives the next rows (rows, institutions) of independent normal scores.

    Where it is cheap each institution's scores are stratified: one in each of as many equally
    probable intervals as there are pairs, in an order of its own.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    if pairs * count > EVEN_ROOM:
        return lambda rows: random.standard_normal((rows, count))
    place = np.broadcast_to(np.arange(pairs, dtype=np.float64)[:, None], (pairs, count))
    place = random.permuted(place, axis=0)
    place += random.random((pairs, count))
    blocks = iter(ndtri(np.clip(place / pairs, SMALLEST_MASS, 1 - SMALLEST_MASS)))
    return lambda rows: np.array([next(blocks) for _ in range(rows)])


def _node_groups(found: Fit, pairs: int) -> Iterator[tuple[Ints, Ints]]:
    """Nodes to draw from and how many pairs each gets, in groups whose tables fit together."""
    patterns = len(found.counts.copies)
    count = min(pairs, max(FEWEST_NODES, TABLE_ROOM // patterns))
    marks = (np.arange(count) + 0.5) / count
    picked = np.searchsorted(np.cumsum(found.weight) / found.weight.sum(), marks)
    of_pair = picked[np.arange(pairs) * count // pairs]
    node, size = np.unique(of_pair, return_counts=True)
    group = max(1, TOGETHER // (patterns * TABLE))
    for first in range(0, len(node), group):
        yield node[first : first + group], size[first : first + group]


def rate_table(found: Fit, node: Ints) -> Floats:
    """Rates at even normal scores from -4 to 4, flattened from (patterns, nodes, TABLE)."""
    nodes = found.nodes.take(node)
    dense = slab(found.counts, nodes, found.detail.reach, found.detail.points)
    effect = _by_score(dense.effect, _scores(dense.mass))
    return rates(found.counts.share, nodes.level, effect).ravel()


def _scores(mass: Floats) -> Floats:
    """Return normal scores of the grid points: cumulated trapezoids with their correction."""
    below = np.cumsum(mass, axis=2)
    below -= mass / 2
    below[:, :, 1:-1] -= (mass[:, :, 2:] - mass[:, :, :-2]) / 24
    return ndtri(np.clip(below, SMALLEST_MASS, 1 - SMALLEST_MASS))


def _by_score(effect: Floats, score: Floats) -> Floats:
    """Effects (patterns, nodes, TABLE) at even normal scores, linear between grid points."""
    even = np.linspace(-TABLE_REACH, TABLE_REACH, TABLE)
    out = np.repeat(effect[:, :, :1], TABLE, axis=2)
    gap = np.maximum(np.diff(score, axis=2), 1e-9)
    rise = np.diff(effect, axis=2)
    for at in range(gap.shape[2]):
        part = even - score[:, :, at, None]
        part /= gap[:, :, at, None]
        np.clip(part, 0, 1, out=part)
        part *= rise[:, :, at, None]
        out += part
    return out


def _look_up(table: Floats, base: Ints, score: Floats) -> Floats:
    """Rates at the scores, linear inside the table and beyond its ends."""
    place = (score + TABLE_REACH) * (1 / TABLE_STEP)
    low = np.clip(place.astype(np.int64), 0, TABLE - 2)
    place -= low
    low += base
    lower = table.take(low)
    low += 1
    upper = table.take(low)
    upper -= lower
    upper *= place
    upper += lower
    return upper
