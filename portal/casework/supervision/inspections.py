"""Inspections: planned or drawn, done together with one list of findings, or waived."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from portal.casework.signals import watched
from portal.casework.supervision.cases import Stand, need, next_number
from portal.casework.supervision.whose_name import names_in
from portal.domain.drawing import drawn, promise_of, tickets_of
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Permission
from portal.rules.checklists import Checklist, checklists
from portal.store.audit import record
from portal.store.inspections import Draw, Finding, Inspection
from portal.store.institutions import Institution, Unit

RESULTS = ("ok", "problem", "na")
_WATCHED_TICKETS = 2
_SEED_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is planned: ``subject`` is an institution's or a unit's code."""

    subject: str
    is_unit: bool = False
    checklist: str
    planned_on: date
    departments: tuple[str, ...]
    kind: str = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing found on site, by a department."""

    item: str
    department: str
    words: str
    evidence: str


def plan_inspection(stand: Stand, plan: Plan, draw: Draw | None = None) -> Inspection:
    """Put an inspection into the plan of its year.

    Raises:
        NotFound: no such institution or unit.
        RuleBroken: the checklist is not for such a subject, or no department inspects.

    """
    stand.actor.require(Permission.HANDLE_CASE)
    _check_plan(plan)
    wanted = select(Unit.id).where(Unit.code == plan.subject)
    if not plan.is_unit:
        wanted = select(Institution.id).where(Institution.code == plan.subject)
    subject = stand.session.scalar(wanted)
    if subject is None:
        raise NotFound("case.subject_unknown", code=plan.subject)
    inspection = Inspection(
        number=next_number(stand.session, f"J{plan.planned_on.year}-", Inspection.number),
        year=plan.planned_on.year,
        kind=plan.kind,
        institution_id=None if plan.is_unit else subject,
        unit_id=subject if plan.is_unit else None,
        draw_id=draw.id if draw else None,
        checklist=plan.checklist,
        departments=list(plan.departments),
        planned_on=plan.planned_on,
    )
    stand.session.add(inspection)
    stand.session.flush()
    _trail(stand, inspection, "plan", planned_on=plan.planned_on.isoformat())
    return inspection


def draw_inspections(
    stand: Stand,
    *,
    count: int,
    planned_on: date,
    departments: tuple[str, ...],
    seed: str | None = None,
) -> Draw:
    """Draw institutions at random, each watched one with two tickets, and plan to inspect them.

    ``seed`` None: a new one that nobody can guess.

    Raises:
        RuleBroken: fewer institutions are open than are to be drawn.

    """
    stand.actor.require(Permission.HANDLE_CASE)
    pool = _pool(stand)
    if not 0 < count <= len(pool):
        raise RuleBroken("case.incomplete", {"count": "inspection.count_wrong"})
    draw = _draw_of(stand, tickets_of(pool), count, seed or secrets.token_hex(_SEED_BYTES))
    draw.year = planned_on.year
    for ticket in draw.numbers:
        plan = Plan(
            subject=draw.tickets[ticket - 1],
            checklist="institutions",
            planned_on=planned_on,
            departments=departments,
            kind="draw",
        )
        plan_inspection(stand, plan, draw)
    return draw


def _pool(stand: Stand) -> dict[str, int]:
    """Return the open institutions, each with how many tickets it has."""
    watch = watched(stand.session, stand.day, stand.rules)
    rows = stand.session.execute(
        select(Institution.id, Institution.code).where(
            or_(Institution.closed_on.is_(None), Institution.closed_on > stand.day)
        )
    )
    return {code: _WATCHED_TICKETS if number in watch else 1 for number, code in rows}


def _draw_of(stand: Stand, tickets: list[str], count: int, seed: str) -> Draw:
    draw = Draw(
        number=next_number(stand.session, f"C{stand.day.year}-", Draw.number),
        year=stand.day.year,
        drawn_on=stand.day,
        seed=seed,
        promise=promise_of(seed, tickets),
        tickets=tickets,
        numbers=drawn(seed, tickets, count),
        drawn_by_id=stand.actor.person_id,
    )
    stand.session.add(draw)
    stand.session.flush()
    subject = f"draw:{draw.number}"
    record(stand.session, stand.actor, "inspection.draw", subject, stand.at, promise=draw.promise)
    return draw


def record_results(stand: Stand, number: str, results: Mapping[str, str]) -> Inspection:
    """Keep what was seen so far, item by item; several departments may each send their part."""
    inspection = planned_inspection(stand, number)
    checklist = checklist_of(inspection)
    faults = {
        f"item_{key}": "inspection.always_checked"
        for key, result in results.items()
        if result == "na" and (item := checklist.item(key)) is not None and item.mandatory
    }
    if faults:
        raise RuleBroken("case.incomplete", faults)
    known = {key for key, result in results.items() if checklist.item(key) and result in RESULTS}
    inspection.results = inspection.results | {key: results[key] for key in known}
    _trail(stand, inspection, "results", items=sorted(known))
    return inspection


def add_finding(stand: Stand, number: str, found: Found) -> Finding:
    """Add what was found to the one list that all departments share."""
    inspection = planned_inspection(stand, number)
    faults: dict[str, str] = {}
    if checklist_of(inspection).item(found.item) is None:
        faults["item"] = "inspection.item_unknown"
    if found.department not in inspection.departments:
        faults["department"] = "inspection.department_unknown"
    need(faults, words=found.words, evidence=found.evidence)
    finding = Finding(
        inspection_id=inspection.id,
        item=found.item,
        department=found.department,
        words=found.words.strip(),
        evidence=found.evidence.strip(),
        by=stand.actor.name,
        at=stand.at,
    )
    inspection.results = inspection.results | {found.item: "problem"}
    stand.session.add(finding)
    stand.session.flush()
    _trail(stand, inspection, "finding", item=found.item)
    return finding


def finish_inspection(stand: Stand, number: str, *, inspectors: str) -> Inspection:
    """Close the inspection: each item was looked at, and each problem has its finding.

    Raises:
        RuleBroken: an item is open, or a problem has no finding.

    """
    inspection = planned_inspection(stand, number)
    need({}, inspectors=inspectors)
    items = [item.key for item in checklist_of(inspection).items]
    if any(key not in inspection.results for key in items):
        raise RuleBroken("inspection.items_open")
    told = set(
        stand.session.scalars(select(Finding.item).where(Finding.inspection_id == inspection.id))
    )
    if {key for key, result in inspection.results.items() if result == "problem"} - told:
        raise RuleBroken("inspection.finding_missing")
    inspection.state, inspection.done_on = "done", stand.day
    inspection.inspectors = inspectors.strip()
    _trail(stand, inspection, "finish", findings=len(told))
    return inspection


def waive_inspection(stand: Stand, number: str, *, reason: str, signer: str) -> Inspection:
    """Waive a planned inspection; the reason and who signed it are public."""
    inspection = planned_inspection(stand, number)
    faults = {"reason": "inspection.names_somebody"} if names_in(stand.session, reason) else {}
    need(faults, reason=reason, signer=signer)
    inspection.state, inspection.waived_on = "waived", stand.day
    inspection.waive_reason, inspection.waived_by = reason.strip(), signer.strip()
    _trail(stand, inspection, "waive", reason=reason.strip(), signer=signer.strip())
    return inspection


def planned_inspection(stand: Stand, number: str) -> Inspection:
    """Return an inspection that is still to be done, locked.

    Raises:
        NotFound: there is none of this number.
        Conflict: it is done or waived.

    """
    stand.actor.require(Permission.HANDLE_CASE)
    wanted = select(Inspection).where(Inspection.number == number).with_for_update()
    found = stand.session.scalar(wanted)
    if found is None:
        raise NotFound("inspection.unknown", number=number)
    if found.state != "planned":
        raise Conflict("inspection.over")
    return found


def checklist_of(inspection: Inspection) -> Checklist:
    """Return what the inspection looks at."""
    return checklists()[inspection.checklist]


def _check_plan(plan: Plan) -> None:
    checklist = checklists().get(plan.checklist)
    wanted = "unit" if plan.is_unit else "institution"
    faults: dict[str, str] = {}
    if checklist is None or checklist.applies_to != wanted:
        faults["checklist"] = "inspection.checklist_wrong"
    if not plan.departments:
        faults["departments"] = "case.field_empty"
    if faults:
        raise RuleBroken("case.incomplete", faults)


def _trail(stand: Stand, inspection: Inspection, act: str, **facts: object) -> None:
    subject = f"inspection:{inspection.number}"
    record(stand.session, stand.actor, f"inspection.{act}", subject, stand.at, **facts)
