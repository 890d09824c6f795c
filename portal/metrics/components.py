"""What the all-round order weighs: each institution's components, as far as it has them.

Loads numpy through the method; reached only through :mod:`portal.publication.compute`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np

from portal.domain.ranking.allround import logit
from portal.domain.ranking.arrays import Floats, Ints
from portal.domain.ranking.compared import Comparison, compared
from portal.domain.ranking.values import Cell, Figure, Settings
from portal.metrics.inputs import FIRST_ATTEMPT, FigureRules, Inputs, trials_of
from portal.metrics.window import discounts, settings_of
from portal.rules.figures import Composite

COMPONENTS = ("pass_rate", "satisfaction", "conditions", "integrity")
Told = defaultdict[tuple[str, str], list[tuple[float, int, int]]]
"""(institution, stratum) → weight, trials and successes of each period."""


class Components:
    """The components of an edition; ``trades`` are those whose pass rates count."""

    def __init__(self, inputs: Inputs, rules: FigureRules) -> None:
        """Fit both comparisons: exams over all trades, and answers over all trades."""
        self._inputs, self._rules = inputs, rules
        self.institutions = sorted({one.institution for one in inputs.places})
        self.measure = _measure(inputs)
        self.trades = [one.trade for one in inputs.trades if one.measure == self.measure]
        self.source = _source(inputs)
        self._weights = discounts(inputs.period, rules.ranking)
        self.verdicts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for one in inputs.conditions:
            self.verdicts[one.institution][one.verdict] += 1
        self.exams: Comparison | None = None
        self.answers: Comparison | None = None
        self._nobody_has = self._lacking_everywhere()
        if not self._nobody_has:
            usual = replace(settings_of(rules.ranking), draws=rules.composite.draws)
            self.exams = _compared(self._exam_cells(), usual)
            self.answers = _compared(self._answer_cells(), _of_answers(usual, rules))
        self.points: defaultdict[str, float] = defaultdict(float)
        self.points |= {one.institution: one.points for one in inputs.record}

    def missing(self, code: str) -> list[str]:
        """Return the weighed components that the institution lacks."""
        if self._nobody_has:
            return self._nobody_has
        verdicts = self.verdicts[code]
        known = {
            "pass_rate": _is_comparable(self.exams, code),
            "satisfaction": _is_comparable(self.answers, code),
            "conditions": bool(verdicts["met"] + verdicts["not_met"]),
            "integrity": True,
        }
        weights = weights_of(self._rules.composite)
        return [name for name in COMPONENTS if weights[name] > 0 and not known[name]]

    def _lacking_everywhere(self) -> list[str]:
        """Return the weighed components that do not exist at all; then nothing need be fitted."""
        weights = weights_of(self._rules.composite)
        known = {
            "satisfaction": any(one.answered for one in self._inputs.answers),
            "conditions": any(one["met"] + one["not_met"] for one in self.verdicts.values()),
        }
        return [name for name in COMPONENTS if weights[name] > 0 and not known.get(name, True)]

    def values(self, codes: Sequence[str]) -> dict[str, Floats]:
        """Return component → draws (draws, institutions); one row where nothing is uncertain."""
        found: dict[str, Floats] = {
            "conditions": np.array([[self._of_conditions(code) for code in codes]]),
            "integrity": np.array([[-self.points[code] for code in codes]]),
        }
        for name, one in (("pass_rate", self.exams), ("satisfaction", self.answers)):
            if one is not None:
                found[name] = logit(one.draws_of(codes))
        return found

    def twins(self, codes: Sequence[str]) -> Ints:
        """Return equal numbers for institutions whose data are equal in every component."""
        fitted = [one for one in (self.exams, self.answers) if one is not None]
        seen: dict[tuple[float, ...], int] = {}
        keys = [
            (
                *(one.pattern_of(code) for one in fitted),
                self._of_conditions(code),
                self.points[code],
            )
            for code in codes
        ]
        return np.array([seen.setdefault(key, len(seen)) for key in keys])

    def _of_conditions(self, code: str) -> float:
        verdicts = self.verdicts[code]
        share = (verdicts["met"] + 0.5) / (sum(verdicts.values()) + 1)
        return log(share / (1 - share))

    def _exam_cells(self) -> list[Cell]:
        known, trades = set(self.institutions), set(self.trades)
        told: Told = defaultdict(list)
        for one in self._inputs.counts:
            trials, successes = trials_of(one, self.measure)
            counts = one.trade in trades and one.institution in known
            if counts and one.period in self._weights and trials:
                weighed = (self._weights[one.period], trials, successes or 0)
                told[one.institution, one.trade].append(weighed)
        return _cells(told)

    def _answer_cells(self) -> list[Cell]:
        told: Told = defaultdict(list)
        for one in self._inputs.answers:
            if one.source == self.source and one.answered and one.period in self._weights:
                weighed = (self._weights[one.period], one.answered, one.satisfied_answers or 0)
                told[one.institution, one.trade].append(weighed)
        return _cells(told)


def weights_of(composite: Composite) -> dict[str, float]:
    """Return component → share, in the order of the components."""
    return {name: getattr(composite.weights, name) for name in COMPONENTS}


def figure_of(comparison: Comparison | None, code: str) -> Figure | None:
    """Return an institution's figures in a comparison; None where it is not in it."""
    return comparison.figures.get(code) if comparison else None


def _measure(inputs: Inputs) -> str:
    """Return the one definition of the rate that counts: never two in one order."""
    measures = [one.measure for one in inputs.trades]
    return FIRST_ATTEMPT if FIRST_ATTEMPT in measures or not measures else measures[0]


def _source(inputs: Inputs) -> str:
    """Return the survey with the most answers: scales of two do not mix."""
    totals: Counter[str] = Counter()
    for one in inputs.answers:
        totals[one.source] += one.answered or 0
    return min(totals, key=lambda source: (-totals[source], source), default="")


def _of_answers(usual: Settings, rules: FigureRules) -> Settings:
    # A seed of its own: exams and answers must be drawn independently.
    return replace(
        usual,
        seed=usual.seed + 1,
        min_published=rules.satisfaction.min_answers,
        min_effective_n=rules.satisfaction.min_answers_for_order,
    )


def _compared(cells: Sequence[Cell], settings: Settings) -> Comparison | None:
    return compared(cells, settings) if cells else None


def _cells(told: Told) -> list[Cell]:
    return [
        Cell(
            institution=institution,
            stratum=stratum,
            trials=sum(share * trials for share, trials, _ in rows),
            successes=sum(share * successes for share, _, successes in rows),
            counted_trials=sum(trials for _, trials, _ in rows),
            counted_successes=sum(successes for _, _, successes in rows),
        )
        for (institution, stratum), rows in sorted(told.items())
    ]


def _is_comparable(comparison: Comparison | None, code: str) -> bool:
    figure = figure_of(comparison, code)
    return figure is not None and figure.band is not None
