"""Cases: opening one, finding one, and the frame in which every act on one is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.casework.supervision.sources import Known, is_own, known_source
from portal.domain.case_checks import hindrance, may_act
from portal.domain.cases import CaseAct, CaseSource, CaseState
from portal.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.domain.identity import stands_in
from portal.domain.people import Actor, Permission
from portal.rules.rulebook import Rulebook
from portal.store.audit import record
from portal.store.cases import CaseEvent, CaseFile
from portal.store.inspections import Finding
from portal.store.institutions import Institution, Unit
from portal.store.letters import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What an act stands on: who, when, at which local date, under which rules."""

    session: Session
    actor: Actor
    at: datetime
    day: date
    rules: Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a case starts with; ``subject`` is an institution's or a unit's code."""

    subject: str
    is_unit: bool = False
    ground: str
    severity: str
    facts: str
    trade: str | None = None
    source: CaseSource = CaseSource.HAND
    source_ref: str | None = None


def open_case(stand: Stand, opening: Opening) -> CaseFile:
    """Open a case with its ground and its facts.

    Raises:
        NotFound: no such institution or unit.
        RuleBroken: the ground is not in force or not for such a subject, facts are missing, or
            the source is not there.

    """
    stand.actor.require(Permission.HANDLE_CASE)
    _check_opening(opening, stand.rules)
    subject = _subject(stand.session, opening)
    if isinstance(subject, Institution) and subject.id == stand.actor.institution_id:
        raise RuleBroken("case.own_institution")
    source = _source(stand.session, opening, subject)
    case = CaseFile(
        number=next_number(stand.session, f"A{stand.day.year}-", CaseFile.number),
        institution_id=subject.id if isinstance(subject, Institution) else None,
        unit_id=subject.id if isinstance(subject, Unit) else None,
        trade=opening.trade,
        source=opening.source,
        source_ref=(opening.source_ref or "").strip() or None,
        ground=opening.ground,
        severity=opening.severity,
        facts=opening.facts.strip(),
        state=CaseState.OPEN,
        opened_by_id=stand.actor.person_id or 0,
        opened_at=stand.at,
        opened_on=stand.day,
    )
    stand.session.add(case)
    stand.session.flush()
    told = {"source": opening.source, "source_ref": opening.source_ref}
    note(stand, case, "open", opening.facts.strip(), ground=opening.ground, **told)
    if source is not None and isinstance(source.row, Finding | Letter):
        source.row.case_number = case.number
    return case


def case_for_act(stand: Stand, number: str, revision: int, act: CaseAct) -> CaseFile:
    """Return the case, locked, if ``act`` may be done to it as it was shown (``revision``).

    Raises:
        NotFound: there is no such case for this person.
        Conflict: somebody acted on it since it was shown.
        RuleBroken: the act is not possible now; the sentence says why and from when.

    """
    if not stand.actor.may(Permission.ANSWER_CASE):
        stand.actor.require(Permission.HANDLE_CASE)
    case = find_case(stand.session, number, stand.actor, lock=True)
    if not may_act(act, stand.actor, case):
        raise NotAllowed("people.not_allowed", permission=Permission.HANDLE_CASE.value)
    if case.revision != revision:
        last = last_event(stand.session, case)
        raise Conflict("case.changed", by=last.by, at=last.at)
    reason = hindrance(case, act, stand.actor, stand.day, stand.rules)
    if reason is not None:
        raise RuleBroken(reason.key, None, **reason.facts)
    return case


def find_case(session: Session, number: str, actor: Actor, *, lock: bool = False) -> CaseFile:
    """Return the case as far as this person may know of it.

    An institution knows only its own, and only once a notice was served.

    Raises:
        NotFound: there is none.

    """
    query = select(CaseFile).where(CaseFile.number == number)
    if lock:
        query = query.with_for_update()
    case = session.scalar(query)
    if case is None or not _may_know(actor, case):
        raise NotFound("case.unknown", number=number)
    return case


def need(faults: dict[str, str], **texts: str) -> None:
    """Let the act go on when nothing is at fault, each text says something and names no number.

    Nobody's identity number is kept in clear: not in facts, not in reasons, not in a trace.

    Raises:
        RuleBroken: ``faults``, and the empty texts, by field.

    """
    faults |= {name: "case.field_empty" for name, text in texts.items() if not text.strip()}
    faults |= {name: "case.identity_in_clear" for name, text in texts.items() if stands_in(text)}
    if faults:
        raise RuleBroken("case.incomplete", faults)


def must_go(stand: Stand, case: CaseFile) -> None:
    """Let the entry leave by itself once the working days for withdrawing it are over."""
    days = stand.rules.cases.withdraw_quashed_days
    off = stand.rules.calendar.add_working_days(stand.day, days)
    case.withdraw_until_on = min(off, case.withdraw_until_on or off)


def day_faults(name: str, day: date, earliest: date, latest: date) -> dict[str, str]:
    """Return what is wrong with a day that must lie from ``earliest`` to ``latest``, by field."""
    if day > latest:
        return {name: "case.day_in_future"}
    return {name: "case.day_too_early"} if day < earliest else {}


def note(stand: Stand, case: CaseFile, act: str, words: str | None, **facts: object) -> None:
    """Write the act into the case and into the audit trail, and raise the revision."""
    case.revision += 1
    event = CaseEvent(
        case_id=case.id,
        act=act,
        on=stand.day,
        by=stand.actor.name,
        words=words,
        facts=facts,
        at=stand.at,
    )
    stand.session.add(event)
    record(stand.session, stand.actor, f"case.{act}", f"case:{case.number}", stand.at, **facts)


def last_event(session: Session, case: CaseFile) -> CaseEvent:
    """Return the newest act of a case."""
    newest = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc())
    return session.scalars(newest.limit(1)).one()


def next_number(
    session: Session,
    prefix: str,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
) -> str:
    """Return the next running number with this prefix, four digits long."""
    numbers = select(func.max(column)).where(column.startswith(prefix, autoescape=True))
    last = session.scalar(numbers)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _may_know(actor: Actor, case: CaseFile) -> bool:
    if actor.may(Permission.SEE_CASES):
        return True
    own = actor.institution_id is not None and actor.institution_id == case.institution_id
    return own and case.served_on is not None


def _check_opening(opening: Opening, rules: Rulebook) -> None:
    faults: dict[str, str] = {}
    ground = rules.ground(opening.ground)
    kind = "unit" if opening.is_unit else "institution"
    if ground is None or ground.applies_to != kind:
        faults["ground"] = "case.ground_not_for_subject"
    if opening.severity not in {period.severity for period in rules.cases.periods}:
        faults["severity"] = "case.severity_unknown"
    if not opening.facts.strip():
        faults["facts"] = "case.facts_missing"
    elif stands_in(opening.facts):
        faults["facts"] = "case.identity_in_clear"
    if faults:
        raise RuleBroken("case.incomplete", faults)


def _source(session: Session, opening: Opening, subject: Institution | Unit) -> Known | None:
    """Return what the case is opened from, if that is kept here.

    Raises:
        RuleBroken: nothing of that reference is there, or it is about somebody else.

    """
    ref = (opening.source_ref or "").strip()
    if not is_own(opening.source, ref):
        return None
    known = known_source(session, opening.source, ref)
    if known is None:
        raise RuleBroken("case.incomplete", {"source_ref": "case.source_unknown"})
    about = (known.institution_id, known.unit_id)
    mine = (subject.id, None) if isinstance(subject, Institution) else (None, subject.id)
    if any(about) and about != mine:
        raise RuleBroken("case.incomplete", {"source_ref": "case.source_of_another"})
    return known


def _subject(session: Session, opening: Opening) -> Institution | Unit:
    subject: Institution | Unit | None
    if opening.is_unit:
        subject = session.scalar(select(Unit).where(Unit.code == opening.subject))
    else:
        subject = session.scalar(select(Institution).where(Institution.code == opening.subject))
    if subject is None:
        raise NotFound("case.subject_unknown", code=opening.subject)
    return subject
