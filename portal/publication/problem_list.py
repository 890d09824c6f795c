"""The problem list (问题名单（监管公示）): what of the cases is public on a day, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.casework.list_events import end_reason
from portal.domain.cases import CaseState, last_limit
from portal.store.cases import CaseEvent, CaseFile
from portal.store.institutions import Institution, Unit

PUBLIC_ACTS = frozenset({"serve", "reply", "answer", "decide", "publish", "rectify", "confirm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the course of a case; officers are not named."""

    act: str
    on: date
    is_past: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry on the list; ``until_on`` is the first day on which it is off again.

    ``state`` is published, rectifying or corrected. ``institution_code`` None: a unit.
    """

    no: str
    institution_code: str | None
    subject: str
    subject_en: str | None
    trade: str | None
    ground: str
    severity: str
    facts: str
    decision_no: str
    decided_on: date
    decision: str
    advice: str | None
    statement: str | None
    statement_adopted: bool | None
    statement_answer: str | None
    from_on: date
    until_on: date
    state: str


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of an entry after its end: number, day, and the legal reason's key."""

    no: str
    on: date
    reason: str


def entries_on(session: Session, day: date, institution_code: str | None = None) -> list[Entry]:
    """Return the entries public on ``day``, newest first; of one institution where given."""
    query = _public_on(day).order_by(CaseFile.publish_from_on.desc(), CaseFile.listing_no.desc())
    if institution_code is not None:
        query = query.where(Institution.code == institution_code)
    return [_entry(*row) for row in session.execute(query)]


def entry_on(session: Session, no: str, day: date) -> Entry | Gone | None:
    """Return the entry ``no`` on ``day``, what is left of it, or None if it never was public."""
    query = _cases().where(CaseFile.listing_no == no)
    row = session.execute(query).one_or_none()
    if row is None or row[0].publish_from_on is None or day < row[0].publish_from_on:
        return None
    case = row[0]
    gone_on = last_limit(case)
    if day >= gone_on:
        return Gone(no, gone_on, end_reason(case))
    return _entry(*row)


def course_of(session: Session, no: str, day: date) -> list[Step]:
    """Return the public steps of an entry's course, past ones first, then what is to come."""
    query = (
        select(CaseEvent.act, CaseEvent.on, CaseFile)
        .join(CaseFile, CaseFile.id == CaseEvent.case_id)
        .where(CaseFile.listing_no == no, CaseEvent.on <= day)
        .order_by(CaseEvent.id)
    )
    rows = session.execute(query).all()
    steps = [
        Step(act=act, on=case.served_on if act == "serve" and case.served_on else on)
        for act, on, case in rows
        if act in PUBLIC_ACTS
    ]
    return [
        *steps,
        *(Step(act="leave", on=last_limit(rows[0][2]), is_past=False) for _ in rows[:1]),
    ]


def _public_on(day: date) -> Select[CaseFile, Institution, Unit]:
    return _cases().where(
        CaseFile.state == CaseState.PUBLISHED,
        CaseFile.publish_from_on <= day,
        CaseFile.publish_until_on > day,
        or_(CaseFile.ended_on.is_(None), and_(CaseFile.ended_on > day)),
    )


def _cases() -> Select[CaseFile, Institution, Unit]:
    return (
        select(CaseFile, Institution, Unit)
        .outerjoin(Institution, Institution.id == CaseFile.institution_id)
        .outerjoin(Unit, Unit.id == CaseFile.unit_id)
    )


def _entry(case: CaseFile, institution: Institution | None, unit: Unit | None) -> Entry:
    subject = institution or unit
    states = {"none": "published", "asked": "rectifying", "done": "corrected"}
    return Entry(
        no=case.listing_no or "",
        institution_code=institution.code if institution else None,
        subject=subject.name if subject else "",
        subject_en=institution.name_en if institution else None,
        trade=case.trade,
        ground=case.ground,
        severity=case.severity,
        facts=case.facts,
        decision_no=case.decision_no or "",
        decided_on=case.decided_on or date.min,
        decision=case.decision_text or "",
        advice=case.trainee_advice or None,
        statement=case.statement,
        statement_adopted=case.statement_adopted,
        statement_answer=case.statement_answer,
        from_on=case.publish_from_on or date.min,
        until_on=last_limit(case),
        state=states[case.rectification],
    )
