"""A range for a share of one count: what stands behind the whiskers of a trend."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def wilson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Return the lower and upper end of Wilson's range for ``successes`` of ``trials``.

    ``level`` is the share of probability inside, 0 to 1; ends are shares 0 to 1.

    Source: Wilson 1927, as in Newcombe 1998 (method 3, without continuity correction).
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / trials
    whole = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / whole
    reach = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / whole
    return max(0.0, middle - reach), min(1.0, middle + reach)
