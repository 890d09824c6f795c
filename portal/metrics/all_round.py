"""The all-round order of an edition: who may stand where, and why others have no place in it.

Loads numpy through the method; reached only through :mod:`portal.publication.compute`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from portal.domain.ranking.allround import AllRound, Weighing, all_round
from portal.domain.ranking.assembly import band
from portal.domain.ranking.values import Figure
from portal.metrics.components import COMPONENTS, Components, figure_of, weights_of
from portal.metrics.figures import AllRoundFigures, AllRoundStanding, Withheld
from portal.metrics.inputs import ALL_TRADES, FigureRules, Inputs
from portal.metrics.window import rounded, settings_of
from portal.rules.figures import Composite

NO_COMPONENT = "withheld.no_component_"
WEIGHTS_DECIDE = "withheld.weights_decide"
NOBODY = "withheld.nobody_complete"
FEWEST = 2
_RATES = ("rate", "rate_low", "rate_high")
_PLACES = ("rank_low", "rank_high", "wide_low", "wide_high")
_PARTS = tuple(f"part_{name}" for name in COMPONENTS)
_BANDS = ("above", "near", "below", "withheld")
_SEED_OF_WEIGHTS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """The all-round order of an edition: one summary, all standings, and what is withheld."""

    summary: AllRoundFigures
    standings: tuple[AllRoundStanding, ...]
    withheld: tuple[Withheld, ...]


def all_round_of(inputs: Inputs, rules: FigureRules) -> Found:
    """Return the all-round order that follows from suppressed inputs under these rules."""
    return _Order(inputs, rules).found()


class _Order:
    def __init__(self, inputs: Inputs, rules: FigureRules) -> None:
        self._rules = rules
        self._names = {one.institution: one.name for one in inputs.institutions}
        self._parts = Components(inputs, rules)
        codes = self._parts.institutions
        self._missing = {code: self._parts.missing(code) for code in codes}
        self._complete = [code for code in codes if not self._missing[code]]
        self._at = {code: at for at, code in enumerate(self._complete)}
        self._order = self._ordered() if len(self._complete) >= FEWEST else None

    def found(self) -> Found:
        """Return the order: bands without places where the weights decide who leads."""
        rows = [self._standing(code) for code in self._parts.institutions]
        rows.sort(key=self._place_in_table)
        return Found(
            summary=self._summary(),
            standings=tuple(replace(row, position=at) for at, row in enumerate(rows, 1)),
            withheld=tuple(one for row in rows for one in self._withheld(row.institution)),
        )

    def _ordered(self) -> AllRound:
        composite, ranking = self._rules.composite, self._rules.ranking
        weighing = Weighing(
            weights=weights_of(composite),
            concentration=composite.dirichlet_concentration,
            others=composite.other_weights,
            group=group_of(len(self._complete), composite),
            level=ranking.level,
            seed=ranking.seed + _SEED_OF_WEIGHTS,
        )
        values = self._parts.values(self._complete)
        return all_round(values, weighing, self._parts.twins(self._complete))

    @property
    def _reason(self) -> str | None:
        if self._order is None:
            return NOBODY
        least = min(self._order.top_kept, self._order.bottom_kept)
        return WEIGHTS_DECIDE if least < self._rules.composite.group_kept else None

    def _standing(self, code: str) -> AllRoundStanding:
        exam = figure_of(self._parts.exams, code)
        rates: dict[str, Any] = {name: _shown(exam, name) for name in _RATES}
        row = AllRoundStanding(
            position=0,
            institution=code,
            effective_n=_shown(exam, "effective_n", 1),
            **rates,
            **self._satisfaction(code),
            **self._conditions(code),
            penalty_points=float(self._parts.points[code]),
            **dict.fromkeys((*_PARTS, *_PLACES, "score", "p_above_average")),
            band="withheld",
        )
        return replace(row, **self._places(code))

    def _satisfaction(self, code: str) -> dict[str, Any]:
        answers = figure_of(self._parts.answers, code)
        named = zip(
            ("satisfaction_rate", "satisfaction_low", "satisfaction_high"), _RATES, strict=True
        )
        return {name: _shown(answers, theirs) for name, theirs in named}

    def _conditions(self, code: str) -> dict[str, Any]:
        verdicts = self._parts.verdicts[code]
        names = ("met", "not_met", "not_verified")
        return {f"conditions_{name}": verdicts[name] if verdicts else None for name in names}

    def _places(self, code: str) -> dict[str, Any]:
        order, at = self._order, self._at.get(code)
        if order is None or at is None:
            return {}
        weighed = [name for name, share in weights_of(self._rules.composite).items() if share > 0]
        above = float(order.above[at])
        told: dict[str, Any] = {
            f"part_{name}": rounded(float(order.parts[i, at])) for i, name in enumerate(weighed)
        }
        told["score"] = rounded(float(order.score[at]))
        told["p_above_average"] = rounded(above)
        told["band"] = band(above, settings_of(self._rules.ranking))
        if self._reason is None:
            ranks = (order.places.low, order.places.high, order.wide.low, order.wide.high)
            told |= {name: int(each[at]) for name, each in zip(_PLACES, ranks, strict=True)}
        return told

    def _place_in_table(self, row: AllRoundStanding) -> tuple[int, float, bytes, bytes]:
        name = self._names[row.institution].encode("gb18030", "replace")
        named = name, row.institution.encode()
        at = self._at.get(row.institution)
        if self._order is not None and self._reason is None and at is not None:
            return 0, float(self._order.places.mean[at]), *named
        return 1 + _BANDS.index(row.band), 0.0, *named

    def _summary(self) -> AllRoundFigures:
        order, composite = self._order, self._rules.composite
        weights = weights_of(composite)
        return AllRoundFigures(
            measure=self._parts.measure,
            trades=" ".join(self._parts.trades),
            satisfaction_source=self._parts.source,
            institutions=len(self._parts.institutions),
            compared=len(self._complete),
            group=group_of(len(self._complete), composite) if order else 0,
            top_kept=rounded(order.top_kept) if order else None,
            bottom_kept=rounded(order.bottom_kept) if order else None,
            **{f"weight_{name}": share for name, share in weights.items()},
            reason=self._reason,
        )

    def _withheld(self, code: str) -> Iterator[Withheld]:
        lacks = self._missing[code]
        why = NO_COMPONENT + lacks[0] if lacks else self._reason
        names = (*_PLACES, "band") if code not in self._at or self._order is None else _PLACES
        for name in sorted(names) if why else ():
            yield Withheld(trade=ALL_TRADES, institution=code, figure=name, reason=str(why))


def group_of(count: int, composite: Composite) -> int:
    """Return how many institutions are the top group, and as many the bottom group."""
    return max(1, int(count * composite.group_share + 1e-9))


def _shown(figure: Figure | None, name: str, decimals: int | None = None) -> float | None:
    if figure is None or name in figure.withheld:
        return None
    value = getattr(figure, name)
    if value is None or decimals is None:
        return rounded(value)
    return round(float(value), decimals)
