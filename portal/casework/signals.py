"""Signals for the inside only: who may be the same again, and who is watched after an exit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.cases import CaseState, last_limit
from portal.domain.names import name_key
from portal.rules.rulebook import Rulebook
from portal.rules.workdays import add_months
from portal.store.cases import CaseFile
from portal.store.institutions import Institution
from portal.store.reports import Fact

PRINCIPAL = "systems.responsible_person"
"""Where a special report names the principal: personal, so it is compared and never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """Another institution, and in what it is the same: credit_code, principal, address."""

    institution: Institution
    traits: tuple[str, ...]


def look_alikes(session: Session, institution_id: int | None) -> list[LookAlike]:
    """Return other institutions of the same credit code, principal or address.

    A sign that somebody has registered anew; it says nothing in public. Names and addresses are
    compared without regard to width, spaces, marks and script; a principal of the past counts.
    """
    one = session.get(Institution, institution_id) if institution_id else None
    if one is None:
        return []
    principals = _principals(session)
    mine = _traits_of(one, principals)
    others = select(Institution).where(Institution.id != one.id).order_by(Institution.code)
    found = [(other, _traits_of(other, principals)) for other in session.scalars(others)]
    return [
        LookAlike(institution=other, traits=shared)
        for other, theirs in found
        if (shared := tuple(trait for trait in mine if mine[trait] & theirs[trait]))
    ]


def _traits_of(one: Institution, principals: dict[int, set[str]]) -> dict[str, set[str]]:
    return {
        "credit_code": {(one.credit_code or "").strip().upper()} - {""},
        "principal": principals.get(one.id, set()),
        "address": {name_key(one.address)} - {""},
    }


def _principals(session: Session) -> dict[int, set[str]]:
    """Return institution → the comparable names of those who are or were its principal."""
    named: dict[int, set[str]] = {}
    rows = select(Fact.institution_id, Fact.value).where(Fact.path == PRINCIPAL)
    for institution_id, value in session.execute(rows):
        if isinstance(value, str) and (key := name_key(value)):
            named.setdefault(institution_id, set()).add(key)
    return named


def watched(session: Session, day: date, rules: Rulebook) -> dict[int, date]:
    """Return institution → the last day of its watch period, of those watched on ``day``.

    The watch begins with the exit from the list and never shows in public.
    """
    months = rules.cases.watch_months
    found = select(CaseFile).where(
        CaseFile.state == CaseState.PUBLISHED, CaseFile.institution_id.is_not(None)
    )
    watch: dict[int, date] = {}
    for case in session.scalars(found):
        off, number = last_limit(case), case.institution_id or 0
        if off <= day < (until := add_months(off, months)):
            watch[number] = max(until, watch.get(number, until))
    return watch
