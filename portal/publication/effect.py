"""What a file would do to the ranking before it is taken in: who changes band, who is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.domain.errors import RuleBroken
from portal.domain.people import Actor
from portal.domain.period import Period
from portal.intake.handing_in import Counter, Handed, Wish
from portal.intake.taking_in import take_in
from portal.metrics.counts import FIRST_CERTIFICATES, gathered
from portal.metrics.figures import StandingFigures
from portal.metrics.inputs import Inputs
from portal.metrics.suppression import suppressed
from portal.publication.compute import METHOD, figures_under
from portal.publication.editions.composing import for_figures
from portal.rules.rulebook import Rulebook
from portal.store.institutions import Institution
from portal.store.session import trial

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An institution whose band in a trade would change; rates are shares, None = withheld.

    A band is above, near, below or withheld; None = it does not stand in the table.
    """

    trade: str
    institution: str
    name: str
    before: str | None
    after: str | None
    rate_before: float | None
    rate_after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Who would move in the ranking of ``period``, and how many would not."""

    period: Period
    moved: tuple[Moved, ...]
    unmoved: int


def newest_period(cells: Iterable[Mapping[str, str]]) -> Period | None:
    """Return the newest period of first certificates among what a receipt feeds; None if none."""
    fed = [cell["period"] for cell in cells if cell["exam_kind"] == FIRST_CERTIFICATES]
    return max(map(Period.parse, fed), key=lambda period: period.ends_on, default=None)


def effect_if_taken_in(
    engine: Engine, actor: Actor, counter: Counter, handed: Handed, wish: Wish, rules: Rulebook
) -> Effect | None:
    """Return what taking a file in as ``wish`` says would do; None: nothing to any ranking.

    Everything is tried and rolled back; then the figures are computed, which takes seconds.
    """
    with trial(engine) as session:
        states = _tried(session, actor, counter, handed, wish, rules)
        names = {row.code: row.name for row in session.execute(_NAMES)}
    return effect_of(states.before, states.after, states.trades, rules, names) if states else None


_NAMES = select(Institution.code, Institution.name)


@dataclass(frozen=True, slots=True)
class _States:
    """What a ranking is computed from before and after, and the trades that the file feeds."""

    before: Inputs
    after: Inputs
    trades: tuple[str, ...]


def _tried(
    session: Session, actor: Actor, counter: Counter, handed: Handed, wish: Wish, rules: Rulebook
) -> _States | None:
    """Take the file in for a trial; None where it feeds no ranking or cannot be taken in."""
    saved = session.begin_nested()
    try:
        outcome = take_in(session, actor, counter, handed, wish)
    except RuleBroken:
        return None
    cells = outcome.receipt.coverage.get("cells", []) if outcome.receipt else []
    period = newest_period(cells)
    if period is None or outcome.already:
        return None
    after = gathered(session, period, rules, counter.office, rules.on)
    saved.rollback()
    session.expire_all()
    before = gathered(session, period, rules, counter.office, rules.on)
    return _States(before, after, tuple({cell["trade"] for cell in cells}))


def effect_of(
    before: Inputs, after: Inputs, trades: Iterable[str], rules: Rulebook, names: Mapping[str, str]
) -> Effect:
    """Return who moves in these trades between two states of the store; takes seconds."""
    wanted = frozenset(trades)
    old, new = (_standings(inputs, wanted, rules) for inputs in (before, after))
    moved, unmoved = [], 0
    for trade, code in sorted(old.keys() | new.keys()):
        was, will = old.get((trade, code)), new.get((trade, code))
        bands = (was.band if was else None, will.band if will else None)
        if bands[0] == bands[1]:
            unmoved += 1
            continue
        moved.append(
            Moved(
                trade=trade,
                institution=code,
                name=names.get(code, code),
                before=bands[0],
                after=bands[1],
                rate_before=was.rate if was else None,
                rate_after=will.rate if will else None,
            )
        )
    return Effect(period=after.period, moved=tuple(moved), unmoved=unmoved)


def _standings(
    inputs: Inputs, wanted: frozenset[str], rules: Rulebook
) -> dict[tuple[str, str], StandingFigures]:
    fed = replace(
        inputs,
        trades=tuple(one for one in inputs.trades if one.trade in wanted),
        places=tuple(one for one in inputs.places if one.trade in wanted),
        counts=tuple(one for one in inputs.counts if one.trade in wanted),
        answers=(),
    )
    if not fed.trades:
        return {}
    under = for_figures(rules)
    figures = figures_under(METHOD, suppressed(fed, under), under)
    return {(one.trade, one.institution): one for one in figures.standings}
