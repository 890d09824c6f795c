"""The regulator's funnel: who lies outside what chance and ordinary variation explain.

Shares on the arcsine scale with additive overdispersion. A signal to look, never a verdict.
Source: Spiegelhalter 2005; checked against FunnelPlotR.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from portal.domain.ranking.arrays import Floats

Q95 = 1.959964
Q998 = 3.090232
TAIL = 0.1

Zone = Literal["inside", "low_95", "low_998", "high_95", "high_998"]


@dataclass(frozen=True)
class Funnel:
    """The funnel of one comparison.

    ``centre`` the pooled share; ``dispersion`` φ, the mean of the squared winsorised ``scores``
    (institutions,) before adjustment; ``between`` τ² of the additive model, 0 where there is no
    overdispersion.
    """

    centre: float
    dispersion: float
    between: float
    scores: Floats
    winsorised: Floats


def funnel(
    successes: Sequence[float], trials: Sequence[float], centre: float | None = None
) -> Funnel:
    """Return the funnel of these institutions, each with at least one trial.

    ``centre`` None = the pooled share; for case-mix-adjusted shares pass adjusted successes.
    """
    n = np.asarray(trials, dtype=np.float64)
    share = np.asarray(successes, dtype=np.float64) / n
    middle = float((share * n).sum() / n.sum()) if centre is None else centre
    error = 1 / (2 * np.sqrt(n))
    scores = (np.arcsin(np.sqrt(np.clip(share, 0, 1))) - np.arcsin(np.sqrt(middle))) / error
    low, high = np.quantile(scores, (TAIL, 1 - TAIL))
    kept = np.clip(scores, low, high)
    dispersion = float((kept**2).mean())
    return Funnel(middle, dispersion, _between(dispersion, error), scores, kept)


def _between(dispersion: float, error: Floats) -> float:
    count, weight = len(error), error**-2.0
    room = float(weight.sum() - (weight**2).sum() / weight.sum())
    if room <= 0:
        return 0.0
    return max(0.0, (count * dispersion - (count - 1)) / room)


def adjusted_scores(found: Funnel, trials: Sequence[float]) -> Floats:
    """Return the scores (institutions,) with the variation between institutions allowed for."""
    error = 1 / (4 * np.asarray(trials, dtype=np.float64))
    return np.asarray(found.scores * np.sqrt(error / (error + found.between)))


def limits(
    found: Funnel, trials: float, q: float = Q95, *, adjusted: bool = True
) -> tuple[float, float]:
    """Return the lower and upper limit for an institution with this many trials."""
    error = 1 / (4 * trials) + (found.between if adjusted else 0.0)
    middle = float(np.arcsin(np.sqrt(found.centre)))
    low, high = (float(np.clip(middle + side * q * error**0.5, 0, np.pi / 2)) for side in (-1, 1))
    return float(np.sin(low) ** 2), float(np.sin(high) ** 2)


def zone(found: Funnel, successes: float, trials: float) -> Zone:
    """Return where the institution lies among the adjusted 95 and 99.8 % limits."""
    share = successes / trials
    inner, outer = limits(found, trials, Q95), limits(found, trials, Q998)
    if share < inner[0]:
        return "low_998" if share < outer[0] else "low_95"
    if share > inner[1]:
        return "high_998" if share > outer[1] else "high_95"
    return "inside"
