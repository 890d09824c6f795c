"""Slips and one's own password: what a slip opens, what it does not, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from signing import PASSWORD, institution, person, sent, signed_in
from sqlalchemy import select

from portal.casework.access.slips import SlipReason, write_slip
from portal.domain.people import OPERATOR, Role
from portal.rules.rulebook import rules_on
from portal.store.people import Person
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine


def slip_for(engine: Engine, name: str, at: datetime) -> str:
    """Return the code of a slip issued to that person at that instant."""
    with transaction(engine) as session:
        row = session.scalars(select(Person).where(Person.username == name)).one()
        rules = rules_on(at.date())
        return write_slip(session, OPERATOR, row, SlipReason.JOINED, at=at, rules=rules).code


def test_a_slip_that_no_longer_works_says_why(client: FlaskClient, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    now = datetime.now(UTC)  # noqa: TID251 -- the site reads the same clock
    old = slip_for(engine, "bob", now - timedelta(days=15))
    status, page, _ = sent(client, "/signup", code=old)
    assert (status, "已经过期" in page) == (410, True)
    void = slip_for(engine, "bob", now)
    used = slip_for(engine, "bob", now)
    status, page, _ = sent(client, "/signup", code=void)
    assert (status, "已经作废" in page) == (410, True)
    new = "another horse 9"
    assert sent(client, "/signup", code=used, password=new, again=new)[0] == 303
    status, page, _ = sent(client, "/signup", code=used, password=new, again=new)
    assert (status, "已经用过" in page) == (410, True)
    for typed, words in (
        ("0000-0000-0000-0000", "没有这张凭条"),
        ("123", "16 位"),
        ("", "请输入凭条码"),
    ):
        status, page, _ = sent(client, "/signup", code=typed)
        assert (status, words in page) == (422, True)
    assert sent(client, "/login", username="bob", password=PASSWORD)[0] == 422
    assert sent(client, "/login", username="bob", password=new)[0] == 303


def test_a_slip_gives_no_other_role(client: FlaskClient, engine: Engine) -> None:
    institution(engine, "P1")
    person(engine, "ann", Role.INSTITUTION, institution_code="P1")
    code = slip_for(engine, "ann", datetime.now(UTC))  # noqa: TID251 -- the site reads the same clock
    asked = {"code": code, "password": PASSWORD, "again": PASSWORD, "role": "regulator"}
    assert sent(client, "/signup", **asked)[0] == 422
    with reading(engine) as session:
        assert session.scalars(select(Person)).one().role == "institution"


def test_a_password_that_is_not_taken_leaves_the_slip_open(
    client: FlaskClient, engine: Engine
) -> None:
    person(engine, "bob", Role.ADMIN)
    code = slip_for(engine, "bob", datetime.now(UTC))  # noqa: TID251 -- the site reads the same clock
    for password, again, words in (
        ("short", "short", "密码太短"),
        ("long enough 1", "long enough 2", "两次输入的密码不一样"),
        ("nul\x00in the middle", "nul\x00in the middle", "控制字符"),
        ("", "", "请输入密码"),
    ):
        status, page, _ = sent(client, "/signup", code=code, password=password, again=again)
        assert (status, words in page) == (422, True), words
    assert sent(client, "/signup", code=code, password=PASSWORD, again=PASSWORD)[0] == 303


def test_ones_own_password_is_changed_with_the_old_one(app: Flask, engine: Engine) -> None:
    person(engine, "bob", Role.ADMIN)
    here, elsewhere = signed_in(app, "bob"), signed_in(app, "bob")
    new = "another horse 9"
    status, page, _ = sent(here, "/account", old="wrong", password=new, again=new)
    assert (status, "原来的密码不对" in page) == (422, True)
    status, page, _ = sent(here, "/account", old=PASSWORD, password=PASSWORD, again=PASSWORD)
    assert (status, "和原来的一样" in page) == (422, True)
    assert sent(here, "/account", old=PASSWORD, password=new, again=new)[0] == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert sent(app.test_client(), "/login", username="bob", password=new)[0] == 303
