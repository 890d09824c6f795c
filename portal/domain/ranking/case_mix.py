"""Case mix: how an institution did against what its own trades lead one to expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, sums_by


@dataclass(frozen=True)
class CaseMix:
    """Per institution: ``trials``, ``successes``, and ``share`` adjusted to the average mix.

    ``centre`` is the pooled share of all.
    """

    trials: Floats
    successes: Floats
    share: Floats
    centre: float


def case_mix(institution: Ints, trade: Ints, trials: Floats, successes: Floats) -> CaseMix:
    """Return adjusted shares from cells with at least one trial each.

    The excess of passes over n·p, p the pooled share of each trade, is measured in its standard
    errors and laid off from the centre on the arcsine scale, so that the funnel's limits fit it.
    """
    pooled = (sums_by(trade, successes) + 0.5) / (sums_by(trade, trials) + 1)
    expected = pooled[trade]
    excess = sums_by(institution, successes - trials * expected)
    variance = sums_by(institution, trials * expected * (1 - expected))
    n, y = sums_by(institution, trials), sums_by(institution, successes)
    centre = float(y.sum() / n.sum())
    angle = np.arcsin(np.sqrt(centre)) + excess / np.sqrt(variance) / (2 * np.sqrt(n))
    share = np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
    return CaseMix(n, y, share, centre)
