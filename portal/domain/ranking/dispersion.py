"""Overdispersion ω: how much more an institution's cells differ than chance and its level allow."""

import numpy as np

from portal.domain.ranking import LEVEL_SD
from portal.domain.ranking.arrays import Floats, sums_by
from portal.domain.ranking.counts import Counts
from portal.domain.ranking.fit import Fit
from portal.domain.ranking.modes import information, pairs

NEGLIGIBLE = 1e-6
ROUNDS = 200


def estimate(found: Fit, p: Floats) -> float:
    """Return the ω that makes Σ z²/(1 + n p q ω²) equal the cells less the effective parameters.

    ``found`` is the fit with ω = 0, ``p`` (cells,) its mean pass probabilities. With one cell per
    institution ω cannot be told from τ: 0.
    """
    counts = found.counts
    if len(counts.sizes) == 1:
        return 0.0
    known = counts.trials > 0
    spread = (counts.trials * p * (1 - p))[known]
    z = (counts.successes - counts.trials * p)[known] / np.sqrt(spread)
    copies = counts.copies[counts.owner][known]
    freedom = float(copies.sum()) - effective_parameters(found, p)
    return float(root(copies * z**2, spread, freedom) ** 0.5)


def root(squares: Floats, spread: Floats, freedom: float) -> float:
    """Return the x ≥ 0 with Σ squares/(1 + spread·x) = freedom; 0 where the sum is smaller already.

    The sum is convex and falling, so Newton's steps from 0 rise to the root and never pass it.
    """
    x = 0.0
    for _ in range(ROUNDS):
        over = 1 + spread * x
        excess = float((squares / over).sum()) - freedom
        step = excess / float((squares * spread / over**2).sum()) if excess > 0 else 0.0
        x += step
        if step <= 1e-13 * x:
            break
    return x


def effective_parameters(found: Fit, p: Floats) -> float:
    """Trace of the hat matrix of the penalised fit, averaged over the posterior of τ."""
    spreads, place = np.unique(found.nodes.spread, return_inverse=True)
    mass = sums_by(place, found.weight)
    kept = mass > NEGLIGIBLE
    traces = [_trace(found.counts, p, float(spread)) for spread in spreads[kept]]
    return float(np.dot(mass[kept], traces) / mass[kept].sum())


def _trace(counts: Counts, p: Floats, spread: float) -> float:
    """Return strata + institutions less what the priors take, tr((X'WX + P)⁻¹P)."""
    couples = pairs(counts)
    about = information(counts, couples, p[:, None], np.array([spread]))
    weight, curvature = about.weight[:, 0], about.curvature[:, 0]
    inverse = np.linalg.inv(about.precision[0])
    first, second = couples
    form = weight[first] * weight[second] * inverse[counts.column[first], counts.column[second]]
    form[len(weight) :] *= 2
    through = sums_by(counts.owner[first], form)
    kept = 1 - (1 / curvature + through / curvature**2) / spread**2
    levels = len(counts.strata) - float(np.trace(inverse)) / LEVEL_SD**2
    return levels + float((counts.copies * kept).sum())


def factors(counts: Counts, p: Floats, omega: float) -> Floats:
    """Return what each cell's counts are worth, 1/(1 + n p q ω²) (cells,)."""
    return 1 / (1 + counts.trials * p * (1 - p) * omega**2)
