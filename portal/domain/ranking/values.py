"""What goes into the method and what comes out, as plain values (no numpy here)."""

from dataclasses import dataclass, field, replace
from typing import Any

from portal.rules import figures as rulebook

RANK_FIELDS = ("rank", "rank_low", "rank_high", "mean_rank", "p_top", "p_bottom")
BAND_FIELDS = ("p_above_average", "band")
RATE_FIELDS = ("raw_rate", "rate", "rate_low", "rate_high")
COUNT_FIELDS = ("trials", "successes", "effective_n")


@dataclass(frozen=True)
class Cell:
    """The counts of one institution in one stratum.

    ``trials`` and ``successes`` enter the fit and may be fractional (discounted windows).
    ``counted_trials`` and ``counted_successes`` are the undiscounted counts shown beside the rate
    and held against the publication limit; None = the same as those of the fit.
    """

    institution: str
    stratum: str
    trials: float
    successes: float
    counted_trials: float | None = None
    counted_successes: float | None = None


@dataclass(frozen=True)
class Settings:
    """The dated rules and the technical choices of one computation.

    ``level`` is that of rate and rank ranges; ``band_above`` and ``band_below`` are probabilities
    of lying above the average; ``omega`` None = estimated from the data.
    """

    level: float
    draws: int
    seed: int
    band_above: float
    band_below: float
    min_published: float
    min_effective_n: float
    rankability_min: float
    top: int = 10
    omega: float | None = None


def settings_of(rules: rulebook.Ranking) -> Settings:
    """Return the settings of a rulebook's section on rates, bands and places."""
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


@dataclass(frozen=True)
class Figure:
    """The figures of one institution; None where a figure does not exist.

    Rates are shares 0–1, ranks count from 1 = highest rate inside the institution's connected set.
    ``withheld`` maps each field that must not be published to the message key of its reason;
    the figure itself stays, so that the plain tool can show it.
    """

    institution: str
    trials: float | None
    successes: float | None
    raw_rate: float | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    mean_rank: float | None = None
    p_above_average: float | None = None
    p_top: float | None = None
    p_bottom: float | None = None
    band: str | None = None
    effective_n: float | None = None
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranking:
    """All figures of one comparison, ordered by mean rank, then by name as UTF-8 bytes.

    Institutions without data come last. ``average`` is the posterior mean of the trial-weighted
    average of the largest connected set; ``rankability`` is None where no institution has enough
    trials to judge; ``tau`` and ``omega`` are on the logit scale.
    """

    items: tuple[Figure, ...]
    average: float | None
    rankability: float | None
    order_publishable: bool
    tau: float
    omega: float


def published(figure: Figure) -> Figure:
    """Return the figure with every withheld field blanked: what a page or an edition may show."""
    changes: dict[str, Any] = dict.fromkeys(figure.withheld)
    return replace(figure, **changes)
