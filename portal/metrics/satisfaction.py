"""Satisfaction per institution: the same method over answers instead of exams.

Loads numpy through the method; reached only through :mod:`portal.publication.compute`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial

from portal.domain.ranking.model import figures as method_figures
from portal.domain.ranking.values import Cell, Figure, Ranking
from portal.metrics.inputs import ALL_TRADES, Answers, FigureRules, Inputs
from portal.metrics.suppression import (
    FEW_ANSWERS,
    GIVES_AWAY,
    NO_DATA,
    NOT_PUBLISHED,
    OBJECTED,
    sum_of,
)
from portal.metrics.window import discounts, rounded, settings_of, weightiest

FEW_FOR_ORDER = "withheld.fewer_than_30_answers"
_OF_ANSWERS = {
    "withheld.fewer_than_10": FEW_ANSWERS,
    "withheld.fewer_than_30": FEW_FOR_ORDER,
    "withheld.fewer_than_30_effective": FEW_FOR_ORDER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfied:
    """One institution's satisfaction; None where not published, ``withheld`` says why.

    ``steps`` are the five counts of the window, best first.
    """

    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    answered: int | None = None
    invited: int | None = None
    satisfied: int | None = None
    response_low: float | None = None
    response_high: float | None = None
    steps: tuple[int | None, ...] = (None,) * 5
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All satisfaction figures about one trade, or about institutions as a whole."""

    trade: str
    source: str
    average: float | None
    by_institution: dict[str, Satisfied]

    def of(self, institution: str) -> Satisfied:
        """Return an institution's satisfaction; where nobody was asked, that there are no data."""
        return self.by_institution.get(institution, Satisfied(withheld={"satisfaction": NO_DATA}))


class Satisfactions:
    """Satisfaction of an edition: by trade where asked so, else of the institution as a whole."""

    def __init__(self, inputs: Inputs, rules: FigureRules) -> None:
        """Compute what every trade may need."""
        self._window = discounts(inputs.period, rules.ranking)
        self._settings = replace(
            settings_of(rules.ranking),
            min_published=rules.satisfaction.min_answers,
            min_effective_n=rules.satisfaction.min_answers_for_order,
        )
        cells: defaultdict[str, list[Answers]] = defaultdict(list)
        for one in inputs.answers:
            cells[one.trade].append(one)
        self._scopes = {trade: self._scope(trade, rows) for trade, rows in cells.items()}

    def of(self, trade: str) -> Scope:
        """Return what stands beside the rates of a trade."""
        nothing = Scope(trade=ALL_TRADES, source="", average=None, by_institution={})
        return self._scopes.get(trade) or self._scopes.get(ALL_TRADES) or nothing

    def _scope(self, trade: str, rows: list[Answers]) -> Scope:
        by_institution: defaultdict[str, list[Answers]] = defaultdict(list)
        for row in rows:
            by_institution[row.institution].append(row)
        cells = [cell for rows in by_institution.values() for cell in self._cell(rows)]
        ranking = method_figures(cells, self._settings) if cells else None
        found = {figure.institution: figure for figure in (ranking.items if ranking else ())}
        satisfied = partial(_satisfied, ranking)
        return Scope(
            trade=trade,
            source=rows[0].source,
            average=rounded(ranking.average) if ranking else None,
            by_institution={
                code: satisfied(found.get(code), rows) for code, rows in by_institution.items()
            },
        )

    def _cell(self, rows: list[Answers]) -> list[Cell]:
        known = [row for row in rows if row.withheld is None]
        if not known:
            return []
        weighed = [(self._window[row.period], row) for row in known]
        return [
            Cell(
                institution=known[0].institution,
                stratum=known[0].trade,
                trials=sum(share * (row.answered or 0) for share, row in weighed),
                successes=sum(share * (row.satisfied_answers or 0) for share, row in weighed),
                counted_trials=sum(row.answered or 0 for row in known),
                counted_successes=sum(row.satisfied_answers or 0 for row in known),
            )
        ]


def _satisfied(ranking: Ranking | None, figure: Figure | None, rows: list[Answers]) -> Satisfied:
    known = [row for row in rows if row.withheld is None]
    if figure is None or ranking is None or not known:
        order = (OBJECTED, FEW_ANSWERS, GIVES_AWAY, NOT_PUBLISHED, NO_DATA)
        return Satisfied(
            withheld={"satisfaction": weightiest((row.withheld for row in rows), order)}
        )
    withheld = {name: _OF_ANSWERS.get(why, why) for name, why in figure.withheld.items()}
    answered = sum(row.answered or 0 for row in known)
    satisfied = sum(row.satisfied_answers or 0 for row in known)
    invited = sum_of(row.invited for row in known)
    steps = _steps(known)
    return Satisfied(
        rate=None if "rate" in withheld else rounded(figure.rate),
        rate_low=None if "rate" in withheld else rounded(figure.rate_low),
        rate_high=None if "rate" in withheld else rounded(figure.rate_high),
        rank_low=None if "rank_low" in withheld else figure.rank_low,
        rank_high=None if "rank_low" in withheld else figure.rank_high,
        answered=answered,
        invited=invited,
        satisfied=satisfied,
        response_low=rounded(satisfied / invited) if invited else None,
        response_high=rounded((satisfied + invited - answered) / invited) if invited else None,
        steps=steps,
        withheld=_reasons(withheld, invited, steps),
    )


def _steps(known: list[Answers]) -> tuple[int | None, ...]:
    return tuple(sum_of(column) for column in zip(*(row.steps for row in known), strict=True))


def _reasons(
    withheld: dict[str, str], invited: int | None, steps: tuple[int | None, ...]
) -> dict[str, str]:
    reasons = {}
    if "rate" in withheld:
        reasons["satisfaction"] = withheld["rate"]
    if "rank_low" in withheld:
        reasons["satisfaction_rank"] = withheld["rank_low"]
    if invited is None:
        reasons["satisfaction_invited"] = NOT_PUBLISHED
    if None in steps:
        reasons["satisfaction_answers"] = NOT_PUBLISHED
    return reasons
