"""What a regulator grants for a reporting period: more time, or no report at all."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Text, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Day, Instant, InstitutionKey, Key, Name, Table
from portal.store.institutions import Institution, InstitutionTrade
from portal.store.reports import ReportingPeriod


class PeriodExtension(Table, kw_only=True):
    """A later due day with its reason; ``institution_id`` None: for everybody."""

    __tablename__ = "period_extension"

    id: Mapped[Key] = mapped_column(init=False)
    period_id: Mapped[int] = mapped_column(ForeignKey(ReportingPeriod.id), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    due_on: Mapped[Day]
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[Name]
    granted_at: Mapped[At]


class Exemption(Table, kw_only=True):
    """That an institution need not report for a period, and why; it may be ended again."""

    __tablename__ = "report_exemption"

    id: Mapped[Key] = mapped_column(init=False)
    period_id: Mapped[int] = mapped_column(ForeignKey(ReportingPeriod.id), index=True)
    institution_id: Mapped[InstitutionKey]
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[Name]
    granted_at: Mapped[At]
    ended_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


def asked_for(period: ReportingPeriod) -> ColumnElement[bool]:
    """Return the condition under which an institution's trades make it file for a period."""
    if not period.trades:
        return true()
    teaching = select(InstitutionTrade.institution_id).where(
        InstitutionTrade.trade.in_(period.trades)
    )
    return Institution.id.in_(teaching)


def is_asked(session: Session, period: ReportingPeriod, institution_id: int) -> bool:
    """Tell whether an institution's trades make it file for a period."""
    asked = select(Institution.id).where(Institution.id == institution_id, asked_for(period))
    return session.scalar(asked) is not None


def extensions_of(session: Session, period_id: int) -> list[PeriodExtension]:
    """Return every extension of a period, the newest first."""
    wanted = select(PeriodExtension).where(PeriodExtension.period_id == period_id)
    return list(session.scalars(wanted.order_by(PeriodExtension.id.desc())))


def exemptions_of(session: Session, period_id: int) -> dict[int, Exemption]:
    """Return the exemptions that hold for a period, by institution."""
    wanted = select(Exemption).where(Exemption.period_id == period_id, Exemption.ended_at.is_(None))
    return {one.institution_id: one for one in session.scalars(wanted)}


def due_days(session: Session, period: ReportingPeriod) -> tuple[date, dict[int, date]]:
    """Return the due day that holds for everybody, and those of institutions with more time."""
    general, own = period.due_on, dict[int, date]()
    for one in extensions_of(session, period.id):
        if one.institution_id is None:
            general = max(general, one.due_on)
        else:
            own[one.institution_id] = max(one.due_on, own.get(one.institution_id, one.due_on))
    return general, {key: day for key, day in own.items() if day > general}


def due_on(session: Session, period: ReportingPeriod, institution_id: int) -> date:
    """Return the last day on which this institution's report is on time."""
    general, own = due_days(session, period)
    return own.get(institution_id, general)
