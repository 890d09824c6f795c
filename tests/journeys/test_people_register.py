"""The register at the desk: taking in, changing, suspending, closing; and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from signing import AREAS, institution, person, sent, signed_in, token_in
from sqlalchemy import select

from portal.domain.people import Role
from portal.publication.institutions.directory import institution_on
from portal.store.audit import AuditEvent
from portal.store.institutions import Institution, InstitutionName
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

NEW: dict[str, str | list[str]] = {
    "code": "P1",
    "name": "示例甲安全培训有限公司",
    "area_code": AREAS[0],
}


@pytest.fixture
def desk(app: Flask, engine: Engine) -> FlaskClient:
    """Return a regulator's browser."""
    person(engine, "reg", Role.REGULATOR)
    return signed_in(app, "reg")


def names(engine: Engine) -> dict[str, str]:
    """Return name → kind of every name that P1 bears or bore."""
    with reading(engine) as session:
        return {row.name: row.kind for row in session.scalars(select(InstitutionName))}


def change(client: FlaskClient, address: str, **fields: str | list[str]) -> tuple[int, str]:
    """Open the form of an entry, change fields, send all of it; return status and page."""
    page = client.get(address).get_data(as_text=True)
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    whole = {name: value for name, value in NEW.items() if name != "code"} | fields
    data = {"csrf_token": token_in(page), "seen": seen, **whole}
    answer = client.post(address, data=data)
    return answer.status_code, answer.get_data(as_text=True)


def test_an_institution_is_taken_in_and_found(desk: FlaskClient, engine: Engine) -> None:
    trades = ["low-voltage-electrician", "fusion-welding"]
    more: dict[str, str | list[str]] = {
        "phone": "000-1234 5678",
        "opened_on": "2020-05-01",
        "trades": trades,
    }
    assert sent(desk, "/desk/institutions/new", **NEW, **more)[0] == 303
    page = desk.get("/desk/institutions/P1").get_data(as_text=True)
    assert "2020年5月1日" in page
    assert "低压电工作业" in page
    for text in ("P1", "示例甲", "示例甲安全培训公司", "(示例甲"):
        assert "/desk/institutions/P1" in desk.get(
            "/desk/institutions", query_string={"q": text}
        ).get_data(as_text=True)
    for query in ({"q": "示例乙"}, {"area": AREAS[1]}, {"state": "closed"}, {"q": "%"}):
        assert "/desk/institutions/P1" not in desk.get(
            "/desk/institutions", query_string=query
        ).get_data(as_text=True)
    with reading(engine) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event
        assert (event.act, event.subject) == ("institution.registered", "institution:P1")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": ""}, "请填写机构编号"),
        ({"code": "new"}, "不能是 new"),
        ({"code": "a/b"}, "机构编号只能用"),
        ({"code": "OLD"}, "已经给过别的机构"),
        ({"name": ""}, "请填写机构全称"),
        ({"name": "示例旧安全培训有限责任公司"}, "编号“OLD”的机构相同"),
        ({"area_code": "nowhere"}, "没有这个街道"),
        ({"credit_code": "91310107MA1G0000XX"}, "校验位"),
        ({"phone": "call me"}, "电话只能用"),
        ({"trades": "witchcraft"}, "不在本机关的目录里"),
        ({"opened_on": "next week"}, "2026-03-05"),
        ({"name": "x" * 201}, "最多 200"),
        ({"name": "示例\x00甲"}, "控制字符"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    desk: FlaskClient, engine: Engine, fields: dict[str, str], words: str
) -> None:
    assert (
        sent(
            desk,
            "/desk/institutions/new",
            code="OLD",
            name="示例旧安全培训公司",
            area_code=AREAS[0],
        )[0]
        == 303
    )
    status, page, _ = sent(
        desk, "/desk/institutions/new", **(NEW | {"address": "示例路 1 号"} | fields)
    )
    assert status == 422
    assert words in page
    assert "示例路 1 号" in page
    with reading(engine) as session:
        assert session.scalars(select(Institution.code)).all() == ["OLD"]


def test_a_name_given_up_is_kept(desk: FlaskClient, engine: Engine) -> None:
    sent(desk, "/desk/institutions/new", **NEW)
    address = "/desk/institutions/P1/edit"
    assert change(desk, address, name="示例新名安全培训学校")[0] == 303
    assert names(engine) == {"示例甲安全培训有限公司": "former", "示例新名安全培训学校": "current"}
    assert "示例甲安全培训有限公司" in desk.get("/desk/institutions/P1").get_data(as_text=True)
    assert change(desk, address)[0] == 303, "back to the old name"
    assert names(engine) == {"示例甲安全培训有限公司": "current", "示例新名安全培训学校": "former"}
    status, page = change(desk, address)
    assert (status, "没有改动" in page) == (409, True)


