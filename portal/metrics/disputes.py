"""Figures that an institution objects to: marked, or left out with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.metrics.inputs import Answers, Count, Inputs
from portal.metrics.suppression import OBJECTED, blank

MARKED, WITHHELD = "marked", "withheld"
SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """An objection that is not settled; ``figure`` is rate or satisfaction.

    ``treatment`` is marked (the figure stands, with a mark) or withheld.
    """

    trade: str
    institution: str
    figure: str
    treatment: str


def without_disputed(inputs: Inputs, disputes: Iterable[Dispute]) -> Inputs:
    """Return the inputs without the figures that are withheld while an objection is looked into."""
    out = [one for one in disputes if one.treatment == WITHHELD]
    rates = {(one.trade, one.institution) for one in out if one.figure != SATISFACTION}
    voices = {one.institution for one in out if one.figure == SATISFACTION}
    return replace(
        inputs,
        counts=tuple(_count(one, rates) for one in inputs.counts),
        answers=tuple(_answers(one, voices) for one in inputs.answers),
    )


def _count(count: Count, out: set[tuple[str, str]]) -> Count:
    stands = count.withheld is not None or (count.trade, count.institution) not in out
    return count if stands else blank(count, OBJECTED)


def _answers(answers: Answers, out: set[str]) -> Answers:
    if answers.withheld is not None or answers.institution not in out:
        return answers
    return replace(
        answers,
        invited=None,
        answered=None,
        satisfied_answers=None,
        very_satisfied=None,
        satisfied=None,
        neutral=None,
        dissatisfied=None,
        very_dissatisfied=None,
        withheld=OBJECTED,
    )
