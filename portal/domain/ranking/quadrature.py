"""The effect θ of each institution by quadrature, all else given.

Given the spread τ and the levels α, the effects are independent, so each has a density in one
dimension. The trapezoid rule is used on a grid around its mean; for such smooth densities its
error falls exponentially with the step.
"""

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, contract
from portal.domain.ranking.counts import Counts

LARGEST_LOGIT = 300.0


@dataclass(frozen=True)
class Nodes:
    """Pairs of spread and levels with the place of each pattern's grid.

    ``spread`` (nodes,), ``level`` (nodes, strata), ``centre`` and ``width`` (patterns, nodes) of θ,
    ``offset`` (nodes,) a part of a step by which each node's grid is moved, so that the grids of
    many nodes interleave.
    """

    spread: Floats
    level: Floats
    centre: Floats
    width: Floats
    offset: Floats

    def take(self, chosen: slice | Ints, patterns: slice = slice(None)) -> "Nodes":
        """Return the chosen nodes, for the chosen patterns."""
        return Nodes(
            self.spread[chosen],
            self.level[chosen],
            self.centre[patterns, chosen],
            self.width[patterns, chosen],
            self.offset[chosen],
        )


@dataclass(frozen=True)
class Slab:
    """Densities of the effects at some nodes.

    ``effect`` (patterns, nodes, points) θ; ``mass`` the same shape, sums to 1 over the points;
    ``evidence`` (patterns, nodes) log of the integral, without constants of the data.
    """

    effect: Floats
    mass: Floats
    evidence: Floats

    def mean(self) -> Floats:
        """Mean effect (patterns, nodes)."""
        return contract("ukq,ukq->uk", self.mass, self.effect)

    def deviation(self) -> Floats:
        """Return standard deviation of the effect (patterns, nodes)."""
        apart = self.effect - self.mean()[:, :, None]
        return np.sqrt(contract("ukq,ukq,ukq->uk", self.mass, apart, apart))


def grid(reach: float, points: int, offset: Floats) -> Floats:
    """Grid positions (nodes, points) in standard deviations, from -reach to reach."""
    step = 2 * reach / (points - 1)
    return (np.arange(points) - (points - 1) / 2 + offset[:, None]) * step


def slab(counts: Counts, nodes: Nodes, reach: float, points: int) -> Slab:
    """Return the densities of the effects of all patterns of ``counts`` at the nodes."""
    steps = grid(reach, points, nodes.offset)
    effect = nodes.centre[:, :, None] + nodes.width[:, :, None] * steps
    np.clip(effect, -LARGEST_LOGIT, LARGEST_LOGIT, out=effect)
    log = _likelihood(counts, nodes.level, effect)
    log += counts.per_pattern(counts.successes)[:, None, None] * effect
    log -= effect**2 / (2 * nodes.spread**2)[None, :, None]
    peak = log.max(axis=2)
    log -= peak[:, :, None]
    mass = np.exp(log, out=log)
    total = mass.sum(axis=2)
    mass /= total[:, :, None]
    fixed = counts.per_pattern(counts.successes[:, None] * nodes.level.T[counts.column])
    step = (steps[0, 1] - steps[0, 0]) * nodes.width
    evidence = peak + np.log(total * step / nodes.spread) + fixed
    return Slab(effect, mass, evidence)


def _likelihood(counts: Counts, level: Floats, effect: Floats) -> Floats:
    """-Σ_c n_ic log(1 + exp(α_c + θ_i)), the part of the log likelihood that is not linear."""
    odds, out = np.exp(effect), np.zeros_like(effect)
    scale = np.exp(level.T)[counts.column]
    for size, cells in counts.layers:
        term = odds[:size] * scale[cells, :, None]
        term += 1
        np.log(term, out=term)
        term *= counts.trials[cells, None, None]
        out[:size] -= term
    return out


def pass_means(counts: Counts, nodes: Nodes, found: Slab) -> Floats:
    """Mean pass probability of each cell (cells, nodes) under the densities ``found``."""
    odds = np.exp(found.effect)
    scale = np.exp(nodes.level.T)[counts.column]
    out = np.empty(scale.shape)
    for size, cells in counts.layers:
        term = odds[:size] * scale[cells, :, None]
        term /= 1 + term
        out[cells] = contract("ukq,ukq->uk", term, found.mass[:size])
    return out


def rates(share: Floats, level: Floats, effect: Floats) -> Floats:
    """Return the rate shown, Σ_c w_c expit(α_c + θ), for effects (…, nodes, points)."""
    odds = np.exp(effect)
    out: Floats = np.zeros_like(odds)
    for weight, each in zip(share, np.exp(level).T, strict=True):
        part = odds * each[:, None]
        part /= 1 + part
        part *= weight
        out += part
    return out


def rate_logits(share: Floats, level: Floats, effect: Floats) -> Floats:
    """Return the logit of the rate shown; exact also where the rate is all but 0 or 1."""
    if len(share) == 1:
        return np.asarray(effect + level[:, 0, None])
    odds = np.exp(effect)
    passed, failed = np.zeros_like(odds), np.zeros_like(odds)
    for weight, each in zip(share, np.exp(level).T, strict=True):
        part = odds * each[:, None]
        miss = weight / (1 + part)
        failed += miss
        part *= miss
        passed += part
    passed /= failed
    return np.log(passed, out=passed)
