"""Tracing an accident back: the chain of links, its decision by two, and its public result.

Source: notice 2021-22, 4.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.supervision.cases import Stand, day_faults, need, next_number
from portal.casework.supervision.whose_name import institutions_like, names_in, units_like
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Permission
from portal.rules.workdays import add_months
from portal.store.audit import record
from portal.store.exams import ExamResult
from portal.store.institutions import Institution, Unit
from portal.store.traces import Trace, TraceLink

STEPS = ("worker", "certificate", "sitting", "class", "teacher", "institution")
"""The chain, in the order in which it is followed."""
OUTCOMES = ("sound", "breach", "missing")
_LONGEST_AGO = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What was found at one step; ``institution`` is a code where the step names one."""

    step: str
    outcome: str
    words: str
    evidence: str
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the public will read; no person and no institution is named in ``words``."""

    decision_no: str
    words: str
    until_on: date


def open_trace(stand: Stand, *, happened_on: date, words: str, unit: str = "") -> Trace:
    """Begin to trace an accident back; nothing of it is public. ``unit`` is a code.

    Raises:
        RuleBroken: no employer has this code; one that is so called is for a person to confirm.

    """
    stand.actor.require(Permission.HANDLE_CASE)
    known = stand.session.scalar(select(Unit.id).where(Unit.code == unit)) if unit else None
    faults = day_faults("happened_on", happened_on, _LONGEST_AGO, stand.day)
    if unit and known is None:
        alike = units_like(stand.session, unit)
        faults["unit"] = "trace.unit_which" if alike else "trace.unit_unknown"
    need(faults, words=words)
    trace = Trace(
        number=next_number(stand.session, f"D{stand.day.year}-", Trace.number),
        happened_on=happened_on,
        unit_id=known,
        words=words.strip(),
        opened_on=stand.day,
    )
    stand.session.add(trace)
    stand.session.flush()
    _trail(stand, trace, "open")
    return trace


def set_link(stand: Stand, number: str, link: Link) -> TraceLink:
    """Record what was found at a step; what was recorded before stays in the trail.

    Raises:
        RuleBroken: no institution has this code; one so called is for a person to confirm.

    """
    trace = _trace_in(stand, number, "open")
    faults = {} if link.step in STEPS else {"step": "trace.step_unknown"}
    if link.outcome not in OUTCOMES:
        faults["outcome"] = "trace.outcome_unknown"
    known = select(Institution.id).where(Institution.code == link.institution)
    whose = stand.session.scalar(known) if link.institution else None
    if link.institution and whose is None:
        alike = institutions_like(stand.session, link.institution)
        faults["institution"] = "trace.institution_which" if alike else "trace.institution_unknown"
    need(faults, words=link.words, evidence=link.evidence)
    old = stand.session.scalar(
        select(TraceLink).where(TraceLink.trace_id == trace.id, TraceLink.step == link.step)
    )
    before = {"outcome": old.outcome, "words": old.words} if old else {}
    row = old or TraceLink(
        trace_id=trace.id,
        step=link.step,
        outcome="",
        words="",
        evidence="",
        on=stand.day,
        by="",
    )
    row.outcome, row.words, row.evidence = link.outcome, link.words.strip(), link.evidence.strip()
    row.institution_id = whose
    row.on, row.by = stand.day, stand.actor.name
    stand.session.add(row)
    _trail(stand, trace, "link", step=link.step, outcome=link.outcome, **before)
    return row


def propose_result(stand: Stand, number: str, result: Result) -> Trace:
    """Propose what the public reads: every link of the chain must have been followed.

    Raises:
        RuleBroken: a link is missing, or the text names an institution or the employer.

    """
    trace = _trace_in(stand, number, "open")
    followed = {link.step for link in links_of(stand.session, trace)}
    if missing := [step for step in STEPS if step not in followed]:
        raise RuleBroken("trace.link_missing", None, step=f"trace_step.{missing[0]}")
    faults: dict[str, str] = {}
    longest = add_months(stand.day, stand.rules.cases.period("general").max_months)
    if not stand.day < result.until_on <= longest:
        faults["until_on"] = "case.until_outside"
    if names_in(stand.session, result.words):
        faults["words"] = "trace.names_somebody"
    need(faults, decision_no=result.decision_no, words=result.words)
    trace.state, trace.proposed_by_id = "proposed", stand.actor.person_id
    trace.decision_no, trace.public_words = result.decision_no.strip(), result.words.strip()
    trace.until_on = result.until_on
    _trail(stand, trace, "propose", decision_no=trace.decision_no)
    return trace


def publish_result(stand: Stand, number: str) -> Trace:
    """Publish the result; the actor is the second person."""
    trace = _trace_in(stand, number, "proposed")
    if stand.actor.person_id is None or stand.actor.person_id == trace.proposed_by_id:
        raise RuleBroken("case.second_person")
    trace.state, trace.second_id, trace.published_on = "decided", stand.actor.person_id, stand.day
    _trail(stand, trace, "publish", decision_no=trace.decision_no)
    return trace


def send_back_result(stand: Stand, number: str, *, reasons: str) -> Trace:
    """Refuse the proposed result; the chain is open again."""
    trace = _trace_in(stand, number, "proposed")
    need({}, reasons=reasons)
    trace.state = "open"
    trace.proposed_by_id = trace.public_words = trace.until_on = trace.decision_no = None
    _trail(stand, trace, "send_back", reasons=reasons.strip())
    return trace


def links_of(session: Session, trace: Trace) -> list[TraceLink]:
    """Return the links that were followed, in the order of the chain."""
    rows = session.scalars(select(TraceLink).where(TraceLink.trace_id == trace.id))
    return sorted(rows, key=lambda link: STEPS.index(link.step))


def results_on(session: Session, day: date) -> Sequence[Trace]:
    """Return the traces whose result is public on ``day``, the newest first."""
    public = select(Trace).where(
        Trace.state == "decided", Trace.published_on <= day, Trace.until_on > day
    )
    return session.scalars(public.order_by(Trace.published_on.desc(), Trace.id.desc())).all()


def sittings_of(session: Session, person_hash: str) -> Sequence[tuple[ExamResult, str | None]]:
    """Return the sittings of a person by keyed hash, each with its institution's name."""
    found = (
        select(ExamResult, Institution.name)
        .outerjoin(Institution, Institution.id == ExamResult.institution_id)
        .where(ExamResult.person_hash == person_hash)
        .order_by(ExamResult.theory_on, ExamResult.attempt)
    )
    return [(row[0], row[1]) for row in session.execute(found)]


def _trace_in(stand: Stand, number: str, state: str) -> Trace:
    stand.actor.require(Permission.HANDLE_CASE)
    trace = stand.session.scalar(select(Trace).where(Trace.number == number).with_for_update())
    if trace is None:
        raise NotFound("trace.unknown", number=number)
    if trace.state != state:
        raise Conflict("trace.wrong_state")
    return trace


def _trail(stand: Stand, trace: Trace, act: str, **facts: object) -> None:
    record(stand.session, stand.actor, f"trace.{act}", f"trace:{trace.number}", stand.at, **facts)
