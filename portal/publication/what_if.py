"""What would be published under other weights, another window, or without one sitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from portal.domain.errors import RuleBroken
from portal.domain.period import Period
from portal.metrics.counts import gathered
from portal.metrics.figures import AllRoundFigures, AllRoundStanding, Figures, StandingFigures
from portal.metrics.inputs import FigureRules, Inputs, Listed
from portal.metrics.sittings import without
from portal.metrics.suppression import suppressed
from portal.publication.compute import METHOD, figures_under
from portal.publication.editions.composing import for_figures
from portal.rules.error import RuleError
from portal.rules.figures import Weights
from portal.rules.office import Office
from portal.rules.rulebook import Rulebook

_QUICK = 1000
"""So many draws answer soon; an edition takes as many as its rules say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to change; ``weights`` are any numbers of which at least one is above 0.

    ``without`` is a sitting's day and site; None = all sittings count.
    """

    weights: tuple[float, float, float, float]
    window_periods: int
    discount_per_year: float
    without: tuple[date, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One institution whose band or place differs; ``trade`` "" is the all-round order."""

    trade: str
    institution: Listed
    before: StandingFigures | AllRoundStanding | None
    after: StandingFigures | AllRoundStanding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Who moves, how many stay, and the all-round order before and after as a whole."""

    moved: tuple[Moved, ...]
    compared: int
    before: AllRoundFigures | None
    after: AllRoundFigures | None
    joined_top: tuple[Listed, ...]
    left_top: tuple[Listed, ...]


def rules_under(rules: Rulebook, wish: Wish) -> Rulebook:
    """Return the rules with the wish in them.

    Raises:
        RuleBroken: no rulebook could say so.

    """
    total = sum(wish.weights)
    if total <= 0 or min(wish.weights) < 0:
        raise RuleBroken("what_if.weights", {"pass_rate": "what_if.weights"})
    names = ("pass_rate", "satisfaction", "conditions", "integrity")
    shares = {name: weight / total for name, weight in zip(names, wish.weights, strict=True)}
    try:
        ranking = replace(
            rules.ranking,
            window_periods=wish.window_periods,
            discount_per_year=wish.discount_per_year,
        )
        composite = replace(rules.composite, weights=Weights(**shares))
    except RuleError as cause:
        raise RuleBroken("what_if.window", {"window": "what_if.window"}) from cause
    return replace(rules, ranking=ranking, composite=composite)


def inputs_under(
    session: Session, period: Period, rules: Rulebook, office: Office, wish: Wish | None = None
) -> Inputs:
    """Return the inputs of a period under these rules, without the wish's sitting.

    Raises:
        RuleBroken: nothing lies in the window.

    """
    found = gathered(session, period, rules, office, rules.on)
    if wish is not None and wish.without is not None:
        found = without(session, found, *wish.without)
    inputs = suppressed(found, for_figures(rules))
    if not inputs.trades:
        raise RuleBroken("edition.no_data", period=str(period))
    return inputs


def compared(before: tuple[Inputs, Rulebook], after: tuple[Inputs, Rulebook]) -> Outcome:
    """Return who moves between two sets of inputs and rules; takes seconds, needs no database."""
    old, new = (_figures(one, _quick(rules)) for one, rules in (before, after))
    names = {one.institution: one for one in (*before[0].institutions, *after[0].institutions)}
    was, now = _places(old), _places(new)
    keys = sorted(was.keys() | now.keys())
    moved = [
        Moved(trade=key[0], institution=names[key[1]], before=was.get(key), after=now.get(key))
        for key in keys
        if _told(was.get(key)) != _told(now.get(key))
    ]
    top, new_top = _top(old), _top(new)
    return Outcome(
        moved=tuple(moved),
        compared=len(keys),
        before=next(iter(old.all_round), None),
        after=next(iter(new.all_round), None),
        joined_top=tuple(names[code] for code in sorted(new_top - top)),
        left_top=tuple(names[code] for code in sorted(top - new_top)),
    )


@lru_cache(maxsize=4)
def _figures(inputs: Inputs, rules: FigureRules) -> Figures:
    """Return the figures; those under the rules in force are asked for again and again."""
    return figures_under(METHOD, inputs, rules)


def _quick(rules: Rulebook) -> FigureRules:
    """Return the rules of figures with fewer draws and no pairs: enough to see who moves."""
    found = for_figures(rules)
    draws = min(found.ranking.draws, _QUICK)
    return replace(found, ranking=replace(found.ranking, draws=draws, pairs_most=0))


def _places(
    figures: Figures,
) -> Mapping[tuple[str, str], StandingFigures | AllRoundStanding]:
    trades = {(one.trade, one.institution): one for one in figures.standings}
    whole = {("", one.institution): one for one in figures.all_round_standings}
    return {**trades, **whole}


def _told(one: StandingFigures | AllRoundStanding | None) -> tuple[object, ...] | None:
    """Return what a reader would see of a place: the band, and whether there is a rate."""
    if one is None:
        return None
    if isinstance(one, AllRoundStanding):
        return one.band, one.rank_low, one.rank_high
    return one.band, one.rate is None


def _top(figures: Figures) -> set[str]:
    """Return the top group of the all-round order by score, places or not."""
    whole = next(iter(figures.all_round), None)
    scored = [one for one in figures.all_round_standings if one.score is not None]
    scored.sort(key=lambda one: -(one.score or 0))
    return {one.institution for one in scored[: whole.group if whole else 0]}
