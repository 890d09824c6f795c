"""The script of the invented world: its figures, read from ``data/examples``, and its calendar."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from portal.domain.period import Period
from portal.settings import ROOT

_SCRIPT = ROOT / "data" / "examples" / "putuo-world.toml"
_CHECKED_AFTER_DAYS = 60
_FILES_COME_AFTER_DAYS = 20
_OFFICE_HOUR = time(10, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeScript:
    """How one trade goes: share of sitters that pass, share of candidates, share that teach it.

    ``spread`` overrides how much institutions differ in it (logits).
    """

    slug: str
    pass_share: float
    weight: float
    teaches: float
    spread: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The figures of the invented world (shares 0 to 1, spreads in logits)."""

    demonstration_on: date
    seed: int
    periods: int
    institutions: int
    no_show_share: float
    retake_share: float
    retake_pass_share: float
    review_share: float
    institution_spread: float
    cell_spread: float
    size_spread: float
    candidates_per_period: int
    trades: tuple[TradeScript, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The world's days, all counted from the day that its clock reads."""

    on: date
    zone: str
    length: int

    @property
    def last(self) -> Period:
        """Return the newest period whose figures the institutions have had time to check."""
        reached = Period.of(self.on - timedelta(days=_CHECKED_AFTER_DAYS))
        return reached.after(-1)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return the periods of the world, oldest first."""
        return tuple(reversed(self.last.window(self.length)))

    def files_come_on(self, period: Period) -> date:
        """Return the day on which the exam authority sends the period's files."""
        return period.ends_on + timedelta(days=_FILES_COME_AFTER_DAYS)

    def at(self, day: date, minutes: int = 0) -> datetime:
        """Return an instant of office hours on ``day``, in UTC."""
        local = datetime.combine(day, _OFFICE_HOUR, ZoneInfo(self.zone))
        return (local + timedelta(minutes=minutes)).astimezone(UTC)


@cache
def script() -> Script:
    """Return the script of the invented world."""
    read = tomllib.loads(_SCRIPT.read_text("utf-8"))
    trades = tuple(TradeScript(**trade) for trade in read.pop("trades"))
    return Script(**read, trades=trades)


def chance(*what: object) -> Random:
    """Return the dice for one part of the world, the same at every run."""
    return Random(f"{script().seed}:{what}")  # noqa: S311  # a world, not a secret
