"""Conditions and integrity record of institutions, gathered from the store as they stand on a day.

Only what is public anyway goes in: accepted public facts, and decided cases that are on the
problem list. What has left the list costs nothing and cannot be read from an edition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.domain.cases import CaseState, is_public
from portal.domain.conditions import Claim, verdicts
from portal.metrics.inputs import Condition, RecordPoints
from portal.rules.rulebook import Rulebook
from portal.rules.workdays import add_months
from portal.store.cases import CaseFile
from portal.store.institutions import Institution
from portal.store.reports import Fact


def conditions_on(
    session: Session, day: date, codes: Collection[str], rules: Rulebook
) -> tuple[Condition, ...]:
    """Return the verdicts on every institution of ``codes`` of which facts were accepted."""
    asked = (
        select(Institution.code, Fact.path, Fact.value, Fact.proof)
        .join(Institution, Institution.id == Fact.institution_id)
        .where(Fact.from_on <= day, or_(Fact.ended_on.is_(None), Fact.ended_on > day))
    )
    claims: defaultdict[str, list[Claim]] = defaultdict(list)
    for code, path, value, proof in session.execute(asked):
        if code in codes:
            claims[code].append(Claim(path, value, proof))
    standard = standard_of(rules)
    return tuple(
        Condition(institution=code, item=item, verdict=verdict.value)
        for code in sorted(claims)
        for item, verdict in sorted(verdicts(rules.report.form, standard, claims[code]).items())
    )


def standard_of(rules: Rulebook) -> str:
    """Return the key of the standard whose clauses are conditions."""
    note = next(note for note in rules.rules if note.name == "conditions")
    return note.source.partition("#")[0]


def record_on(
    session: Session, day: date, codes: Collection[str], rules: Rulebook
) -> tuple[RecordPoints, ...]:
    """Return what cases cost on ``day``: decided, listed then and on the rules' day."""
    asked = (
        select(CaseFile, Institution.code)
        .join(Institution, Institution.id == CaseFile.institution_id)
        .where(CaseFile.state == CaseState.PUBLISHED, CaseFile.decided_on <= day)
    )
    points: defaultdict[str, float] = defaultdict(float)
    for case, code in session.execute(asked):
        if code in codes and is_public(case, day) and is_public(case, rules.on):
            points[code] += _points(case, day, rules)
    return tuple(
        RecordPoints(institution=code, points=cost) for code, cost in sorted(points.items()) if cost
    )


def _points(case: CaseFile, day: date, rules: Rulebook) -> float:
    penalty = rules.integrity.of(case.severity)
    if case.decided_on is None or add_months(case.decided_on, penalty.expiry_months) <= day:
        return 0.0
    return float(penalty.points)
