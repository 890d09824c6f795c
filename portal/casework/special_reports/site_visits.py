"""Visits to an institution: what was seen there marks the facts that stand in public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.institutions.register import institution_in_care
from portal.domain.answers import storable, tidy
from portal.domain.errors import NotAllowed, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.report_review import Proof
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.reports import Fact, current_facts
from portal.store.reviews import SiteVisit

LONGEST_NOTE = 500
SEEN = (Proof.SEEN_ON_SITE, Proof.CONTRADICTED)
"""What a visit can say of a fact; a fact that nobody looked at stays as it was."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one fact: as stated, or otherwise, and in words."""

    proof: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit as it is written down; ``findings`` by the id of a fact that stands now."""

    visited_on: date | None
    visitors: str
    note: str
    findings: Mapping[int, Finding]


def write_visit(
    session: Session, actor: Actor, code: str, visit: Visit, *, at: datetime, day: date
) -> SiteVisit:
    """Write a visit down: each fact that was looked at stands with its new mark from that day.

    Raises:
        NotFound: there is no such institution.
        NotAllowed: the visitor belongs to it.
        RuleBroken: the day, the visitors or a finding make no sense; nothing was looked at.

    """
    actor.require(Permission.REVIEW_REPORT)
    institution = institution_in_care(session, actor, code)
    if actor.institution_id == institution.id:
        raise NotAllowed("report.own_institution")
    facts = {fact.id: fact for fact in current_facts(session, institution.id)}
    faults = _faults_of(visit, facts, day)
    if faults or visit.visited_on is None:
        raise RuleBroken("visit.wrong", faults)
    row = _row(session, actor, institution, visit, at)
    row.findings = _findings(visit, facts)
    session.add(row)
    for key, finding in visit.findings.items():
        session.add(_marked(facts[key], finding, row))
    counts = {
        proof.value: sum(one.proof == proof for one in visit.findings.values()) for proof in SEEN
    }
    told = {"institution": code, "on": str(row.visited_on), **counts}
    record(session, actor, "visit.write", f"visit:{row.number}", at, **told)
    return row


def visit_numbered(session: Session, actor: Actor, number: str) -> tuple[SiteVisit, Institution]:
    """Return a visit and whose it was.

    Raises:
        NotFound: there is none, or it was in another area.

    """
    actor.require(Permission.DESK)
    found = session.execute(
        select(SiteVisit, Institution)
        .join(Institution, Institution.id == SiteVisit.institution_id)
        .where(SiteVisit.number == number)
    ).one_or_none()
    if found is None or actor.area_code not in {None, found[1].area_code}:
        raise NotFound("visit.none_such")
    return found[0], found[1]


def _faults_of(visit: Visit, facts: Mapping[int, Fact], day: date) -> dict[str, str]:
    faults = {}
    if visit.visited_on is None or visit.visited_on > day:
        faults["visited_on"] = "visit.no_day"
    if not tidy(visit.visitors):
        faults["visitors"] = "visit.no_visitors"
    if not visit.findings or not set(visit.findings) <= set(facts):
        faults["findings"] = "visit.nothing_seen"
    texts = [visit.note, visit.visitors, *(one.note for one in visit.findings.values())]
    if any(len(text) > LONGEST_NOTE or not storable(tidy(text, lines=True)) for text in texts):
        faults["note"] = "report.reason_too_long"
    return faults | _faults_of_findings(visit.findings)


def _faults_of_findings(findings: Mapping[int, Finding]) -> dict[str, str]:
    faults = {}
    for key, one in findings.items():
        if one.proof not in SEEN:
            faults[f"fact-{key}"] = "report.no_proof"
        elif one.proof == Proof.CONTRADICTED and not tidy(one.note):
            faults[f"fact-{key}"] = "visit.no_note"
    return faults


def _row(
    session: Session,
    actor: Actor,
    institution: Institution,
    visit: Visit,
    at: datetime,
) -> SiteVisit:
    before = session.scalar(select(func.count()).where(SiteVisit.institution_id == institution.id))
    on = visit.visited_on or date.min
    return SiteVisit(
        number=f"SV-{on:%Y%m%d}-{institution.id:04d}-{(before or 0) + 1:02d}",
        institution_id=institution.id,
        visited_on=on,
        visitors=tidy(visit.visitors),
        note=tidy(visit.note, lines=True),
        findings=[],
        written_by=actor.name,
        written_at=at,
    )


def _findings(visit: Visit, facts: Mapping[int, Fact]) -> list[dict[str, Any]]:
    return [
        {
            "path": facts[key].path,
            "value": facts[key].value,
            "proof": one.proof,
            "note": tidy(one.note),
        }
        for key, one in visit.findings.items()
    ]


def _marked(fact: Fact, finding: Finding, visit: SiteVisit) -> Fact:
    """End a fact as it stood and return it as it stands now."""
    fact.ended_on = max(fact.from_on, visit.visited_on)
    return Fact(
        institution_id=fact.institution_id,
        report_id=fact.report_id,
        path=fact.path,
        value=fact.value,
        proof=finding.proof,
        proved_on=visit.visited_on,
        proved_by=visit.visitors,
        evidence=f"visit:{visit.number}",
        from_on=fact.ended_on,
    )
