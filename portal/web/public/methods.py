"""How the figures are made: definitions, limits and an example, all from the rules in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template

from portal.publication import rankings
from portal.publication.rankings import Head, Ranking, Standing
from portal.rules.rulebook import Rulebook
from portal.rules.sources import source
from portal.web.boundary import Act, look
from portal.web.language import CHINESE, language
from portal.web.public import telling
from portal.web.public.ranking_rows import name_lang
from portal.web.shape import say

_FIGURES = ("ranking", "satisfaction", "exam-pass-line", "exam-kinds", "exam-attempts")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule behind the figures, as the list of versions shows it."""

    title: str
    in_force_from: date
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A published figure that a reader can work out again."""

    ranking: Ranking
    standing: Standing
    name: str
    name_lang: str | None
    trade: str
    k: int
    n: int
    in_100: str


def methods() -> str:
    """Show the method."""
    with look() as here:
        edition = rankings.latest(here.session)
        found = rankings.rankings(here.session, edition) if edition else []
        return render_template(
            "public/methods.html",
            edition=edition,
            rules=here.rules,
            ranking=here.rules.ranking,
            satisfaction=here.rules.satisfaction,
            measures={one.measure for one in found} or {telling.FIRST_ATTEMPT},
            reasons=_reasons(here.rules),
            example=_example(here, edition, found),
            versions=_versions(here.rules),
        )


def _versions(rules: Rulebook) -> list[Rule]:
    return [
        Rule(
            note.title.in_(language()),
            note.in_force_from,
            source(note.source).title(language()),
            note.verified,
        )
        for note in rules.rules
        if note.name in _FIGURES
    ]


def _reasons(rules: Rulebook) -> list[str]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("withheld.fewer_than_10", {"limit": rules.ranking.min_published}),
        ("withheld.fewer_than_30_effective", {"limit": rules.ranking.min_effective_n}),
        ("withheld.alone", {}),
        ("withheld.gate", {}),
        ("withheld.fewer_than_10_answers", {"limit": rules.satisfaction.min_answers}),
        ("withheld.gives_away", {}),
        ("withheld.not_published_by_source", {}),
    ]
    return [say(key, **facts) for key, facts in told]


def _example(here: Act, edition: Head | None, found: list[Ranking]) -> Example | None:
    """Return the smallest institution that has a place in the trade with the most of them."""
    compared = [one for one in found if one.average is not None]
    if edition is None or not compared:
        return None
    ranking = max(compared, key=lambda one: one.institutions - one.counts.get("withheld", 0))
    told = [
        (trials, successes, one)
        for one in rankings.standings(here.session, edition, ranking.trade)
        for successes, trials in [telling.counts_of(ranking, one)]
        if one.band != "withheld" and trials and successes is not None
    ]
    if not told:
        return None
    answered = [row for row in told if row[2].satisfied_answers] or told
    trials, successes, one = min(answered, key=lambda row: row[0])
    return Example(
        ranking=ranking,
        standing=one,
        name=one.name if language() == CHINESE else one.name_en or one.name,
        name_lang=name_lang(one.name, one.name_en),
        trade=telling.trade_name(here.office, ranking.trade),
        k=successes,
        n=trials,
        in_100=telling.in_100(ranking, one.rate or 0, is_latest=True),
    )
