"""The window of a rate: which periods count, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.domain.period import Period
from portal.domain.ranking.values import Settings
from portal.rules.figures import Ranking

DECIMALS = 4
"""Digits after the point of every published rate and probability."""


def discounts(period: Period, rules: Ranking) -> dict[str, float]:
    """Return period → the share of its counts that enters the fit, 1 for ``period`` itself."""
    a_year = rules.discount_per_year
    return {
        str(one): a_year ** (steps * period.share_of_year)
        for steps, one in enumerate(period.window(rules.window_periods))
    }


def settings_of(rules: Ranking) -> Settings:
    """Return the method's settings under the rules."""
    return Settings(
        level=rules.level,
        draws=rules.draws,
        seed=rules.seed,
        band_above=rules.band_above,
        band_below=rules.band_below,
        min_published=rules.min_published,
        min_effective_n=rules.min_effective_n,
        rankability_min=rules.rankability_min,
    )


def weightiest(reasons: Iterable[str | None], order: Sequence[str]) -> str:
    """Return the first of ``order`` that is among the reasons, else the last of ``order``."""
    given = set(reasons)
    return next((reason for reason in order if reason in given), order[-1])


def rounded(share: float | None) -> float | None:
    """Return a share as it is published."""
    return None if share is None else round(share, DECIMALS)
