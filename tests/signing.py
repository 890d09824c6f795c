"""People for the tests: added as the house adds them, and signed in without a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.casework.access.people import NewPerson, add_person
from portal.domain.people import OPERATOR, Role
from portal.rules.rulebook import rules_on
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.session import reading, transaction
from portal.web.boundary import EXTENSION
from portal.web.guard import SignedIn

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

PASSWORD = "correct horse 电池"  # noqa: S105 -- of nobody outside the tests
ADDED_AT = datetime(2026, 1, 6, 1, tzinfo=UTC)
FOR_EVER = 99_999_999_999
AREAS = ("310107005", "310107014")
# The sign-out button of a signed-in page carries the same token as its forms.
TOKEN = re.compile(r'name="csrf_token"(?: type="hidden")? value="([^"]+)"')
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


def institution(engine: Engine, code: str, **other: object) -> Institution:
    """Register an institution; return its row."""
    fields = {"name": f"示例{code}安全培训中心", "area_code": AREAS[0]} | other
    row = Institution(code=code, **fields)  # type: ignore[arg-type]
    with transaction(engine) as session:
        session.add(row)
    return row


def person(engine: Engine, name: str, role: Role, **other: object) -> Person:
    """Add a person who signs in with :data:`PASSWORD`; return the row."""
    fields = {"name": name, "role": role, "password": PASSWORD} | other
    new = NewPerson(**fields)  # type: ignore[arg-type]
    with transaction(engine) as session:
        rules = rules_on(ADDED_AT.date())
        return add_person(session, OPERATOR, new, areas=AREAS, at=ADDED_AT, rules=rules).person


def signed_in(app: Flask, username: str) -> FlaskClient:
    """Return a browser in which that person is signed in."""
    with reading(app.extensions[EXTENSION].engine) as session:
        row = session.scalars(select(Person).where(Person.username == username)).one()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = SignedIn(row, FOR_EVER).get_id()
        cookie["_fresh"] = True
    return client


def token_in(html: str) -> str:
    """Return the token of the first form on a page."""
    found = TOKEN.search(html)
    assert found, "no form on this page"
    return found[1]


def code_in(html: str) -> str:
    """Return the slip code that a page shows."""
    found = CODE.search(html)
    assert found, "no slip on this page"
    return found[0]


def sent(
    client: FlaskClient, address: str, to: str = "", /, **fields: str | list[str]
) -> tuple[int, str, str]:
    """Open a page, send a form of it with these fields; return status, page and Location.

    The form goes back to the page, or to the address ``to``.
    """
    token = token_in(client.get(address).get_data(as_text=True))
    answer = client.post(to or address, data={"csrf_token": token, **fields})
    return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "")
