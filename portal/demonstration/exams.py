"""The exam authority's files of the invented world: every candidate's every attempt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from random import Random
from typing import Literal

from portal.demonstration.cast import HOLDS_BACK, Player, written
from portal.demonstration.script import TradeScript, chance, script
from portal.domain.period import Period
from portal.rules.rulebook import rules_on

HEADER = [
    "ticket_no",
    "person_id",
    "name",
    "institution_code",
    "institution_name",
    "trade",
    "exam_kind",
    "attempt",
    "registered_on",
    "theory_on",
    "theory_score",
    "practical_on",
    "practical_score",
    "site",
    "status",
]
_SITES = ("示例考点一", "示例考点二", "示例考点三")
_SITTING_DAYS = (11, 25)
_REGISTERED_BEFORE = timedelta(days=21)
_PRACTICAL_AFTER = timedelta(days=3)
_ALONE_SHARE = 0.01
_BAND = 19
_THEORY_FAILS = 0.6
_HELD_BACK = 0.25

Row = tuple[object, ...]
Ending = Literal["passed", "failed", "absent"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One institution, trade and period."""

    player: Player
    trade: TradeScript
    period: Period
    newest: bool

    @property
    def no_show_share(self) -> float:
        """Return the share of those registered that do not sit."""
        held_back = self.newest and self.player.place == HOLDS_BACK
        return _HELD_BACK if held_back else script().no_show_share


def exam_files(
    cast: Sequence[Player], period: Period, *, newest: bool = False, apart: str = ""
) -> tuple[bytes, bytes]:
    """Return the results of one period as the authority sends them, and those of a trade apart."""
    rows = list(_rows(cast, period, newest=newest))
    place = HEADER.index("trade")
    together = [row for row in rows if row[place] != apart]
    return written(HEADER, together), written(HEADER, [r for r in rows if r[place] == apart])


def _rows(cast: Sequence[Player], period: Period, *, newest: bool) -> Iterator[Row]:
    shares = {trade.slug: _share(cast, trade) for trade in script().trades}
    number = 0
    for player in cast:
        for trade in script().trades:
            if trade.slug in player.trades and _is_open(player, period):
                cell = Cell(player, trade, period, newest)
                for row in _of_cell(cell, shares[trade.slug]):
                    number += 1
                    yield (f"{period}-{number:06d}".replace("-H", ""), *row)


def _share(cast: Sequence[Player], trade: TradeScript) -> float:
    """Return the candidates of a trade per period for an institution of size 1."""
    weights = sum(one.weight for one in script().trades)
    sizes = sum(player.size for player in cast if trade.slug in player.trades)
    return script().candidates_per_period * trade.weight / weights / (sizes or 1)


def _is_open(player: Player, period: Period) -> bool:
    opened = player.opened_on <= period.starts_on
    return opened and (player.closed_on is None or period.ends_on < player.closed_on)


def _of_cell(cell: Cell, share: float) -> Iterator[Row]:
    dice = chance("candidates", cell.player.code, cell.trade.slug, cell.period)
    mean = cell.player.size * share
    count = max(0, round(dice.gauss(mean, mean**0.5)))
    odds = log(cell.trade.pass_share / (1 - cell.trade.pass_share))
    passes = 1 / (1 + exp(-odds - cell.player.difference(cell.trade)))
    days = _sittings(cell.period)
    for _ in range(count):
        yield from _of_candidate(cell, dice, passes, days)


def _of_candidate(cell: Cell, dice: Random, passes: float, days: list[date]) -> Iterator[Row]:
    person = f"DEMO{dice.randrange(10**10):010d}"
    place = dice.randrange(len(days))
    kind = _kind(dice, days[place])
    if dice.random() < cell.no_show_share:
        yield _row(cell, person, kind, (1, days[place]), "absent", dice)
        return
    first = _ending(dice, passes)
    yield _row(cell, person, kind, (1, days[place]), first, dice)
    again = [day for day in days[place + 1 :] if kind == "initial"]
    if first == "failed" and again and dice.random() < script().retake_share:
        second = _ending(dice, script().retake_pass_share)
        yield _row(cell, person, kind, (2, again[0]), second, dice)


def _ending(dice: Random, passes: float) -> Ending:
    return "passed" if dice.random() < passes else "failed"


def _row(
    cell: Cell,
    person: str,
    kind: str,
    sitting: tuple[int, date],
    ending: Ending,
    dice: Random,
) -> Row:
    attempt, day = sitting
    alone = chance("alone", person).random() < _ALONE_SHARE
    practical = kind == "initial"
    theory_score, practical_score = _scores(dice, day, ending, practical=practical)
    return (
        person,
        f"示例学员{person[-6:]}",
        "" if alone else cell.player.code,
        "" if alone else cell.player.name,
        cell.trade.slug,
        kind,
        attempt,
        day - _REGISTERED_BEFORE,
        day,
        theory_score,
        day + _PRACTICAL_AFTER if practical_score != "" else "",
        practical_score,
        _SITES[cell.player.place % len(_SITES)],
        "absent" if ending == "absent" else "normal",
    )


def _scores(
    dice: Random, day: date, ending: Ending, *, practical: bool
) -> tuple[float | str, float | str]:
    line = rules_on(day).exam.pass_line
    good, poor = line + dice.randrange(_BAND), line - 1 - dice.randrange(_BAND)
    if ending == "absent":
        return "", ""
    if ending == "passed":
        return good, line + dice.randrange(_BAND) if practical else ""
    if practical and dice.random() > _THEORY_FAILS:
        return good, poor
    return poor, ""


def _kind(dice: Random, day: date) -> str:
    if dice.random() >= script().review_share:
        return "initial"
    held = (kind.key for kind in rules_on(day).exam.kinds if kind.held_on(day))
    return next((key for key in held if key != "initial"), "initial")


def _sittings(period: Period) -> list[date]:
    months = {(period.starts_on + timedelta(days=31 * n)).replace(day=1) for n in range(6)}
    days = sorted(month.replace(day=day) for month in months for day in _SITTING_DAYS)
    return [day for day in days if period.starts_on <= day <= period.ends_on - _PRACTICAL_AFTER]
