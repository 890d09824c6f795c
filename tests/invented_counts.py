"""Invented worlds of counts whose truth is known: what campaigns hold the method against."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import repeat
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from portal.domain.ranking.model import figures
from portal.domain.ranking.values import Cell, Figure, settings_of
from portal.rules.rulebook import rules_on

Array = NDArray[np.float64]
USUAL = settings_of(rules_on(date(2026, 6, 1)).ranking)
DRAWS = 1000
PART = 20
"""Worlds that one process takes at a time."""
SURE = 0.9
"""From which probability a place among the first ten counts as a claim."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of world: ``median`` candidates per institution, log-normal; spreads on logits."""

    institutions: int = 50
    strata: int = 4
    median: float = 80.0
    spread: float = 0.5
    cells: float = 0.0


@dataclass(frozen=True)
class World:
    """Counts, and the true rate of each institution in the order of its name."""

    cells: list[Cell]
    rates: Array


@dataclass(slots=True)
class Tally:
    """What a campaign counted over its worlds."""

    worlds: int = 0
    compared: int = 0
    rates_held: int = 0
    ranks_held: int = 0
    claims: int = 0
    claims_right: int = 0
    worlds_with_claims: int = 0

    @property
    def rates(self) -> float:
        """Return the share of rate ranges that held the true rate."""
        return self.rates_held / self.compared

    @property
    def ranks(self) -> float:
        """Return the share of rank ranges that held the true rank."""
        return self.ranks_held / self.compared


def world(kind: Kind, seed: int) -> World:
    """Return one world."""
    random = np.random.default_rng(seed)
    level = random.normal(1.4, 0.7, kind.strata)
    effect = random.normal(0, kind.spread, kind.institutions)
    size = random.lognormal(np.log(kind.median / kind.strata), 1.0, kind.institutions)
    mix = random.dirichlet(np.full(kind.strata, 2.0), kind.institutions) * kind.strata
    trials = np.maximum(random.poisson(size[:, None] * mix), 0)
    logit = level + effect[:, None]
    own = random.normal(0, kind.cells, trials.shape) if kind.cells else 0.0
    passed = random.binomial(trials, 1 / (1 + np.exp(-logit - own)))
    share = trials.sum(axis=0) / trials.sum()
    cells = [
        Cell(f"{at:04}", f"s{column}", int(trials[at, column]), int(passed[at, column]))
        for at in range(kind.institutions)
        for column in range(kind.strata)
    ]
    return World(cells, (1 / (1 + np.exp(-logit))) @ share)


def campaign(kind: Kind, worlds: range) -> Tally:
    """Return how often ranges held the truth, and how often claims were right."""
    told = Tally()
    for seed in worlds:
        one = world(kind, seed)
        found = figures(one.cells, replace(USUAL, draws=DRAWS, seed=seed + 1)).items
        _count(told, one, [item for item in found if item.rate is not None])
    return told


def long_campaign(kind: Kind, worlds: int) -> Tally:
    """Return the same over many worlds, on all processors."""
    parts = [range(first, min(first + PART, worlds)) for first in range(0, worlds, PART)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as workers:
        tallies = [asdict(one) for one in workers.map(campaign, repeat(kind), parts)]
    return Tally(**{name: sum(one[name] for one in tallies) for name in tallies[0]})


def _count(told: Tally, one: World, items: list[Figure]) -> None:
    place = {item.institution: int(item.institution) for item in items}
    known = np.array([one.rates[place[item.institution]] for item in items])
    rank = 1 + (known[:, None] < known[None, :]).sum(axis=1)
    told.worlds += 1
    told.compared += len(items)
    claims = 0
    for item, rate, true in zip(items, known, rank, strict=True):
        told.rates_held += int((item.rate_low or 0) <= rate <= (item.rate_high or 1))
        told.ranks_held += int((item.rank_low or 0) <= true <= (item.rank_high or 0))
        if (item.p_top or 0) >= SURE:
            claims += 1
            told.claims_right += int(true <= USUAL.top)
    told.claims += claims
    told.worlds_with_claims += claims > 0
