"""How the figures are made: definitions, limits and an example, all from the rules in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template

from portal.domain.conditions import conditions_of
from portal.metrics.conduct import standard_of
from portal.publication.compute import METHOD, PRIORS
from portal.publication.standings import rankings
from portal.publication.standings.all_round import COMPONENTS
from portal.rules.method_versions import method_versions
from portal.rules.rulebook import Rulebook
from portal.rules.sources import source
from portal.web.boundary import look
from portal.web.language import language
from portal.web.public import telling
from portal.web.public.example import example_of, sum_of
from portal.web.shape import say

_FIGURES = (
    "ranking",
    "satisfaction",
    "composite",
    "conditions",
    "integrity",
    "signals",
    "exam-pass-line",
    "exam-kinds",
    "exam-attempts",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule behind the figures, as the list of versions shows it."""

    title: str
    in_force_from: date
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """One condition: the question, and the least number that meets it; None: yes is needed."""

    question: str
    least: float | None
    unit: str


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
            reasons=_reasons(here.rules, figures_only=here.office.figures_only),
            example=example_of(here, edition, found) if edition else None,
            score=sum_of(here, edition) if edition else None,
            composite=here.rules.composite,
            weights=weights_of(here.rules),
            conditions=_conditions(here.rules),
            penalties=here.rules.integrity.penalties,
            signals=here.rules.signals,
            method=METHOD,
            priors=PRIORS,
            method_versions=[(one.number, one.words(language())) for one in method_versions()],
            versions=_versions(here.rules, _FIGURES[:1] if here.office.figures_only else _FIGURES),
        )


def weights_of(rules: Rulebook) -> dict[str, float]:
    """Return component → share, as the rules in force have it."""
    return {name: getattr(rules.composite.weights, name) for name in COMPONENTS}


def _versions(rules: Rulebook, names: tuple[str, ...]) -> list[Rule]:
    return [
        Rule(
            note.title.in_(language()),
            note.in_force_from,
            source(note.source).title(language()),
            note.verified,
        )
        for note in rules.rules
        if note.name in names
    ]


def _reasons(rules: Rulebook, *, figures_only: bool) -> list[str]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("withheld.fewer_than_10", {"limit": rules.ranking.min_published}),
        ("withheld.fewer_than_30_effective", {"limit": rules.ranking.min_effective_n}),
        ("withheld.alone", {}),
        ("withheld.gate", {}),
        ("withheld.gives_away", {}),
        ("withheld.not_published_by_source", {}),
    ]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("withheld.fewer_than_10_answers", {"limit": rules.satisfaction.min_answers}),
        ("withheld.no_component_satisfaction", {}),
        ("withheld.weights_decide", {}),
    ]
    return [say(key, **facts) for key, facts in told + ([] if figures_only else asked)]


def _conditions(rules: Rulebook) -> list[Needed]:
    return [
        Needed(one.asked.label(language()), one.asked.min, one.asked.unit)
        for one in conditions_of(rules.report.form, standard_of(rules))
    ]
