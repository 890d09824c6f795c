"""Which figures of an institution must not be published, and why."""

from dataclasses import dataclass

from portal.domain.ranking.values import (
    BAND_FIELDS,
    COUNT_FIELDS,
    RANK_FIELDS,
    RATE_FIELDS,
    Settings,
)

NO_DATA = "withheld.no_data"
TOO_FEW = "withheld.fewer_than_10"
TOO_FEW_EFFECTIVE = "withheld.fewer_than_30_effective"
ALONE = "withheld.alone"
NOT_CONNECTED = "withheld.not_connected"
GATE = "withheld.gate"


@dataclass(frozen=True)
class Standing:
    """Where an institution stands in its comparison.

    ``trials`` enter the fit, ``counted`` are undiscounted; ``alone``: nobody to compare with;
    ``apart``: outside the largest connected set.
    """

    trials: float
    counted: float
    effective_n: float
    alone: bool
    apart: bool


def reasons(standing: Standing, settings: Settings, *, gate_open: bool = True) -> dict[str, str]:
    """Return the reason of each field that must not be published.

    The limits are those of ``settings``; the keys keep the names of the usual limits.
    """
    if standing.trials == 0:
        return dict.fromkeys(RATE_FIELDS + RANK_FIELDS + BAND_FIELDS, NO_DATA)
    if standing.counted < settings.min_published:
        return dict.fromkeys(COUNT_FIELDS + RATE_FIELDS + RANK_FIELDS + BAND_FIELDS, TOO_FEW)
    incomparable = _incomparable(standing, settings)
    if incomparable:
        return dict.fromkeys(RANK_FIELDS + BAND_FIELDS, incomparable)
    return {} if gate_open else dict.fromkeys(RANK_FIELDS, GATE)


def _incomparable(standing: Standing, settings: Settings) -> str | None:
    if standing.alone:
        return ALONE
    if standing.apart:
        return NOT_CONNECTED
    return TOO_FEW_EFFECTIVE if standing.effective_n < settings.min_effective_n else None
