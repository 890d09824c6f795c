"""Signals for the inside only: who may be the same again, and who is watched after an exit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.domain.cases import CaseState, last_limit
from portal.rules.rulebook import Rulebook
from portal.rules.workdays import add_months
from portal.store.cases import CaseFile
from portal.store.institutions import Institution


def look_alikes(session: Session, institution_id: int | None) -> Sequence[Institution]:
    """Return other institutions of the same credit code, or at the same address.

    A sign that somebody has registered anew; it says nothing in public.
    """
    one = session.get(Institution, institution_id) if institution_id else None
    if one is None:
        return []
    same = []
    if one.credit_code:
        same.append(Institution.credit_code == one.credit_code)
    if address := _plain(one.address):
        same.append(func.replace(Institution.address, " ", "") == address)
    if not same:
        return []
    found = select(Institution).where(Institution.id != one.id, or_(*same))
    return session.scalars(found.order_by(Institution.code)).all()


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


def _plain(address: str) -> str:
    return "".join(address.split())
