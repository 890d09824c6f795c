"""Satisfaction in the invented world: counted answers per institution, trade and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.demonstration.cast import SILENT, Player, written
from portal.demonstration.script import chance
from portal.domain.period import Period

HEADER = [
    "institution_code",
    "trade",
    "period",
    "invited",
    "answered",
    "very_satisfied",
    "satisfied",
    "neutral",
    "dissatisfied",
    "very_dissatisfied",
    "source",
]
_SOURCE = "示例考后问卷"
_STEPS = 5
LATE = "P012"
"""The institution whose questionnaires come late once."""
_CUTS = (-0.1, 1.0, 1.7, 2.3)
_LEAST_SHARE, _MOST_SHARE = 0.32, 0.68

Invited = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Files:
    """The answers of a period as they come in; ``late`` holds nothing but the header usually."""

    in_time: bytes
    late: bytes


def survey_file(
    cast: Sequence[Player], period: Period, invited: Invited, *, late: bool = False
) -> Files:
    """Return the answers of one period; ``invited`` counts sitters by institution and trade.

    ``late``: one institution's questionnaires come in a file of their own.
    """
    rows = list(_rows(cast, period, invited))
    behind = [row for row in rows if late and row[0] == LATE]
    return Files(
        written(HEADER, (row for row in rows if row not in behind)), written(HEADER, behind)
    )


def _rows(cast: Sequence[Player], period: Period, invited: Invited) -> Iterator[list[object]]:
    for player in cast:
        if player.place == SILENT:
            continue
        dice = chance("answers", player.code, period)
        share = dice.uniform(_LEAST_SHARE, _MOST_SHARE)
        for trade in player.trades:
            asked = invited.get((player.code, trade), 0)
            answered = sum(dice.random() < share for _ in range(asked))
            if not answered:
                continue
            steps = Counter(_step(dice.gauss(-player.kindness, 1)) for _ in range(answered))
            counts = [steps[step] for step in range(_STEPS)]
            yield [player.code, trade, str(period), asked, answered, *counts, _SOURCE]


def _step(feeling: float) -> int:
    return sum(feeling > cut for cut in _CUTS)
