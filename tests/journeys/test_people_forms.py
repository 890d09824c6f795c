"""What guards every form and every session: the token, the host's word, the empty database."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pytest
from signing import PASSWORD, person, sent, signed_in, token_in
from sqlalchemy import func, select

from portal.app import create_app
from portal.domain.people import Role
from portal.store.audit import AuditEvent
from portal.store.people import SignInFailure
from portal.store.session import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy import Engine

    from portal.settings import Settings


@pytest.fixture
def make(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Yield make: settings that differ → the application under them."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:  # noqa: ANN401 -- what the settings hold
        made.append(create_app(dataclasses.replace(settings, **changes)))
        return made[-1]

    yield make
    for app in made:
        app.extensions["portal"].engine.dispose()


PLACE = re.compile(r"<[^>]+>")


def events(engine: Engine) -> int:
    """Return how many events the trail has."""
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


SHOWN_AGAIN = {"/login", "/signup"}
"""What comes back with all that was typed; other forms say that they are not of this session."""


def test_no_form_is_taken_without_its_token(app: Flask, engine: Engine) -> None:
    person(engine, "boss", Role.ADMIN)
    client = signed_in(app, "boss")
    before = events(engine)
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(rules) > 20
    client.get("/desk/people/new")
    for rule in rules:
        address = PLACE.sub("1", rule.rule)
        refused = 422 if address in SHOWN_AGAIN else 403
        assert client.post(address, data={"name": "x"}).status_code == refused, address
        assert client.post(address, data={"csrf_token": "forged"}).status_code == refused, address
    assert events(engine) == before
    token = token_in(client.get("/account").get_data(as_text=True))
    assert client.post("/logout", data={"csrf_token": token}).status_code == 303
    assert events(engine) == before + 1


def test_signing_in_makes_every_part_of_the_session_new(app: Flask, engine: Engine) -> None:
    person(engine, "boss", Role.ADMIN)
    client = app.test_client()
    before = token_in(client.get("/login").get_data(as_text=True))
    assert sent(client, "/login", username="boss", password=PASSWORD)[0] == 303
    stale = {"csrf_token": before, "name": "x", "role": "observer"}
    assert client.post("/desk/people/new", data=stale).status_code == 403
    assert sent(client, "/desk/people/new", name="x", role="observer")[0] == 200


def addresses_counted(engine: Engine) -> int:
    """Return how many names and addresses have tries on record."""
    with reading(engine) as session:
        return session.scalar(select(func.count(SignInFailure.subject.distinct()))) or 0


@pytest.mark.parametrize(("proxies", "counted"), [(0, 2), (1, 4)])
def test_a_readers_address_is_believed_only_from_our_own_proxy(
    make: Callable[..., Flask], office: object, engine: Engine, proxies: int, counted: int
) -> None:
    del office
    app = make(proxies=proxies)
    client = app.test_client()
    token = token_in(client.get("/login").get_data(as_text=True))
    fields = {"csrf_token": token, "username": "bob", "password": "wrong"}
    for told in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        headers = {"X-Forwarded-For": told}
        assert client.post("/login", data=fields, headers=headers).status_code == 422
    assert addresses_counted(engine) == counted


@pytest.mark.parametrize(("secure", "name"), [(False, "session="), (True, "__Host-session=")])
def test_the_cookie_is_shut_to_scripts_and_other_sites(
    make: Callable[..., Flask],
    office: object,
    *,
    secure: bool,
    name: str,
) -> None:
    del office
    app = make(secure_cookies=secure)
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert cookie.startswith(name)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure


def test_a_foreign_host_is_not_answered(make: Callable[..., Flask], office: object) -> None:
    del office
    app = make(trusted_hosts=("portal.example",))
    client = app.test_client()
    assert client.get("/login", base_url="http://portal.example").status_code == 200
    assert client.get("/login", base_url="http://evil.example").status_code == 400


def test_a_slip_names_the_host_that_the_operator_named(
    make: Callable[..., Flask], office: object, engine: Engine
) -> None:
    del office
    person(engine, "boss", Role.ADMIN)
    app = make(trusted_hosts=("portal.example", "localhost"))
    client = signed_in(app, "boss")
    slip = sent(client, "/desk/people/new", name="x", role="observer")[1]
    assert "https://portal.example/signup" in slip


def test_before_the_site_is_set_up_it_says_so(make: Callable[..., Flask]) -> None:
    client = make().test_client()
    for address in ("/login", "/en/notices", "/desk", "/api/v1/none"):
        answer = client.get(address)
        assert answer.status_code in {303, 404, 503}, address
    assert "暂时无法提供服务" in client.get("/login").get_data(as_text=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1.1.99999999999"
    assert client.get("/login").status_code == 503


def test_numbers_too_large_for_a_row_are_no_address(app: Flask, engine: Engine) -> None:
    person(engine, "boss", Role.ADMIN)
    client = signed_in(app, "boss")
    for number in (2**31, 2**63, 10**30):
        assert client.get(f"/desk/people/{number}").status_code == 404
        assert client.get(f"/notices/{number}").status_code == 404
