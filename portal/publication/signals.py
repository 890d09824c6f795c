"""The regulator's signals, worked out from the tallies as they stand today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.metrics.counts import gathered, periods_with_counts
from portal.metrics.inputs import Listed, window_of
from portal.metrics.signals import (
    AllPassed,
    Cell,
    Crowd,
    Drop,
    all_passed,
    cells_of,
    crowds,
    drops,
)
from portal.publication.compute import FunnelPlace, Limits, funnel_places
from portal.rules.office import Office
from portal.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All signals of one period; ``places`` are every institution's in the funnel.

    ``centre`` is None where too few institutions have counts for a funnel.
    """

    period: str
    window: tuple[str, ...]
    institutions: dict[str, Listed]
    centre: float | None
    places: Sequence[FunnelPlace]
    limits: Sequence[Limits]
    drops: Sequence[Drop]
    all_passed: Sequence[AllPassed]
    crowds: Sequence[Crowd]

    @property
    def outside(self) -> list[FunnelPlace]:
        """Return those beyond the 99.8 % limits, the farthest first."""
        return [place for place in self.places if place.zone.endswith("998")]

    @property
    def near(self) -> list[FunnelPlace]:
        """Return those between the 95 and the 99.8 % limits."""
        return [place for place in self.places if place.zone.endswith("95")]


def periods_of(session: Session) -> list[str]:
    """Return the periods that signals can be asked for, newest first."""
    return periods_with_counts(session)


def signals(session: Session, period: str, rules: Rulebook, office: Office, day: date) -> Found:
    """Return the signals of a period; its window is the rankings'."""
    asked = Period.parse(period)
    inputs = gathered(session, asked, rules, office, day)
    window = window_of(asked, rules.ranking)
    cells = cells_of(inputs, window)
    large = _large(cells, rules.ranking.min_published)
    centre, places, limits = funnel_places(large) if large else (None, [], [])
    return Found(
        period=period,
        window=window,
        institutions={one.institution: one for one in inputs.institutions},
        centre=centre,
        places=places,
        limits=limits,
        drops=drops(inputs.counts, period, rules.signals),
        all_passed=all_passed(cells, rules.signals),
        crowds=crowds(inputs, window, rules),
    )


def _large(cells: list[Cell], least: int) -> list[tuple[str, str, int, int]]:
    """Return the cells of institutions with enough trials; none where fewer than three have."""
    total: dict[str, int] = {}
    for cell in cells:
        total[cell.institution] = total.get(cell.institution, 0) + cell.trials
    kept = {code for code, trials in total.items() if trials >= least}
    if len(kept) < 3:  # noqa: PLR2004  # no funnel of two
        return []
    return [
        (cell.institution, cell.trade, cell.trials, cell.successes)
        for cell in cells
        if cell.institution in kept
    ]
