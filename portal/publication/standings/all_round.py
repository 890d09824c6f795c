"""The all-round order of sealed editions, read for pages and programs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.publication.standings.rankings import Head
from portal.store.editions import EditionStanding
from portal.store.editions_beside import EditionAllRound, EditionAllRoundStanding

COMPONENTS = ("pass_rate", "satisfaction", "conditions", "integrity")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllRound:
    """An edition's all-round order as a whole; shares 0 to 1, ``counts`` maps band to number.

    ``reason`` says why there are no places; None = there are.
    """

    measure: str
    trades: list[str]
    satisfaction_source: str
    institutions: int
    compared: int
    group_size: int
    top_kept: float | None
    bottom_kept: float | None
    weights: dict[str, float]
    counts: dict[str, int]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllRoundRow:
    """One institution in it, exactly as published; ``parts`` are standardised, 0 = the middle."""

    position: int
    institution_code: str
    name: str
    name_en: str | None
    area_code: str
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    effective_n: float | None
    satisfaction_rate: float | None
    satisfaction_low: float | None
    satisfaction_high: float | None
    conditions_met: int | None
    conditions_not_met: int | None
    conditions_not_verified: int | None
    penalty_points: float
    parts: dict[str, float]
    score: float | None
    rank_low: int | None
    rank_high: int | None
    wide_low: int | None
    wide_high: int | None
    p_above_average: float | None
    band: str
    withheld: dict[str, str]

    @property
    def conditions(self) -> int | None:
        """Return how many conditions apply to it; None where nothing was accepted."""
        if self.conditions_met is None:
            return None
        others = (self.conditions_not_met or 0) + (self.conditions_not_verified or 0)
        return self.conditions_met + others


def all_round(session: Session, edition: Head) -> AllRound | None:
    """Return the edition's all-round order as a whole; None where it has none."""
    names = AllRound.__dataclass_fields__
    table = EditionAllRound.__table__
    wanted = select(*(table.c[name] for name in names))
    row = session.execute(wanted.where(table.c.edition_id == edition.id)).one_or_none()
    return AllRound(**dict(zip(names, row, strict=True))) if row else None


def all_round_rows(session: Session, edition: Head) -> list[AllRoundRow]:
    """Return all institutions in the edition's own order."""
    names = AllRoundRow.__dataclass_fields__
    table = EditionAllRoundStanding.__table__
    wanted = select(*(table.c[name] for name in names)).where(table.c.edition_id == edition.id)
    rows = session.execute(wanted.order_by(table.c.position))
    return [AllRoundRow(**dict(zip(names, row, strict=True))) for row in rows]


def all_round_of(session: Session, edition: Head, code: str) -> AllRoundRow | None:
    """Return one institution in the edition's all-round order; None where it is not in it."""
    names = AllRoundRow.__dataclass_fields__
    table = EditionAllRoundStanding.__table__
    wanted = select(*(table.c[name] for name in names)).where(
        table.c.edition_id == edition.id, table.c.institution_code == code
    )
    row = session.execute(wanted).one_or_none()
    return AllRoundRow(**dict(zip(names, row, strict=True))) if row else None


def counts_over(session: Session, edition: Head, trades: list[str]) -> dict[str, dict[str, int]]:
    """Return institution → its published counts, summed over the trades that count."""
    table = EditionStanding.__table__
    names = ("registered", "sat", "passed", "sat_first", "passed_first")
    sums = (func.sum(table.c[name]) for name in names)
    wanted = select(table.c.institution_code, *sums).where(
        table.c.edition_id == edition.id, table.c.trade.in_(trades)
    )
    rows = session.execute(wanted.group_by(table.c.institution_code))
    return {code: dict(zip(names, counts, strict=True)) for code, *counts in rows}
