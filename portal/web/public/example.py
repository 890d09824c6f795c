"""A published figure worked out again, step by step, as a reader can with a pocket calculator."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.period import Period
from portal.publication.standings import rankings
from portal.publication.standings.all_round import AllRound, AllRoundRow, all_round, all_round_rows
from portal.publication.standings.rankings import Head, Ranking, Standing
from portal.rules.figures import Ranking as Rules
from portal.web.boundary import Act
from portal.web.language import CHINESE, language
from portal.web.public import telling
from portal.web.public.rank.ranking_rows import name_lang

_FROM_HERE = 60
"""Trials from which the short formula comes near the exact figure."""


@dataclass(frozen=True, slots=True)
class Part:
    """One period of the window: its counts, and what they count for."""

    period: str
    k: int
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Example:
    """One institution's rate in one trade, from the counts to the published figure.

    ``k`` and ``n`` are as counted, ``kept_k`` and ``kept_n`` discounted; ``pull`` is how many
    average candidates the average weighs; ``near`` the rate that the short formula gives. Every
    step goes on with the digits that the page prints, so that a reader's calculator agrees.
    """

    ranking: Ranking
    standing: Standing
    name: str
    name_lang: str | None
    trade: str
    k: int
    n: int
    in_100: str
    parts: list[Part]
    kept_k: float
    kept_n: float
    pull: float
    near: float


@dataclass(frozen=True, slots=True)
class Sum:
    """One institution's all-round score as a sum: (component, weight, part) of each."""

    row: AllRoundRow
    name: str
    name_lang: str | None
    terms: list[tuple[str, float, float]]


def example_of(here: Act, edition: Head, found: list[Ranking]) -> Example | None:
    """Return a middling institution of the trade in which most have a place."""
    known = [one for one in found if one.average is not None and one.spread]
    if not known:
        return None
    ranking = max(known, key=lambda one: one.institutions - one.counts.get("withheld", 0))
    told = [
        (trials, successes, one)
        for one in rankings.standings(here.session, edition, ranking.trade)
        for successes, trials in [telling.counts_of(ranking, one)]
        if one.band != "withheld" and trials and successes is not None
    ]
    answered = [row for row in told if row[2].satisfied_answers and row[0] >= _FROM_HERE] or told
    if not answered:
        return None
    trials, successes, one = min(answered, key=lambda row: row[0])
    return _example(here, ranking, one, (successes, trials))


def _example(here: Act, ranking: Ranking, one: Standing, counts: tuple[int, int]) -> Example:
    parts = parts_of(ranking, one, here.rules.ranking)
    kept_k = round(sum(part.share * part.k for part in parts), 2)
    kept_n = round(sum(part.share * part.n for part in parts), 2)
    average, spread = round(ranking.average or 0.0, 3), round(ranking.spread or 1.0, 3)
    pull = round(1 / (spread**2 * average * (1 - average)), 1) if 0 < average < 1 else 0.0
    return Example(
        ranking=ranking,
        standing=one,
        name=one.name if language() == CHINESE else one.name_en or one.name,
        name_lang=name_lang(one.name, one.name_en),
        trade=telling.trade_name(here.office, ranking.trade),
        k=counts[0],
        n=counts[1],
        in_100=telling.in_100(ranking, one.rate or 0, is_latest=True),
        parts=parts,
        kept_k=kept_k,
        kept_n=kept_n,
        pull=pull,
        near=(kept_k + pull * average) / (kept_n + pull),
    )


def parts_of(ranking: Ranking, one: Standing, rules: Rules) -> list[Part]:
    """Return the published periods of the window with their discounts, newest first."""
    newest = max(Period.parse(text) for text in ranking.window)
    back = {str(period): steps for steps, period in enumerate(newest.window(rules.window_periods))}
    a_year = rules.discount_per_year
    return [
        Part(
            period=cell["period"],
            k=cell["successes"],
            n=cell["trials"],
            share=round(a_year ** (back[cell["period"]] * newest.share_of_year), 3),
        )
        for cell in reversed(one.trend)
        if cell["period"] in back and cell.get("trials")
    ]


def sum_of(here: Act, edition: Head) -> Sum | None:
    """Return the first institution of the all-round order as a sum; None where there is none."""
    whole: AllRound | None = all_round(here.session, edition)
    rows = all_round_rows(here.session, edition) if whole else []
    row = next((one for one in rows if one.score is not None), None)
    if whole is None or row is None:
        return None
    weighed = [name for name, share in whole.weights.items() if share > 0 and name in row.parts]
    return Sum(
        row=row,
        name=row.name if language() == CHINESE else row.name_en or row.name,
        name_lang=name_lang(row.name, row.name_en),
        terms=[(name, whole.weights[name], row.parts[name]) for name in weighed],
    )
