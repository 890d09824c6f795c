"""Limits of a funnel plot: how far a rate may lie from the average by chance alone.

Source: Spiegelhalter 2005, with the additive overdispersion of winsorised z-scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, floor, pi, sin, sqrt
from statistics import NormalDist

_TAIL = 0.1
"""Share of z-scores that is drawn in at either end."""
_LEVELS = (0.95, 0.998)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """The limits at ``n`` trials; shares 0 to 1."""

    n: int
    low95: float
    high95: float
    low998: float
    high998: float


def overdispersion(counts: Sequence[tuple[int, int]], target: float) -> float:
    """Return the variance between institutions beyond chance, on the arcsine scale.

    ``counts`` holds (trials, successes), trials at least 1; ``target`` is a share 0 to 1.
    """
    if len(counts) < 2:  # noqa: PLR2004  # nothing to differ from
        return 0.0
    weights = [4.0 * trials for trials, _ in counts]
    centre = asin(sqrt(target))
    scores = [
        (asin(sqrt(successes / trials)) - centre) * sqrt(weight)
        for (trials, successes), weight in zip(counts, weights, strict=True)
    ]
    ratio = sum(score * score for score in _winsorised(scores)) / len(scores)
    total = sum(weights)
    spread = total - sum(weight * weight for weight in weights) / total
    return max(0.0, (len(scores) * ratio - (len(scores) - 1)) / spread)


def zones(target: float, between: float, trials: Iterable[int]) -> list[Zone]:
    """Return the limits around ``target`` for each number of trials (at least 1)."""
    return [_zone(target, between, n) for n in trials]


def steps(most: int, least: int = 10, length: int = 24) -> list[int]:
    """Return rising numbers of trials from ``least`` to ``most``, close together at the start."""
    most = max(most, least + 1)
    ratio = (most / least) ** (1 / (length - 1))
    return sorted({round(least * ratio**step) for step in range(length)})


def _zone(target: float, between: float, n: int) -> Zone:
    reach = sqrt(1 / (4 * n) + between)
    (low95, high95), (low998, high998) = (_limits(target, reach, level) for level in _LEVELS)
    return Zone(n=n, low95=low95, high95=high95, low998=low998, high998=high998)


def _limits(target: float, reach: float, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = asin(sqrt(target))
    low, high = max(0.0, centre - z * reach), min(pi / 2, centre + z * reach)
    return sin(low) ** 2, sin(high) ** 2


def _winsorised(scores: list[float]) -> list[float]:
    ordered = sorted(scores)
    low, high = _quantile(ordered, _TAIL), _quantile(ordered, 1 - _TAIL)
    return [min(max(score, low), high) for score in scores]


def _quantile(ordered: list[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
