"""The people of the invented world: seven with an account to try, and a clerk everywhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.access.people import NewPerson, add_person
from portal.demonstration.cast import Player
from portal.demonstration.doors import Place
from portal.demonstration.filing import Hands
from portal.demonstration.script import Calendar
from portal.domain.identity import TEACHERS
from portal.domain.keyed import keyed
from portal.domain.people import OPERATOR, Actor, Role
from portal.rules.rulebook import rules_on
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.session import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of a demonstration, as ``accounts.json`` gives it away."""

    role: str
    name: str
    username: str
    password: str
    totp_secret: str | None = None


Given = tuple[str, Role, str, str | None]

ACCOUNTS: tuple[Given, ...] = (
    ("示例监管员甲", Role.REGULATOR, "regulator1", None),
    ("示例监管员乙", Role.REGULATOR, "regulator2", None),
    ("示例经办人甲", Role.INSTITUTION, "clerk1", "P001"),
    ("示例经办人乙", Role.INSTITUTION, "clerk2", "P002"),
    ("示例街道办事员", Role.STREET, "street1", None),
    ("示例考试员", Role.AUTHORITY, "authority1", None),
    ("示例管理员", Role.ADMIN, "admin1", None),
)


def settle_people(
    place: Place, calendar: Calendar, cast: Sequence[Player], day: date
) -> tuple[list[Account], Hands]:
    """Add everybody; return the accounts to try, and who files and reviews."""
    at = calendar.at(day)
    with transaction(place.engine) as session:
        accounts = [_account(session, place, given, at) for given in ACCOUNTS]
        taken = {code for *_, code in ACCOUNTS}
        for player in cast:
            if player.code not in taken:
                _add(session, place, _clerk(player), at)
        rows = session.execute(
            select(Person, Institution.code).join(
                Institution, Institution.id == Person.institution_id
            )
        )
        clerks = {code: _actor(person) for person, code in rows}
        first, _ = regulators(session)
    seal = keyed(place.person_key, TEACHERS)
    hands = Hands(clerks=clerks, regulator=first, seal=seal, data_dir=place.data_dir)
    return accounts, hands


def _account(session: Session, place: Place, given: Given, at: datetime) -> Account:
    name, role, username, code = given
    password = secrets.token_urlsafe(9)
    new = NewPerson(
        name=name,
        role=role,
        username=username,
        institution_code=code,
        area_code=place.office.areas[0].code if role is Role.STREET else None,
        password=password,
    )
    _add(session, place, new, at)
    return Account(role=role.value, name=name, username=username, password=password)


def _clerk(player: Player) -> NewPerson:
    return NewPerson(
        name=f"{player.name}经办人",
        role=Role.INSTITUTION,
        username=f"clerk-{player.code.lower()}",
        institution_code=player.code,
    )


def _add(session: Session, place: Place, new: NewPerson, at: datetime) -> None:
    areas = [area.code for area in place.office.areas]
    add_person(session, OPERATOR, new, areas=areas, at=at, rules=rules_on(at.date()))
    session.flush()


def regulators(session: Session) -> tuple[Actor, Actor]:
    """Return the world's two regulators."""
    query = select(Person).where(Person.role == Role.REGULATOR).order_by(Person.id)
    first, second = session.scalars(query).all()
    return _actor(first), _actor(second)


def officer(session: Session) -> Actor:
    """Return the world's officer of the exam authority."""
    query = select(Person).where(Person.role == Role.AUTHORITY).order_by(Person.id)
    return _actor(session.scalars(query).one())


def _actor(person: Person) -> Actor:
    return Actor(
        person_id=person.id,
        name=person.name,
        role=Role(person.role),
        institution_id=person.institution_id,
        area_code=person.area_code,
        is_holder=person.is_holder,
    )
