"""The directory: every institution as it stands in public on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.store.institutions import (
    Institution,
    InstitutionName,
    InstitutionState,
    InstitutionTrade,
)
from portal.store.offers import ContactPhone

Pairs = Select[int, str]
Rows = Select[*tuple[Any, ...]]

_OWN = (
    "id",
    "code",
    "name",
    "name_en",
    "credit_code",
    "area_code",
    "address",
    "phone",
    "opened_on",
    "closed_on",
)
_FEW = 200
"""Institutions up to which the rest is asked for theirs alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A dated state beside the edition's figures; ``trade`` None: the whole institution."""

    state: str
    from_on: date
    until_on: date | None
    trade: str | None
    reason: str
    decision_no: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An institution in the directory; ``state`` is enrolling, suspended or closed.

    ``phone`` is what the institution states now, else the register's, "" where there is none.
    """

    code: str
    name: str
    name_en: str | None
    former_names: tuple[str, ...]
    credit_code: str | None
    area_code: str
    address: str
    phone: str
    opened_on: date | None
    closed_on: date | None
    trades: tuple[str, ...]
    states: tuple[State, ...]

    def state_on(self, day: date) -> str:
        """Return the state of the whole institution on ``day``."""
        if self.closed_on is not None and self.closed_on <= day:
            return "closed"
        whole = [state.state for state in self.states if state.trade is None]
        return whole[-1] if whole and whole[-1] in {"suspended", "closed"} else "enrolling"

    def stopped_on(self, day: date, trade: str) -> str:
        """Return suspended or closed if so on ``day``, as a whole or in one trade; else ""."""
        return _stopped(self.states, self.closed_on, day, trade)


def institutions_on(
    session: Session,
    day: date,
    *,
    area: str | None = None,
    trade: str | None = None,
    codes: Iterable[str] | None = None,
) -> list[Listed]:
    """Return the directory on ``day``, by code; of one area, trade or some codes where given."""
    query = _rows().where(_opened_by(day)).order_by(Institution.code)
    if area:
        query = query.where(Institution.area_code == area)
    if trade:
        query = query.where(Institution.id.in_(_teaching(trade)))
    if codes is not None:
        query = query.where(Institution.code.in_(list(codes)))
    return _listed(session, day, session.execute(query))


def institution_on(session: Session, code: str, day: date) -> Listed | None:
    """Return one institution as it stands on ``day``; None if there is none."""
    return next(iter(institutions_on(session, day, codes=[code])), None)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an institution is on a day; ``stopped`` is suspended, closed or "" for a trade."""

    area_code: str
    stopped: str
    teaches: bool


def spots_on(session: Session, day: date, trade: str) -> dict[str, Spot]:
    """Return every institution of the directory by code, as it stands for one trade."""
    table = Institution
    query = select(table.id, table.code, table.area_code, table.closed_on).where(_opened_by(day))
    teaching = set(session.scalars(_teaching(trade)))
    states = _states(session, day, None)
    return {
        code: Spot(area_code, _stopped(states.get(key, []), closed_on, day, trade), key in teaching)
        for key, code, area_code, closed_on in session.execute(query)
    }


def _stopped(states: Sequence[State], closed_on: date | None, day: date, trade: str) -> str:
    if closed_on is not None and closed_on <= day:
        return "closed"
    for scope in (None, trade):
        last = next((one.state for one in reversed(states) if one.trade == scope), "")
        if last in {"suspended", "closed"}:
            return last
    return ""


def _rows() -> Rows:
    return select(*(getattr(Institution, name) for name in _OWN))


def _teaching(trade: str) -> Select[int]:
    return select(InstitutionTrade.institution_id).where(InstitutionTrade.trade == trade)


def _opened_by(day: date) -> ColumnElement[bool]:
    return or_(Institution.opened_on.is_(None), Institution.opened_on <= day)


def _listed(session: Session, day: date, rows: Iterable[Any]) -> list[Listed]:
    institutions = list(rows)
    ids = [row.id for row in institutions] if len(institutions) <= _FEW else None
    names, trades, states = _names(session, ids), _trades(session, ids), _states(session, day, ids)
    phones = _phones(session, day, ids)
    return [
        Listed(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            former_names=tuple(names[row.id]),
            credit_code=row.credit_code,
            area_code=row.area_code,
            address=row.address,
            phone=phones.get(row.id, row.phone),
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            trades=tuple(trades[row.id]),
            states=tuple(states[row.id]),
        )
        for row in institutions
    ]


def _names(session: Session, ids: list[int] | None) -> dict[int, list[str]]:
    table = InstitutionName
    query = select(table.institution_id, table.name).where(table.kind == "former")
    return _grouped(session, query.order_by(table.id), table.institution_id, ids)


def _trades(session: Session, ids: list[int] | None) -> dict[int, list[str]]:
    table = InstitutionTrade
    query = select(table.institution_id, table.trade).order_by(table.trade)
    return _grouped(session, query, table.institution_id, ids)


def _states(session: Session, day: date, ids: list[int] | None) -> dict[int, list[State]]:
    table = InstitutionState
    query = select(table).where(
        table.from_on <= day, or_(table.until_on.is_(None), table.until_on > day)
    )
    if ids is not None:
        query = query.where(table.institution_id.in_(ids))
    found: dict[int, list[State]] = defaultdict(list)
    for row in session.scalars(query.order_by(table.from_on, table.id)):
        found[row.institution_id].append(
            State(
                state=row.state,
                from_on=row.from_on,
                until_on=row.until_on,
                trade=row.trade,
                reason=row.reason,
                decision_no=row.decision_no,
            )
        )
    return found


def _phones(session: Session, day: date, ids: list[int] | None) -> dict[int, str]:
    table = ContactPhone
    query = select(table.institution_id, table.phone).where(
        table.stated_on <= day, or_(table.ended_on.is_(None), table.ended_on > day)
    )
    grouped = _grouped(session, query.order_by(table.id), table.institution_id, ids)
    return {institution: phones[-1] for institution, phones in grouped.items()}


def _grouped(
    session: Session, query: Pairs, column: InstrumentedAttribute[int], ids: list[int] | None
) -> dict[int, list[str]]:
    if ids is not None:
        query = query.where(column.in_(ids))
    found: dict[int, list[str]] = defaultdict(list)
    for institution, text in session.execute(query):
        found[institution].append(text)
    return found


def number_of(session: Session, code: str) -> int | None:
    """Return the key by which an institution's reports and fees are kept; None if unknown."""
    return session.scalar(select(Institution.id).where(Institution.code == code))
