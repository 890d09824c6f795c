"""A year of inspections for everybody: planned and done, overdue, waived by whom, and the draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.inspections import Draw, Finding, Inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A draw as the public reads it; without seed and numbers until all of it is inspected."""

    number: str
    on: date
    count: int
    pool: int
    promise: str
    seed: str | None
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A waived inspection: its day, why, and who signed; the subject is not named."""

    number: str
    planned_on: date
    waived_on: date
    reason: str
    signer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionYear:
    """What became of the plan of one year, up to a day."""

    year: int
    planned: int
    done: int
    overdue: int
    joint: int
    findings: int
    waivers: tuple[Waiver, ...]
    draws: tuple[Drawn, ...]


def inspection_years(session: Session) -> list[int]:
    """Return the years that have a plan, the newest first."""
    return list(
        session.scalars(select(Inspection.year).distinct().order_by(Inspection.year.desc()))
    )


def inspection_year(session: Session, year: int, day: date) -> InspectionYear:
    """Return the plan of ``year`` and what was done of it."""
    mine = session.scalars(select(Inspection).where(Inspection.year == year)).all()
    numbers = select(Inspection.id).where(Inspection.year == year)
    findings = session.scalars(select(Finding.id).where(Finding.inspection_id.in_(numbers))).all()
    draws = select(Draw).where(Draw.year == year).order_by(Draw.id.desc())
    open_draws = {one.draw_id for one in mine if one.state == "planned"}
    return InspectionYear(
        year=year,
        planned=len(mine),
        done=sum(one.state == "done" for one in mine),
        overdue=sum(one.state == "planned" and one.planned_on < day for one in mine),
        joint=sum(len(one.departments) > 1 for one in mine),
        findings=len(findings),
        waivers=tuple(_waiver(one) for one in mine if one.state == "waived"),
        draws=tuple(
            _drawn(draw, is_open=draw.id in open_draws and year >= day.year)
            for draw in session.scalars(draws)
        ),
    )


def _waiver(one: Inspection) -> Waiver:
    return Waiver(
        number=one.number,
        planned_on=one.planned_on,
        waived_on=one.waived_on or one.planned_on,
        reason=one.waive_reason or "",
        signer=one.waived_by or "",
    )


def _drawn(draw: Draw, *, is_open: bool) -> Drawn:
    return Drawn(
        number=draw.number,
        on=draw.drawn_on,
        count=len(draw.numbers),
        pool=len(draw.tickets),
        promise=draw.promise,
        seed=None if is_open else draw.seed,
        numbers=() if is_open else tuple(draw.numbers),
    )
