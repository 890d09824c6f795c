"""People at the regulator's desk: who may add whom, identity checks, replaced holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from signing import AREAS, PASSWORD, code_in, institution, person, sent, signed_in
from sqlalchemy import select

from portal.domain.people import MANAGES, Role
from portal.store.audit import AuditEvent
from portal.store.people import Person
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

PLACES = {Role.INSTITUTION: {"institution_code": "P1"}, Role.STREET: {"area_code": AREAS[0]}}


def desk(app: Flask, engine: Engine, role: Role) -> FlaskClient:
    """Return the browser of somebody with that role at the desk; P1 is registered."""
    institution(engine, "P1")
    person(engine, "me", role)
    return signed_in(app, "me")


def row(engine: Engine, username: str) -> Person:
    """Return the person's row as it is now."""
    with reading(engine) as session:
        return session.scalars(select(Person).where(Person.username == username)).one()


def acts(engine: Engine) -> list[str]:
    """Return the acts in the trail, oldest first."""
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)))


@pytest.mark.parametrize("mine", [Role.ADMIN, Role.REGULATOR])
@pytest.mark.parametrize("role", list(Role))
def test_a_role_adds_those_of_the_table_and_no_others(
    app: Flask, engine: Engine, mine: Role, role: Role
) -> None:
    client = desk(app, engine, mine)
    place = PLACES.get(role, {})
    status, page, _ = sent(client, "/desk/people/new", name="new one", role=role, **place)
    if role in MANAGES[mine]:
        assert status == 200
        assert row(engine, "newone").role == role
        assert code_in(page)
    else:
        assert status == 403
        assert "person.added" not in acts(engine)[2:]


def test_nobody_seals_alone_with_a_second_account_of_the_own(app: Flask, engine: Engine) -> None:
    client = desk(app, engine, Role.REGULATOR)
    person(engine, "colleague", Role.REGULATOR)
    other = row(engine, "colleague").id
    assert client.get(f"/desk/people/{other}").status_code == 404
    assert client.get(f"/desk/people/{row(engine, 'me').id}").status_code == 404
    assert "colleague" not in client.get("/desk/people").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "role": "authority"}, "请填写姓名"),
        ({"name": "x", "role": ""}, "请选择这个人员是哪一类人员"),
        ({"name": "x", "role": "king"}, "请选择这个人员是哪一类人员"),
        ({"name": "x", "role": "institution"}, "属于哪家培训机构"),
        ({"name": "x", "role": "institution", "institution_code": "P9"}, "没有编号为“P9”"),
        ({"name": "x", "role": "street"}, "负责的街道"),
        ({"name": "x", "role": "street", "area_code": "nowhere"}, "没有编号为“nowhere”"),
        ({"name": "x" * 101, "role": "observer"}, "姓名太长"),
        ({"name": "nul\x00", "role": "observer"}, "控制字符"),
    ],
)
def test_what_is_wrong_is_said_at_the_form(
    app: Flask, engine: Engine, fields: dict[str, str], words: str
) -> None:
    client = desk(app, engine, Role.ADMIN)
    status, page, _ = sent(client, "/desk/people/new", **fields)
    assert status == 422
    assert words in page


def test_a_holder_who_left_is_replaced(app: Flask, engine: Engine) -> None:
    client = desk(app, engine, Role.REGULATOR)
    person(engine, "old", Role.INSTITUTION, institution_code="P1")
    gone = signed_in(app, "old")
    page = f"/desk/people/{row(engine, 'old').id}"
    assert sent(client, page, f"{page}/end", reason="离职")[0] == 409, "the last holder stays"
    assert row(engine, "old").ended_at is None
    assert sent(client, page, f"{page}/replace", new_name="新人", why="")[0] == 422
    status, shown, _ = sent(client, page, f"{page}/replace", new_name="新人", why="机构来函 3 号")
    assert status == 200
    assert code_in(shown)
    assert row(engine, "新人").is_holder
    assert row(engine, "old").ended_at is not None
    assert gone.get("/account").status_code == 303
    assert sent(app.test_client(), "/login", username="old", password=PASSWORD)[0] == 422
    assert acts(engine)[-2:] == ["person.added", "person.ended"]


def test_an_identity_check_is_recorded(app: Flask, engine: Engine) -> None:
    client = desk(app, engine, Role.REGULATOR)
    person(engine, "clerk", Role.AUTHORITY)
    page = f"/desk/people/{row(engine, 'clerk').id}"
    assert sent(client, page, f"{page}/slip", recognised="")[0] == 422
    assert "person.new_slip" not in acts(engine)
    assert sent(client, page, f"{page}/slip", recognised="持身份证到现场")[0] == 200
    assert row(engine, "clerk").password_hash is None


def test_the_last_admin_stays(app: Flask, engine: Engine) -> None:
    client = desk(app, engine, Role.ADMIN)
    person(engine, "second", Role.ADMIN)
    other = signed_in(app, "second")
    me, second = (f"/desk/people/{row(engine, name).id}" for name in ("me", "second"))
    assert sent(client, second, f"{second}/role", role="observer")[0] == 303
    assert other.get("/desk/people").status_code == 403, "the rights change at once"
    assert other.get("/desk").status_code == 200
    assert other.get(me).status_code == 403
    person(engine, "third", Role.ADMIN)
    third = signed_in(app, "third")
    assert sent(third, me, f"{me}/end", reason="离职")[0] == 303
    assert client.get("/desk").status_code == 303


def test_a_street_needs_its_area(app: Flask, engine: Engine) -> None:
    client = desk(app, engine, Role.ADMIN)
    person(engine, "li", Role.OBSERVER)
    page = f"/desk/people/{row(engine, 'li').id}"
    assert sent(client, page, f"{page}/role", role="street")[0] == 422
    assert sent(client, page, f"{page}/role", role="institution")[0] == 403
    assert sent(client, page, f"{page}/role", role="street", area_code=AREAS[1])[0] == 303
    assert (row(engine, "li").role, row(engine, "li").area_code) == ("street", AREAS[1])
    status, shown, _ = sent(client, page, f"{page}/role", role="street", area_code=AREAS[1])
    assert (status, "没有改动" in shown) == (409, True)
