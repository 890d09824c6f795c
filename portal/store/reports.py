"""Special reports (专项报告): drafts, immutable submitted versions, and the facts they prove."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import (
    At,
    Code,
    Day,
    Facts,
    Instant,
    InstitutionKey,
    JsonValue,
    Key,
    PeriodText,
    PersonKey,
    Table,
    Word,
)
from portal.store.institutions import Institution


class ReportingPeriod(Table, kw_only=True):
    """A period for which reports are due, opened by a regulator.

    ``trades``: only who teaches one of these must file; empty: everybody.
    """

    __tablename__ = "reporting_period"

    id: Mapped[Key] = mapped_column(init=False)
    period: Mapped[PeriodText] = mapped_column(unique=True)
    form: Mapped[Code]
    opens_on: Mapped[Day]
    due_on: Mapped[Day]
    opened_by: Mapped[str] = mapped_column(String(200))
    trades: Mapped[list[str]] = mapped_column(JsonValue, default_factory=list)


class ReportDraft(Table, kw_only=True):
    """What an institution is still writing; ``revision`` rises with each save.

    ``content`` maps section key → item key → value, a table item being a list of rows.
    ``done`` lists the sections marked as filled in.
    """

    __tablename__ = "report_draft"
    __table_args__ = (UniqueConstraint("institution_id", "period"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    period: Mapped[PeriodText]
    form: Mapped[Code]
    content: Mapped[Facts]
    done: Mapped[list[str]] = mapped_column(JsonValue)
    revision: Mapped[int]
    saved_by: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[At]


class ParkedAnswers(Table, kw_only=True):
    """What a person typed into a form after the session had ended, until it is sent again.

    ``seen`` is the mark of the section the person had before them. Where ``period`` is empty the
    form is no section of a report, and ``section`` its address.
    """

    __tablename__ = "parked_answers"
    __table_args__ = (UniqueConstraint("person_id", "period", "section"),)

    id: Mapped[Key] = mapped_column(init=False)
    person_id: Mapped[PersonKey]
    period: Mapped[PeriodText]
    section: Mapped[Code]
    typed: Mapped[Facts]
    seen: Mapped[Word]
    parked_at: Mapped[At]


class SpecialReport(Table, kw_only=True):
    """A submitted version: its content never changes; only its review moves on.

    ``state`` is submitted, in_review, returned or accepted. ``review`` maps item path to the
    regulator's words when it was returned. ``kind`` is periodic, or, after a version was accepted,
    change (something is different now) or correction (it was reported wrongly), with words why.
    """

    __tablename__ = "special_report"
    __table_args__ = (UniqueConstraint("institution_id", "period", "version"),)

    id: Mapped[Key] = mapped_column(init=False)
    receipt_no: Mapped[str] = mapped_column(String(32), unique=True)
    institution_id: Mapped[InstitutionKey]
    period: Mapped[PeriodText]
    version: Mapped[int]
    form: Mapped[Code]
    content: Mapped[Facts]
    content_sha256: Mapped[str] = mapped_column(String(64))
    is_late: Mapped[bool]
    submitted_by: Mapped[str] = mapped_column(String(200))
    submitted_at: Mapped[At]
    state: Mapped[Word]
    kind: Mapped[Word] = mapped_column(default="periodic")
    kind_words: Mapped[str | None] = mapped_column(Text, default=None)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    review_words: Mapped[str | None] = mapped_column(Text, default=None)
    review: Mapped[dict[str, Any]] = mapped_column(JsonValue, default_factory=dict)


class Fact(Table, kw_only=True):
    """One accepted fact of an institution, and how far it was proved.

    ``proof`` is declared, document_seen, seen_on_site or contradicted. A newer accepted value
    ends the older one (``ended_on``); nothing is overwritten. ``path`` is section.item, with the
    row number for a table's rows. ``evidence`` names what proved it: files or a visit.
    """

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_current", "institution_id", "ended_on"),)

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    report_id: Mapped[int] = mapped_column(ForeignKey("special_report.id"), index=True)
    path: Mapped[str] = mapped_column(String(120))
    value: Mapped[Any] = mapped_column(JsonValue)
    proof: Mapped[Word]
    proved_on: Mapped[date | None] = mapped_column(default=None)
    proved_by: Mapped[str | None] = mapped_column(String(200), default=None)
    evidence: Mapped[str | None] = mapped_column(Text, default=None)
    from_on: Mapped[Day]
    ended_on: Mapped[date | None] = mapped_column(default=None)


UNDER_REVIEW = ("submitted", "in_review")


def reporting_period(session: Session, period: str) -> ReportingPeriod | None:
    """Return the reporting period of that name; None when none was opened."""
    return session.scalar(select(ReportingPeriod).where(ReportingPeriod.period == period))


def reporting_periods(session: Session) -> list[ReportingPeriod]:
    """Return every reporting period, the one due last first."""
    order = (ReportingPeriod.due_on.desc(), ReportingPeriod.period.desc())
    return list(session.scalars(select(ReportingPeriod).order_by(*order)))


def draft_of(session: Session, institution_id: int, period: str) -> ReportDraft | None:
    """Return an institution's draft for a period; None when it is not writing one."""
    return session.scalar(
        select(ReportDraft).where(
            ReportDraft.institution_id == institution_id, ReportDraft.period == period
        )
    )


