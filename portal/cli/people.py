"""People: the first accounts of a site, and any later one that the desk cannot make."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from portal.casework.access.people import Added, NewPerson, add_person
from portal.cli.ground import Ground, both, ground, refuse, tell
from portal.domain.errors import RuleBroken
from portal.domain.people import OPERATOR, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = click.Choice([role.value for role in Role])


@click.command("add-person")
@click.argument("name")
@click.option("--role", type=_ROLES, required=True)
@click.option("--institution", metavar="CODE", help="Whose person it is (role institution).")
@click.option("--area", metavar="CODE", help="Whose area it is (role street).")
@click.option("--username", default="", help="What to sign in with; else NAME.")
@click.option("--password-stdin", is_flag=True, help="Read the password; else print a slip.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def add_person_command(*, password_stdin: bool, as_json: bool, **asked: str | None) -> None:
    """Add a person and print the one-time slip on which that person sets a password."""
    new = NewPerson(
        name=asked["name"] or "",
        role=Role(str(asked["role"])),
        username=asked["username"] or "",
        institution_code=asked["institution"],
        area_code=asked["area"],
        password=_password() if password_stdin else None,
    )
    with ground() as here:
        with _refusals(as_json=as_json):
            added = add_person(
                here.session,
                OPERATOR,
                new,
                areas=[area.code for area in here.office.areas],
                at=here.at,
                rules=here.rules,
            )
        facts = _facts(added, new, here)
    tell(facts, _words(added, here), as_json=as_json)


def _password() -> str:
    """Return the one line of standard input, exactly as it stands before its line end."""
    return sys.stdin.read().removesuffix("\n").removesuffix("\r")


@contextmanager
def _refusals(*, as_json: bool) -> Iterator[None]:
    """Name every fault, not only that there are some."""
    try:
        yield
    except RuleBroken as error:
        faults = {field: both(key, **error.facts) for field, key in error.faults.items()}
        words = "\n".join([both(error.key, **error.facts), *faults.values()])
        refuse(words, as_json=as_json, faults=faults)


def _facts(added: Added, new: NewPerson, here: Ground) -> dict[str, object]:
    person = added.person
    facts: dict[str, object] = {
        "username": person.username,
        "name": person.name,
        "role": person.role,
        "institution": new.institution_code,
        "area": person.area_code,
        "is_holder": person.is_holder,
    }
    if added.slip:
        facts["slip"] = added.slip.code
        facts["slip_valid_until"] = added.slip.expires_at.astimezone(here.office.zone).isoformat()
    return facts


def _words(added: Added, here: Ground) -> str:
    if added.slip is None:
        return both("people.added", username=added.person.username)
    until = added.slip.expires_at.astimezone(here.office.zone)
    return both("people.slip", username=added.slip.username, code=added.slip.code, until=until)
