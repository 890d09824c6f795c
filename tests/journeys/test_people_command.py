"""The command that adds people: the first ones of a site, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from signing import PASSWORD, person, sent, token_in
from sqlalchemy import select

from portal.cli.main import portal
from portal.domain.people import Role
from portal.store.audit import AuditEvent, first_break
from portal.store.people import SignupSlip
from portal.store.session import reading

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from portal.settings import Settings


def acts(engine: Engine) -> list[str]:
    """Return the acts in the trail, oldest first."""
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)))


def command(settings: Settings, *words: str, typed: str = "") -> tuple[int, str]:
    """Run ``portal`` on the test's database; return status and output."""
    environ = {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
    }
    run = CliRunner().invoke(portal, words, input=typed, env=environ)
    return run.exit_code, run.stdout


def test_from_the_command_to_the_desk(
    settings: Settings, client: FlaskClient, engine: Engine
) -> None:
    status, said = command(settings, "add-person", "王 芳", "--role", "admin", "--json")
    facts = json.loads(said)
    assert status == 0
    assert facts["username"] == "王芳"
    code = facts["slip"].lower().replace("-", " ")

    status, page, _ = sent(client, "/signup", code=code)
    assert status == 200
    assert 'value="王芳"' in page
    token = token_in(page)
    status_of_words = client.post(
        "/signup",
        data={"csrf_token": token, "code": code, "password": PASSWORD, "again": PASSWORD},
    )
    assert status_of_words.status_code == 303
    assert status_of_words.headers["Location"].startswith("/login")

    status, _, location = sent(client, "/login", username=" 王芳 ", password=PASSWORD)
    assert (status, location.rstrip("/")) != (200, "")
    assert status == 303
    assert client.get("/account").status_code == 200
    assert acts(engine)[1:] == ["person.added", "person.password_set", "person.signed_in"]
    with reading(engine) as session:
        assert first_break(session) is None
        assert code.upper().replace(" ", "") not in str(
            session.scalars(select(SignupSlip.code_hash)).all()
        )


def test_a_password_can_be_given_at_the_command(settings: Settings, client: FlaskClient) -> None:
    status, said = command(
        settings,
        "add-person",
        "bob",
        "--role",
        "regulator",
        "--password-stdin",
        typed=PASSWORD + "\n",
    )
    assert status == 0, said
    assert sent(client, "/login", username="BOB", password=PASSWORD)[0] == 303


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["x", "--role", "street"], "area_code"),
        (["x", "--role", "street", "--area", "nowhere"], "area_code"),
        (["x", "--role", "institution"], "institution_code"),
        (["x", "--role", "institution", "--institution", "none"], "institution_code"),
        (["x", "--role", "regulator", "--institution", "none"], "institution_code"),
        (["x", "--role", "admin", "--area", "310107005"], "area_code"),
        (["bob", "--role", "admin"], "username"),
        ([" ", "--role", "admin"], "name"),
    ],
)
def test_the_command_refuses_in_words(
    settings: Settings, engine: Engine, office: object, words: list[str], field: str
) -> None:
    del office
    person(engine, "bob", Role.ADMIN)
    before = acts(engine)
    status, said = command(settings, "add-person", *words, "--json")
    assert status == 1
    assert field in json.loads(said)["faults"]
    assert acts(engine) == before