def drafts_of(session: Session, institution_id: int) -> dict[str, ReportDraft]:
    """Return an institution's drafts by period."""
    found = session.scalars(select(ReportDraft).where(ReportDraft.institution_id == institution_id))
    return {draft.period: draft for draft in found}


def reports_of(session: Session, institution_id: int) -> list[SpecialReport]:
    """Return every version an institution submitted, the newest first."""
    mine = select(SpecialReport).where(SpecialReport.institution_id == institution_id)
    return list(session.scalars(mine.order_by(SpecialReport.id.desc())))


def latest_report(session: Session, institution_id: int, period: str) -> SpecialReport | None:
    """Return the newest version submitted for a period; None when there is none."""
    mine = select(SpecialReport).where(
        SpecialReport.institution_id == institution_id, SpecialReport.period == period
    )
    return session.scalar(mine.order_by(SpecialReport.version.desc()).limit(1))


def last_accepted(
    session: Session, institution_id: int, before: int | None = None
) -> SpecialReport | None:
    """Return the version accepted last, of any period; with ``before`` among those of lower id.

    None when none was.
    """
    mine = select(SpecialReport).where(
        SpecialReport.institution_id == institution_id, SpecialReport.state == "accepted"
    )
    if before is not None:
        mine = mine.where(SpecialReport.id < before)
    return session.scalar(mine.order_by(SpecialReport.reviewed_at.desc()).limit(1))


def report_numbered(
    session: Session, receipt_no: str, *, locked: bool = False
) -> tuple[SpecialReport, Institution] | None:
    """Return the version with that receipt number and whose it is; ``locked`` until the end."""
    wanted = (
        select(SpecialReport, Institution)
        .join(Institution, Institution.id == SpecialReport.institution_id)
        .where(SpecialReport.receipt_no == receipt_no)
    )
    if locked:
        # What this session read before it waited for the lock may have been decided meanwhile.
        wanted = wanted.with_for_update(of=SpecialReport).execution_options(populate_existing=True)
    found = session.execute(wanted).one_or_none()
    return found and (found[0], found[1])


def current_facts(session: Session, institution_id: int) -> list[Fact]:
    """Return the facts of an institution that have not ended, in the order they were made."""
    current = select(Fact).where(Fact.institution_id == institution_id, Fact.ended_on.is_(None))
    return list(session.scalars(current.order_by(Fact.id)))


def facts_over_time(session: Session, institution_id: int, most: int) -> list[Fact]:
    """Return the facts that have ended, those that ended last first, no more than ``most``."""
    ended = select(Fact).where(Fact.institution_id == institution_id, Fact.ended_on.is_not(None))
    return list(session.scalars(ended.order_by(Fact.ended_on.desc(), Fact.id.desc()).limit(most)))


def facts_marked_by(session: Session, institution_id: int, evidence: str) -> list[Fact]:
    """Return an institution's facts that rest on that evidence, in the order they were made."""
    marked = select(Fact).where(Fact.institution_id == institution_id, Fact.evidence == evidence)
    return list(session.scalars(marked.order_by(Fact.id)))