def test_two_who_change_the_same_entry(desk: FlaskClient, engine: Engine) -> None:
    sent(desk, "/desk/institutions/new", **NEW)
    address = "/desk/institutions/P1/edit"
    page = desk.get(address).get_data(as_text=True)
    stale = {
        "csrf_token": token_in(page),
        "seen": page.split('name="seen"')[1].split('value="')[1].split('"')[0],
        "name": NEW["name"],
        "area_code": AREAS[0],
        "phone": "000-2222",
    }
    assert change(desk, address, phone="000-1111")[0] == 303
    answer = desk.post(address, data=stale)
    again = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "000-1111" in again
    assert 'value="000-2222"' in again
    with reading(engine) as session:
        assert session.scalars(select(Institution.phone)).one() == "000-1111"
    stale["seen"] = again.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert desk.post(address, data=stale).status_code == 303
    with reading(engine) as session:
        assert session.scalars(select(Institution.phone)).one() == "000-2222"


def standing(engine: Engine, day: date) -> str:
    """Return the state that the public directory tells of P1 on that day."""
    with reading(engine) as session:
        listed = institution_on(session, "P1", day)
    assert listed
    return listed.state_on(day)


def test_a_state_holds_from_its_day_until_the_day_it_ends(
    desk: FlaskClient, engine: Engine
) -> None:
    sent(desk, "/desk/institutions/new", **NEW)
    day = date(2026, 6, 1)
    address = "/desk/institutions/P1/state"
    asked = {"state": "suspended", "from_on": f"{day}", "trade": "", "reason": "消防验收失效"}
    assert sent(desk, address, **(asked | {"reason": ""}))[0] == 422
    assert sent(desk, address, **(asked | {"from_on": ""}))[0] == 422
    assert sent(desk, address, **(asked | {"until_on": f"{day}"}))[0] == 422
    assert sent(desk, address, **(asked | {"state": "sleeping"}))[0] == 422
    assert sent(desk, address, **asked)[0] == 303
    assert sent(desk, address, **asked)[0] == 422, "it is suspended already"
    before = day - timedelta(days=1)
    assert [standing(engine, one) for one in (before, day)] == ["enrolling", "suspended"]
    page = desk.get("/desk/institutions/P1").get_data(as_text=True)
    ending = page.split("/desk/institutions/P1/state/")[1].split('"')[0]
    end = f"{address}/{ending}"
    assert sent(desk, end, on=f"{day}", reason="已整改")[0] == 422
    last = day + timedelta(days=30)
    assert sent(desk, end, on=f"{last}", reason="已整改")[0] == 303
    assert [standing(engine, one) for one in (last - timedelta(days=1), last)] == [
        "suspended",
        "enrolling",
    ]
    assert desk.get("/desk/institutions/P1/state/999").status_code == 404


def test_a_closing_and_its_end(desk: FlaskClient, engine: Engine) -> None:
    sent(desk, "/desk/institutions/new", **NEW, opened_on="2020-05-01")
    address = "/desk/institutions/P1/state"
    asked = {
        "state": "closed",
        "trade": "",
        "reason": "自行停办",
        "decision_no": "示例〔2026〕1 号",
    }
    assert sent(desk, address, **asked, from_on="2020-05-01")[0] == 422
    assert sent(desk, address, **asked, from_on="2026-03-01", until_on="2026-09-01")[0] == 422
    assert sent(desk, address, **asked, from_on="2026-03-01")[0] == 303
    assert standing(engine, date(2026, 3, 1)) == "closed"
    assert standing(engine, date(2026, 2, 28)) == "enrolling"
    page = desk.get("/desk/institutions/P1").get_data(as_text=True)
    assert "示例〔2026〕1 号" in page
    ending = page.split("/desk/institutions/P1/state/")[1].split('"')[0]
    assert sent(desk, f"{address}/{ending}", on="2026-05-01", reason="重新开办")[0] == 303
    assert standing(engine, date(2026, 5, 1)) == "enrolling"


def test_a_street_sees_its_own_area_and_changes_nothing(
    app: Flask, desk: FlaskClient, engine: Engine
) -> None:
    del desk
    institution(engine, "P1")
    institution(engine, "P2", area_code=AREAS[1])
    person(engine, "li", Role.STREET, area_code=AREAS[0])
    person(engine, "obs", Role.OBSERVER)
    street, observer = signed_in(app, "li"), signed_in(app, "obs")
    listed = street.get("/desk/institutions?area=" + AREAS[1]).get_data(as_text=True)
    assert "institutions/P1" in listed
    assert "institutions/P2" not in listed
    assert street.get("/desk/institutions/P1").status_code == 200
    assert street.get("/desk/institutions/P2").status_code == 404
    assert observer.get("/desk/institutions/P2").status_code == 200
    for client in (street, observer):
        for page in ("new", "P1/edit", "P1/state"):
            assert client.get(f"/desk/institutions/{page}").status_code == 403
            assert client.post(f"/desk/institutions/{page}", data={"x": "y"}).status_code == 403


def test_the_register_is_paged_by_code(desk: FlaskClient, engine: Engine) -> None:
    for number in range(51):
        institution(engine, f"Q{number:03}")
    first = desk.get("/desk/institutions").get_data(as_text=True)
    assert "Q049" in first
    assert "Q050" not in first
    assert "Q050" in desk.get("/desk/institutions?after=Q049").get_data(as_text=True)
    assert desk.get("/desk/institutions?q=%00").status_code == 400
