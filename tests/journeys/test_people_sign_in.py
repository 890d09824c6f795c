"""Signing in: from the slip to the desk, and everything that must not open the door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from signing import PASSWORD, institution, person, sent, signed_in, token_in
from sqlalchemy import select

from portal.casework.access import passwords
from portal.domain.people import Role
from portal.rules.rulebook import rules_on
from portal.store.people import Person, SignInFailure
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from portal.settings import Settings

WRONG = "用户名或者密码不对。"


def test_every_wrong_way_in_says_the_same(client: FlaskClient, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    institution(engine, "P1")
    person(engine, "ann", Role.INSTITUTION, institution_code="P1")
    with transaction(engine) as session:
        session.scalars(select(Person).where(Person.username == "ann")).one().ended_at = datetime(
            2026, 1, 7, tzinfo=UTC
        )
        session.add(
            Person(
                username="new", name="new", role="admin", added_at=datetime(2026, 1, 7, tzinfo=UTC)
            )
        )
    tries = [
        ("bob", "wrong"),
        ("nobody", "wrong"),
        ("' OR 1=1--", "x"),
        ("ann", PASSWORD),
        ("new", ""),
    ]
    tries[-1] = ("new", "anything")
    pages = [sent(client, "/login", username=name, password=word)[:2] for name, word in tries]
    assert {status for status, _ in pages} == {422}
    assert all(WRONG in page for _, page in pages)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"username": "a" * 10_000, "password": "x"}, 422),
        ({"username": "bob", "password": "x" * 1025}, 422),
        ({"username": "bob", "password": "x" * 2**20}, 422),
        ({"username": "", "password": ""}, 422),
        ({"username": ["bob", "ann"], "password": PASSWORD}, 422),
        ({"username[]": "bob", "password": PASSWORD}, 422),
        ({"username": "bob", "password": PASSWORD, "role": "admin"}, 422),
        ({"username": "bob", "password": PASSWORD, "_method": "DELETE"}, 303),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    client: FlaskClient, engine: Engine, fields: dict[str, str | list[str]], status: int
) -> None:
    person(engine, "bob", Role.ADMIN)
    token = token_in(client.get("/login").get_data(as_text=True))
    answer = client.post("/login", data={"csrf_token": token, **fields})
    assert answer.status_code == status
    assert (client.get("/account").status_code == 200) is (status == 303)


def test_a_program_cannot_sign_in_with_json(client: FlaskClient) -> None:
    assert client.post("/login", json={"username": "bob"}).status_code == 415


def test_guessing_ends_for_one_name_and_nobody_else(
    client: FlaskClient, engine: Engine, settings: Settings
) -> None:
    person(engine, "bob", Role.ADMIN)
    person(engine, "ann", Role.ADMIN)
    attempts = rules_on(datetime.now(UTC).date()).accounts.sign_in_attempts  # noqa: TID251 -- no test of time
    token = token_in(client.get("/login").get_data(as_text=True))
    fields = {"csrf_token": token, "username": "bob", "password": "wrong"}
    for _ in range(attempts):
        assert client.post("/login", data=fields).status_code == 422
    refused = client.post("/login", data=fields | {"password": PASSWORD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert client.get("/account").status_code == 303
    assert client.post("/login", data=fields | {"username": "nobody"}).status_code == 422
    assert (
        client.post("/login", data=fields | {"username": "ann", "password": PASSWORD}).status_code
        == 303
    )
    with transaction(engine) as session:
        for mark in session.scalars(select(SignInFailure)):
            mark.at -= timedelta(minutes=6)
    later = client.application.test_client()
    assert sent(later, "/login", username="bob", password=PASSWORD)[0] == 303
    del settings


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "\\\\evil.example",
        "/\\evil",
        "/%09/evil.example",
        "/%2f/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/../x",
        "evil",
        "",
    ],
)
def test_the_way_on_stays_inside_the_site(client: FlaskClient, engine: Engine, way: str) -> None:
    person(engine, "bob", Role.ADMIN)
    _, _, location = sent(client, "/login", username="bob", password=PASSWORD, next=way)
    assert location in {"/desk", "/account"}


def test_the_way_on_keeps_place_and_language(client: FlaskClient, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    asked = client.get("/en/account?x=%E7%94%B2").headers["Location"]
    assert asked.startswith("/en/login?next=")
    page = client.get(asked).get_data(as_text=True)
    fields = {"csrf_token": token_in(page), "username": "bob", "password": PASSWORD}
    answer = client.post("/en/login", data=fields | {"next": "/account?x=%E7%94%B2"})
    assert answer.headers["Location"] == "/en/account?x=%E7%94%B2"


def test_sessions_end_with_the_epoch_and_the_hours(app: Flask, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    first, second = app.test_client(), app.test_client()
    for browser in (first, second):
        assert sent(browser, "/login", username="bob", password=PASSWORD)[0] == 303
        assert browser.get("/account").status_code == 200
    token = token_in(first.get("/account").get_data(as_text=True))
    assert first.post("/logout", data={"csrf_token": token}).status_code == 303
    assert first.get("/account").status_code == 303
    assert second.get("/account").status_code == 303, "a copied cookie outlives signing out"

    third = signed_in(app, "bob")
    assert third.get("/account").status_code == 200
    with third.session_transaction() as cookie:
        number, epoch, _ = cookie["_user_id"].split(".")
        cookie["_user_id"] = f"{number}.{epoch}.1000"
    assert third.get("/account").status_code == 303


@pytest.mark.parametrize(
    "forged", ["1.0", "x", "1.0.99999999999; drop", "１.0.99999999999", "-1.0.9", ""]
)
def test_a_strange_cookie_is_nobody(app: Flask, engine: Engine, forged: str) -> None:
    person(engine, "bob", Role.ADMIN)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = forged
    assert client.get("/account").status_code == 303


def test_a_cookie_signed_with_another_key_is_nobody(app: Flask, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    client = signed_in(app, "bob")
    assert client.get("/account").status_code == 200
    app.config["SECRET_KEY"] = "another"  # noqa: S105 -- signs nothing
    assert client.get("/account").status_code == 303


def test_a_new_role_gives_and_takes_rights_at_once(app: Flask, engine: Engine) -> None:
    person(engine, "bob", Role.REGULATOR)
    client = signed_in(app, "bob")
    assert client.get("/account").status_code == 200
    assert "监管人员" in client.get("/account").get_data(as_text=True)
    with transaction(engine) as session:
        session.scalars(select(Person)).one().role = Role.AUTHORITY.value
    assert "考试机构人员" in client.get("/account").get_data(as_text=True)


def test_a_form_of_another_session_is_refused(app: Flask, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    mine, other = app.test_client(), app.test_client()
    foreign = token_in(other.get("/login").get_data(as_text=True))
    mine.get("/login")
    fields = {"csrf_token": foreign, "username": "bob", "password": PASSWORD}
    answer = mine.post("/login", data=fields)
    assert answer.status_code == 422
    assert 'value="bob"' in answer.get_data(as_text=True)
    assert mine.get("/account").status_code == 303


def test_a_form_open_too_long_comes_back_with_what_was_typed(app: Flask, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    client = app.test_client()
    fields = {"csrf_token": "from an old session", "username": "bob", "password": PASSWORD}
    answer = client.post("/login", data=fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="bob"' in page
    assert "请再提交一次" in page
    assert PASSWORD not in page
    assert client.get("/account").status_code == 303


def test_an_empty_site_says_how_to_begin(client: FlaskClient, engine: Engine) -> None:
    assert "portal add-person" in client.get("/login").get_data(as_text=True)
    assert "portal add-person" in client.get("/en/login").get_data(as_text=True)
    person(engine, "bob", Role.ADMIN)
    assert "portal add-person" not in client.get("/login").get_data(as_text=True)


def test_the_page_says_whom_to_call_and_what_to_bring(client: FlaskClient) -> None:
    page = client.get("/en/login").get_data(as_text=True)
    assert "000-0000 0000" in page
    assert "Title or lease of the training premises" in page


def test_the_way_on_may_stand_in_the_address_too(client: FlaskClient, engine: Engine) -> None:
    person(engine, "bob", Role.REGULATOR)
    token = token_in(client.get("/login").get_data(as_text=True))
    fields = {"csrf_token": token, "username": "bob", "password": PASSWORD}
    answer = client.post("/login?next=/desk/cases?state%3Dopen", data=fields)
    assert answer.headers["Location"] == "/desk/cases?state=open"


def test_every_try_costs_one_check_whoever_it_is_for(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(engine, "bob", Role.ADMIN)
    checked: list[str] = []

    def counted(password: str, password_hash: str | None) -> bool:
        checked.append((password_hash or passwords.NOBODYS_HASH).split("$")[3])
        return passwords.matches(password, password_hash)

    monkeypatch.setattr("portal.web.account.session.matches", counted)
    for username in ("bob", "nobody", "' OR 1=1--"):
        sent(client, "/login", username=username, password="wrong")  # noqa: S106 -- none
    assert len(checked) == 3
    assert len(set(checked)) == 1, "the same parameters for all"
    sent(client, "/login", username="bob", password="x" * 1025)
    assert len(checked) == 3, "what no password can be is not hashed"
