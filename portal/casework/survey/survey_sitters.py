"""Who sits where and when, by institution and trade: for whom slips of the survey are printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Subquery, and_, func, select
from sqlalchemy.orm import Session

from portal.store.exams import ExamResult
from portal.store.institutions import Institution
from portal.store.surveys import SlipGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitters:
    """Candidates of one sitting, institution and trade; ``group`` None: no slips yet."""

    institution_id: int
    institution: str
    trade: str
    sitting_on: date
    site: str
    period: str
    candidates: int
    group: SlipGroup | None


def sitters(session: Session, since: date, until: date) -> list[Sitters]:
    """Return who sits between two days, the latest sitting first; nobody without institution."""
    counted = _counted(since, until)
    same = and_(
        SlipGroup.institution_id == counted.c.institution_id,
        SlipGroup.trade == counted.c.trade,
        SlipGroup.sitting_on == counted.c.theory_on,
        SlipGroup.site == counted.c.site,
    )
    wanted = (
        select(counted, Institution.name, SlipGroup)
        .join(Institution, Institution.id == counted.c.institution_id)
        .outerjoin(SlipGroup, same)
        .order_by(counted.c.theory_on.desc(), counted.c.site, Institution.name, counted.c.trade)
    )
    return [_sitters(row) for row in session.execute(wanted)]


def _counted(since: date, until: date) -> Subquery:
    cell = (
        ExamResult.institution_id,
        ExamResult.trade,
        ExamResult.theory_on,
        ExamResult.site,
        ExamResult.period,
    )
    within = ExamResult.theory_on.between(since, until)
    counted = select(*cell, func.count().label("candidates")).group_by(*cell)
    return counted.where(within, ExamResult.institution_id.is_not(None)).subquery()


def _sitters(row: Row[Any]) -> Sitters:
    return Sitters(
        institution_id=row.institution_id,
        institution=row.name,
        trade=row.trade,
        sitting_on=row.theory_on,
        site=row.site,
        period=row.period,
        candidates=row.candidates,
        group=row.SlipGroup,
    )
