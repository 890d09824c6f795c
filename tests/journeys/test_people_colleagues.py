"""An institution's people: holders add them, help them and end them; nobody else does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from signing import PASSWORD, code_in, institution, person, sent, signed_in
from sqlalchemy import select

from portal.domain.people import Role
from portal.store.audit import AuditEvent
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine


@pytest.fixture
def holder(app: Flask, engine: Engine) -> FlaskClient:
    """Return the browser of Ann, who holds the account of P1; Ben is her colleague."""
    for code in ("P1", "P2"):
        institution(engine, code)
    person(engine, "ann", Role.INSTITUTION, institution_code="P1")
    person(engine, "ben", Role.INSTITUTION, institution_code="P1")
    person(engine, "eve", Role.INSTITUTION, institution_code="P2")
    return signed_in(app, "ann")


def row(engine: Engine, username: str) -> Person:
    """Return the person's row as it is now."""
    with reading(engine) as session:
        return session.scalars(select(Person).where(Person.username == username)).one()


def page_of(engine: Engine, username: str) -> str:
    """Return the address of the colleague's page."""
    return f"/my/users/{row(engine, username).id}"


def test_the_first_person_holds_the_account(holder: FlaskClient, engine: Engine) -> None:
    del holder
    assert row(engine, "ann").is_holder
    assert not row(engine, "ben").is_holder


def test_a_colleague_is_added_with_a_slip(holder: FlaskClient, app: Flask, engine: Engine) -> None:
    status, page, _ = sent(holder, "/my/users/new", name="周 敏")
    assert status == 200
    code = code_in(page)
    assert code not in holder.get("/my/users").get_data(as_text=True)
    new = app.test_client()
    assert sent(new, "/signup", code=code, password=PASSWORD, again=PASSWORD)[0] == 303
    assert sent(new, "/login", username="周敏", password=PASSWORD)[0] == 303
    added = row(engine, "周敏")
    assert (added.role, added.is_holder) == ("institution", False)
    assert added.institution_id == row(engine, "ann").institution_id
    assert new.get("/my/users").status_code == 403


def test_a_colleague_gets_no_other_role_or_place(holder: FlaskClient, engine: Engine) -> None:
    for more in ({"role": "admin"}, {"institution_code": "P2"}, {"is_holder": "1"}):
        assert sent(holder, "/my/users/new", name="zoe", **more)[0] == 422
    with reading(engine) as session:
        assert session.scalar(select(Person).where(Person.username == "zoe")) is None


def test_a_taken_user_name_comes_back_with_what_was_typed(holder: FlaskClient) -> None:
    status, page, _ = sent(holder, "/my/users/new", name="王芳", username="Eve")
    assert status == 422
    assert 'value="王芳"' in page
    assert "已经有人使用" in page


def test_a_new_slip_ends_the_old_password_and_sessions(
    holder: FlaskClient, app: Flask, engine: Engine
) -> None:
    ben = signed_in(app, "ben")
    assert ben.get("/account").status_code == 200
    page = page_of(engine, "ben")
    assert sent(holder, page, f"{page}/slip", recognised=" ")[0] == 422
    assert ben.get("/account").status_code == 200
    status, shown, _ = sent(holder, page, f"{page}/slip", recognised="本人当面来要")
    assert status == 200
    assert ben.get("/account").status_code == 303
    assert sent(app.test_client(), "/login", username="ben", password=PASSWORD)[0] == 422
    code, new = code_in(shown), "another horse 9"
    assert sent(app.test_client(), "/signup", code=code, password=new, again=new)[0] == 303
    assert sent(app.test_client(), "/login", username="ben", password=new)[0] == 303
    with reading(engine) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "person.new_slip")).one()
    assert (event.by, event.facts) == ("ann", {"reason": "本人当面来要"})


def test_the_last_holder_stays(holder: FlaskClient, app: Flask, engine: Engine) -> None:
    ben = page_of(engine, "ben")
    assert sent(holder, ben, f"{ben}/holder", is_holder="1")[0] == 303
    other = signed_in(app, "ben")
    ann = page_of(engine, "ann")
    assert sent(other, ann, f"{ann}/holder", is_holder="0")[0] == 303
    assert holder.get("/my/users").status_code == 403
    person(engine, "cy", Role.INSTITUTION, institution_code="P1", is_holder=True)
    third = signed_in(app, "cy")
    assert sent(third, ben, f"{ben}/end", reason="离职")[0] == 303
    assert other.get("/account").status_code == 303
    with transaction(engine) as session:
        session.scalars(select(Person).where(Person.username == "ann")).one().is_holder = True
    cy = page_of(engine, "cy")
    assert sent(third, ann, f"{ann}/end", reason="离职")[0] == 303
    assert row(engine, "ann").ended_at is not None
    assert row(engine, "cy").is_holder
    assert third.get(cy).status_code == 404, "nobody ends the own account"


def test_the_last_of_two_holders_is_kept_by_the_act_itself(
    holder: FlaskClient, engine: Engine
) -> None:
    with transaction(engine) as session:
        session.scalars(select(Person).where(Person.username == "ben")).one().is_holder = True
        session.scalars(select(Person).where(Person.username == "ann")).one().is_holder = False
    # Ann is no holder any more, but her page was open: the right has gone with the role.
    page = page_of(engine, "ben")
    token = {"csrf_token": "x"}
    assert holder.get(page).status_code == 403
    assert holder.post(f"{page}/end", data=token | {"reason": "x"}).status_code == 403
    assert row(engine, "ben").ended_at is None


def test_people_of_others_do_not_exist(holder: FlaskClient, engine: Engine) -> None:
    eve = page_of(engine, "eve")
    assert holder.get(eve).status_code == 404
    ben = page_of(engine, "ben")
    for act, fields in (
        ("slip", {"recognised": "x"}),
        ("end", {"reason": "x"}),
        ("holder", {"is_holder": "1"}),
    ):
        assert sent(holder, ben, f"{eve}/{act}", **fields)[0] == 404
    assert holder.get("/my/users/999999999999999999999").status_code == 404
    assert row(engine, "eve").ended_at is None
    assert row(engine, "eve").session_epoch == 1


def test_the_people_of_a_closed_institution_only_look(holder: FlaskClient, engine: Engine) -> None:
    assert holder.get("/my/users").status_code == 200
    with transaction(engine) as session:
        closing = session.scalars(select(Institution).where(Institution.code == "P1")).one()
        closing.closed_on = date(2026, 1, 7)
    assert holder.get("/my/users").status_code == 403
    assert holder.get("/account").status_code == 200
