"""The one door to the numeric stack.

Each function imports what it needs when it is first called, so that a web worker that computes
nothing starts without numpy and scipy. Nothing else of the upper floors may import what loads them.
"""
# ruff: noqa: PLC0415 - late imports are this module's purpose; the house allows them here only.

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from portal.domain.errors import RuleBroken
from portal.domain.ranking import LEVEL_SD, METHOD_VERSION, SPREAD_SCALE
from portal.domain.ranking.values import Cell, Ranking, Settings
from portal.metrics.figures import Figures
from portal.metrics.inputs import FigureRules, Inputs


@dataclass(frozen=True, slots=True)
class FunnelPlace:
    """One institution in the funnel; ``share`` is adjusted for its trades, ``score`` in errors.

    ``zone`` is inside, low_95, low_998, high_95 or high_998.
    """

    institution: str
    n: int
    k: int
    share: float
    score: float
    zone: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits at ``n`` trials; shares 0 to 1."""

    n: int
    low95: float
    high95: float
    low998: float
    high998: float


METHOD = METHOD_VERSION
"""The method under which new editions are computed."""
PRIORS = {"level": LEVEL_SD, "spread": SPREAD_SCALE}
"""What the method takes for granted before it sees counts, on the logit scale."""


def ranking(cells: Sequence[Cell], settings: Settings) -> Ranking:
    """Return the figures of all institutions named in ``cells``, in publication order.

    Raises:
        ValueError: a cell comes twice or its counts are impossible.

    """
    from portal.domain.ranking.model import figures

    return figures(cells, settings)


def figures_under(method: str, inputs: Inputs, rules: FigureRules) -> Figures:
    """Return an edition's figures as that version of the method computes them.

    Raises:
        RuleBroken: there is no such version here.

    """
    if method not in _VERSIONS:
        raise RuleBroken("verify.method", method=method, known=", ".join(_VERSIONS))
    return _VERSIONS[method](inputs, rules)


def _version_1(inputs: Inputs, rules: FigureRules) -> Figures:
    from portal.metrics.standings import figures_of

    return figures_of(inputs, rules)


_VERSIONS: dict[str, Callable[[Inputs, FigureRules], Figures]] = {"1": _version_1}
"""Every version that an edition was ever computed with; none is ever taken out."""


def versions() -> tuple[str, ...]:
    """Return the versions of the method that can be run here, oldest first."""
    return tuple(_VERSIONS)


def funnel_limits(
    counts: Sequence[tuple[int, int]], centre: float, sizes: Sequence[int]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the 95 and the 99.8 % limits of a funnel plot for each size.

    ``counts`` holds (trials, successes) of the institutions, by which chance is told from their
    usual differences; limits are shares 0 to 1.
    """
    from portal.domain.ranking.funnel import Q95, Q998, funnel, limits

    found = funnel([k for _, k in counts], [n for n, _ in counts], centre)
    return [(limits(found, size, Q95), limits(found, size, Q998)) for size in sizes]


def funnel_places(
    cells: Sequence[tuple[str, str, int, int]],
) -> tuple[float, list[FunnelPlace], list[Limits]]:
    """Return the centre, every institution's place in the case-mix-adjusted funnel, its limits.

    ``cells`` holds (institution, trade, trials, successes) with trials; the farthest out come
    first.
    """
    from portal.domain.ranking.signal import case_mix_funnel

    centre, places, limits = case_mix_funnel(cells)
    return centre, [FunnelPlace(*place) for place in places], [Limits(*row) for row in limits]


def software() -> dict[str, str]:
    """Return the versions of everything that has a part in a figure."""
    return {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
    }
