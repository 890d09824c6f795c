"""The problem list (问题名单（监管公示）): what of the cases is public on a day, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.casework.supervision.list_events import end_reason
from portal.domain.cases import CaseState, last_limit
from portal.store.cases import CaseFile, EntryVersion, StatementPoint, points_of
from portal.store.institutions import Institution, Unit

STATES = ("published", "rectifying", "corrected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the party's statement, adopted or not, with the reasons."""

    number: int
    words: str
    adopted: bool
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry on the list; ``until_on`` is the first day on which it is off again.

    ``state`` is published, rectifying or corrected. ``institution_code`` None: a unit. An order to
    correct and a penalty stand apart; ``amount`` is in whole units of currency.
    """

    no: str
    institution_code: str | None
    subject: str
    subject_en: str | None
    area: str
    trade: str | None
    ground: str
    severity: str
    facts: str
    decision_no: str
    decided_on: date
    decision: str
    is_ordered: bool
    correct_until_on: date | None
    penalty: str
    amount: int | None
    affected: str | None
    advice: str | None
    statement: str | None
    statement_adopted: bool | None
    statement_answer: str | None
    points: tuple[Point, ...]
    from_on: date
    until_on: date
    state: str
    is_disputed: bool
    dispute_answer: str | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of an entry after its end: number, day, and the legal reason's key."""

    no: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for; None = all. ``subject`` is institution or unit."""

    institution_code: str | None = None
    subject: str | None = None
    ground: str | None = None
    trade: str | None = None
    area: str | None = None
    state: str | None = None


ALL = Wanted()


def entries_on(session: Session, day: date, wanted: Wanted = ALL) -> list[Entry]:
    """Return the entries public on ``day``, newest first, as far as they are asked for."""
    query = _public_on(day).order_by(CaseFile.publish_from_on.desc(), CaseFile.listing_no.desc())
    rows = session.execute(query).all()
    points = points_of(session, [case.id for case, _, _ in rows])
    entries = [_entry(*row, points.get(row[0].id, ())) for row in rows]
    return [entry for entry in entries if _is_wanted(entry, wanted)]


def entry_on(session: Session, no: str, day: date) -> Entry | Gone | None:
    """Return the entry ``no`` on ``day``, what is left of it, or None if it never was public."""
    query = _cases().where(CaseFile.listing_no == no)
    row = session.execute(query).one_or_none()
    if row is None or row[0].publish_from_on is None or day < row[0].publish_from_on:
        return None
    if day >= last_limit(row[0]):
        return _gone(row[0])
    return _entry(*row, points_of(session, [row[0].id]).get(row[0].id, ()))


def gone_by(session: Session, day: date) -> list[Gone]:
    """Return what is left of all entries that are off the list on ``day``, the latest first."""
    query = select(CaseFile).where(CaseFile.publish_from_on <= day)
    over = [_gone(case) for case in session.scalars(query) if day >= last_limit(case)]
    return sorted(over, key=lambda gone: (gone.on, gone.no), reverse=True)


def versions_on(session: Session, no: str, day: date) -> list[EntryVersion]:
    """Return what a public entry said from which day on, the newest first."""
    query = (
        select(EntryVersion)
        .join(CaseFile, CaseFile.id == EntryVersion.case_id)
        .where(CaseFile.listing_no == no, EntryVersion.on <= day)
        .order_by(EntryVersion.number.desc())
    )
    return list(session.scalars(query))


def _gone(case: CaseFile) -> Gone:
    return Gone(case.listing_no or "", last_limit(case), end_reason(case))


def _is_wanted(entry: Entry, wanted: Wanted) -> bool:
    pairs = (
        (wanted.institution_code, entry.institution_code),
        (wanted.subject, "institution" if entry.institution_code else "unit"),
        (wanted.ground, entry.ground),
        (wanted.trade, entry.trade),
        (wanted.area, entry.area),
        (wanted.state, entry.state),
    )
    return all(asked is None or asked == found for asked, found in pairs)


def _public_on(day: date) -> Select[CaseFile, Institution, Unit]:
    limits = (CaseFile.ended_on, CaseFile.withdraw_until_on)
    return _cases().where(
        CaseFile.state == CaseState.PUBLISHED,
        CaseFile.publish_from_on <= day,
        CaseFile.publish_until_on > day,
        *(or_(limit.is_(None), limit > day) for limit in limits),
    )


def _cases() -> Select[CaseFile, Institution, Unit]:
    return (
        select(CaseFile, Institution, Unit)
        .outerjoin(Institution, Institution.id == CaseFile.institution_id)
        .outerjoin(Unit, Unit.id == CaseFile.unit_id)
    )


_STATES = {"asked": "rectifying", "done": "corrected"}
_AS_THEY_ARE = (
    *("trade", "ground", "severity", "facts", "is_ordered", "correct_until_on", "penalty"),
    *("amount", "statement", "statement_adopted", "statement_answer", "dispute_answer"),
)
"""What an entry says in the very words of its case."""


def _entry(
    case: CaseFile,
    institution: Institution | None,
    unit: Unit | None,
    points: Sequence[StatementPoint],
) -> Entry:
    subject = institution or unit
    same: dict[str, Any] = {name: getattr(case, name) for name in _AS_THEY_ARE}
    return Entry(
        no=case.listing_no or "",
        institution_code=institution.code if institution else None,
        subject=subject.name if subject else "",
        subject_en=institution.name_en if institution else None,
        area=subject.area_code if subject else "",
        decision_no=case.decision_no or "",
        decided_on=case.decided_on or date.min,
        decision=case.decision_text or "",
        affected=case.affected or None,
        advice=case.trainee_advice or None,
        points=tuple(_point(point) for point in points),
        from_on=case.publish_from_on or date.min,
        until_on=last_limit(case),
        state=_STATES.get(case.rectification, "published"),
        is_disputed=case.dispute == "open",
        **same,
    )


def _point(point: StatementPoint) -> Point:
    return Point(
        number=point.number,
        words=point.words,
        adopted=bool(point.adopted),
        reasons=point.reasons or "",
    )
