"""The fitted comparison: everything that figures, pairs and composites are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.ranking.arrays import Floats, Ints
from portal.domain.ranking.counts import Counts, gather
from portal.domain.ranking.dispersion import estimate, factors
from portal.domain.ranking.fit import Fit, first_fit, fit
from portal.domain.ranking.sets import connected_sets
from portal.domain.ranking.values import Cell


@dataclass(frozen=True)
class Posterior:
    """The fitted comparison.

    ``counts`` are the unscaled counts, ``fit`` that of the scaled ones; ``trials`` and
    ``effective_n`` (institutions,); ``sets`` index arrays of the connected sets, largest first.
    """

    counts: Counts
    fit: Fit
    omega: float
    trials: Floats
    effective_n: Floats
    sets: list[Ints]


def posterior(cells: Sequence[Cell], omega: float | None = None) -> Posterior:
    """Return the posterior of one comparison; ``omega`` None = estimated from the data.

    Raises: ValueError for repeated or impossible cells, or when there are no trials at all.
    """
    counts = gather(cells)
    scaled, omega = _scaled(counts, omega)
    return Posterior(
        counts=counts,
        fit=fit(scaled),
        omega=omega,
        trials=counts.per_pattern(counts.trials)[counts.pattern],
        effective_n=counts.per_pattern(scaled.trials)[counts.pattern],
        sets=connected_sets(cells, counts.institutions),
    )


def _scaled(counts: Counts, omega: float | None) -> tuple[Counts, float]:
    """Return counts as the final fit sees them, and ω."""
    if omega == 0 or (omega is None and len(counts.sizes) == 1):
        return counts, 0.0
    first, p = first_fit(counts)
    omega = estimate(first, p) if omega is None else omega
    return counts.scaled(factors(counts, p, omega)), omega
