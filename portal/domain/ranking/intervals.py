"""Intervals that need no model: Wilson's for a share, and the bounds that silence leaves open."""

from math import sqrt
from statistics import NormalDist


def wilson(successes: float, trials: float, level: float) -> tuple[float, float]:
    """Return Wilson's interval of a share; (0, 1) without trials.

    Source: Newcombe 1998, method 3 (no continuity correction).
    """
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = successes / trials
    middle = p + z**2 / (2 * trials)
    half = z * sqrt(p * (1 - p) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def nonresponse_bounds(rate: float, answered: float, invited: float) -> tuple[float, float] | None:
    """Return the share satisfied if all the silent were dissatisfied, and if all were satisfied.

    With response rate r: r·p and r·p + 1 - r. None when nobody was invited.
    """
    if invited <= 0:
        return None
    response = min(1.0, answered / invited)
    return response * rate, response * rate + 1 - response
