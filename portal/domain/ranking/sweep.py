"""Quadrature over many institutions and nodes, in pieces that stay in the cache."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, contract
from portal.domain.ranking.counts import Counts
from portal.domain.ranking.quadrature import Nodes, Slab, pass_means, slab

BLOCK = 100_000
"""Numbers worked on at once: few enough to stay in the processor's cache."""


@dataclass(frozen=True)
class Piece:
    """Some patterns at some nodes: where they belong, and the densities of their effects.

    ``patterns`` and ``nodes`` are slices of the whole, ``cells`` indices of the patterns' cells.
    """

    patterns: slice
    nodes: slice
    cells: Ints
    counts: Counts
    at: Nodes
    slab: Slab

    def evidence(self) -> Floats:
        """Log evidence of these patterns, each as often as it occurs (nodes,)."""
        return contract("u,uk->k", self.counts.copies, self.slab.evidence)

    def pass_means(self) -> Floats:
        """Mean pass probability of each cell (cells, nodes)."""
        return pass_means(self.counts, self.at, self.slab)


@dataclass(frozen=True)
class Moments:
    """Log ``evidence`` (nodes,); ``mean`` and ``deviation`` of θ (patterns, nodes).

    ``pass_mean`` (cells, nodes) is the mean pass probability.
    """

    evidence: Floats
    mean: Floats
    deviation: Floats
    pass_mean: Floats


def sweep(counts: Counts, nodes: Nodes, reach: float, points: int) -> Iterator[Piece]:
    """Return the densities of all effects at all nodes, piece by piece."""
    total, several = len(counts.copies), len(nodes.spread)
    each = points * len(counts.owner) / total
    patterns = max(1, min(total, int(BLOCK / each)))
    together = max(1, int(BLOCK / each / patterns))
    for first in range(0, total, patterns):
        rows = slice(first, min(first + patterns, total))
        cells = counts.cells_of(rows.start, rows.stop)
        part = counts.part(rows.start, rows.stop)
        for node in range(0, several, together):
            chosen = slice(node, min(node + together, several))
            some = nodes.take(chosen, rows)
            yield Piece(rows, chosen, cells, part, some, slab(part, some, reach, points))


def moments(counts: Counts, nodes: Nodes, reach: float, points: int) -> Moments:
    """Return the moments of all effects at all nodes."""
    evidence = np.zeros(len(nodes.spread))
    mean, deviation = np.empty_like(nodes.centre), np.empty_like(nodes.width)
    pass_mean = np.empty((len(counts.owner), len(nodes.spread)))
    for piece in sweep(counts, nodes, reach, points):
        evidence[piece.nodes] += piece.evidence()
        mean[piece.patterns, piece.nodes] = piece.slab.mean()
        deviation[piece.patterns, piece.nodes] = piece.slab.deviation()
        pass_mean[piece.cells, piece.nodes] = piece.pass_means()
    return Moments(evidence, mean, deviation, pass_mean)
