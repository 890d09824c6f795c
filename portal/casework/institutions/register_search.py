"""Looking through the register: by name, code, area and state, one page after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.names import name_key
from portal.domain.people import Actor, Role
from portal.store.institutions import Institution, InstitutionName, InstitutionState
from portal.store.people import Person

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; "" = no restriction. ``after`` is the last code already shown."""

    text: str = ""
    area: str = ""
    state: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An institution of the list; ``state`` is enrolling, suspended or closed."""

    code: str
    name: str
    name_en: str | None
    area_code: str
    state: str
    people: int


def search(session: Session, actor: Actor, wanted: Wanted, day: date) -> tuple[list[Found], bool]:
    """Return one page by code, and whether more follow; to a street's person only the area's."""
    people = (
        select(func.count())
        .where(Person.institution_id == Institution.id, Person.ended_at.is_(None))
        .correlate(Institution)
        .scalar_subquery()
    )
    columns = (Institution.code, Institution.name, Institution.name_en, Institution.area_code)
    query = select(*columns, _state_on(day).label("state"), people.label("people"))
    rows = session.execute(_narrowed(query, actor, wanted, day).order_by(Institution.code))
    found = [Found(**row) for row in rows.mappings()]
    return found[:PER_PAGE], len(found) > PER_PAGE


def _narrowed(query: Select[Any], actor: Actor, wanted: Wanted, day: date) -> Select[Any]:
    area = actor.area_code if actor.role is Role.STREET else wanted.area
    restrictions: tuple[tuple[str | None, ColumnElement[bool]], ...] = (
        (wanted.text, _named(wanted.text)),
        (area, Institution.area_code == area),
        (wanted.state, _state_on(day) == wanted.state),
        (wanted.after, Institution.code > wanted.after),
    )
    chosen = [restriction for given, restriction in restrictions if given]
    return query.where(*chosen).limit(PER_PAGE + 1)


def _named(text: str) -> ColumnElement[bool]:
    """Match a code, or a part of any name it bears or bore, however it is written."""
    borne = exists().where(
        InstitutionName.institution_id == Institution.id,
        InstitutionName.key.contains(name_key(text) or text, autoescape=True),
    )
    return or_(
        Institution.code == text.strip(),
        Institution.name.contains(text.strip(), autoescape=True),
        borne,
    )


def _state_on(day: date) -> ColumnElement[str]:
    suspended = exists().where(
        InstitutionState.institution_id == Institution.id,
        InstitutionState.state == "suspended",
        InstitutionState.trade.is_(None),
        InstitutionState.from_on <= day,
        or_(InstitutionState.until_on.is_(None), InstitutionState.until_on > day),
    )
    closed = and_(Institution.closed_on.is_not(None), Institution.closed_on <= day)
    return case((closed, "closed"), (suspended, "suspended"), else_="enrolling")
