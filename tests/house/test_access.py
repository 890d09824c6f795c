"""Every route, every method, every role: who gets in equals what ``access.toml`` says."""

from __future__ import annotations

import io
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hostile_files import pdf
from reports_desk import FILLED, PERIOD, address, fill, hand_in, hidden, post, set_up_desk
from signing import AREAS, TOKEN, person, signed_in
from teacher_sheet import book
from tree import ROOT

from portal.domain.people import Role
from portal.settings import machine_clock
from portal.store.cases import CaseFile
from portal.store.offers import ClassDate
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from reports_desk import Desk
    from sqlalchemy import Engine
    from werkzeug.routing import Rule

WRITTEN = tomllib.loads((ROOT / "tests/house/access.toml").read_text(encoding="utf-8"))
ANSWERED_BY_FLASK = {"HEAD", "OPTIONS"}
PEOPLE = {
    "clerk": "institution",
    "rival": "institution",
    "reg": "regulator",
    "street": "street",
    "authority": "authority",
    "observer": "observer",
    "admin": "admin",
}
FEW = ("", "clerk", "reg")
"""Who tries an open door: nobody, a clerk and a regulator are enough."""
ENDS_THE_SESSION = ("/login", "/logout", "/signup")


@dataclass
class Town:
    """A site with one thing behind each address, all of P001; and everybody's browser."""

    desk: Desk
    own: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, tuple[FlaskClient, str]] = field(default_factory=dict)

    def browser(self, name: str) -> tuple[FlaskClient, str]:
        """Return somebody's browser and the token of its forms; "" is nobody's."""
        if name not in self.browsers:
            self.browsers[name] = self.fresh(name)
        return self.browsers[name]

    def fresh(self, name: str) -> tuple[FlaskClient, str]:
        """Return a browser in which that person has just signed in."""
        client = signed_in(self.desk.app, name) if name else self.desk.app.test_client()
        found = TOKEN.search(client.get("/account" if name else "/login").text)
        assert found
        return client, found[1]

    def url(self, rule: Rule) -> str:
        """Return the address of P001's thing behind a rule."""
        url = rule.rule
        for name in rule.arguments:
            value = self.own.get(f"{rule.endpoint}.{name}") or self.own.get(name, "1")
            for kind in ("", "int:", "path:"):
                url = url.replace(f"<{kind}{name}>", value)
        return url


@pytest.fixture
def town(app: Flask, engine: Engine) -> Town:
    """Return a site whose every table of one institution's things holds one."""
    desk = set_up_desk(app, engine)
    person(engine, "colleague", Role.INSTITUTION, institution_code="P001", password=None)
    for role in (Role.AUTHORITY, Role.OBSERVER, Role.ADMIN):
        person(engine, role.value, role, password=None)
    person(engine, "street", Role.STREET, area_code=AREAS[0], password=None)
    town = Town(desk)
    reported(town)
    listed(town, engine)
    return town


def reported(town: Town) -> None:
    """Let P001 have a returned report with a file, and a sheet with faults."""
    clerk, reg = town.desk.browser("clerk"), town.desk.browser("reg")
    fill(clerk)
    url = address("venues")
    fields = {**FILLED["venues"], "proves": "venues.venues", "attach": "1"}
    data = {**hidden(clerk.get(url).text), **fields, "evidence": (io.BytesIO(pdf()), "x.pdf")}
    assert clerk.post(url, data=data, content_type="multipart/form-data").status_code == 303
    fill(clerk, ("venues",))
    receipt = hand_in(clerk)
    post(reg, f"/desk/reports/{receipt}", {"deed": "start"})
    words = {"deed": "return", "words-report": "请补正"}
    assert post(reg, f"/desk/reports/{receipt}", words).status_code == 303
    url = address("teachers")
    sheet = {"sheet_teachers": (io.BytesIO(book()), "x.xlsx"), "sheet": "teachers"}
    data = {**hidden(clerk.get(url).text), **sheet}
    assert clerk.post(url, data=data, content_type="multipart/form-data").status_code == 303
    town.own |= {"period": PERIOD, "section": "teachers", "table": "teachers"}
    town.own |= {"receipt_no": receipt, "number": "1", "code": "P001"}


def listed(town: Town, engine: Engine) -> None:
    """Let P001 have a class, a case served on it, and a colleague of the clerk."""
    case = served_case(town)
    starts = ClassDate(
        institution_id=town.desk.ids["P001"],
        trade="low-voltage-electrician",
        starts_on=town.desk.day + timedelta(days=9),
        schedule="weekday",
        stated_on=town.desk.day,
    )
    with transaction(engine) as session:
        session.add_all([case, starts])
    for endpoint in ("institution.case", "institution.case_act", "regulator.case"):
        town.own[f"{endpoint}.number"] = case.number
    town.own["institution.case_act.name"] = "reply"
    colleague = person(engine, "other", Role.INSTITUTION, institution_code="P001", password=None)
    town.own["person_id"] = str(colleague.id)


def served_case(town: Town) -> CaseFile:
    """Return a case that was served on P001 today."""
    day, ids = town.desk.day, town.desk.ids
    return CaseFile(
        number="A2026-0001",
        institution_id=ids["P001"],
        ground="outline_not_followed",
        severity="general",
        facts="事实",
        state="served",
        opened_by_id=ids["reg"],
        opened_at=machine_clock(),
        opened_on=day,
        served_on=day,
        served_how="in_person",
        reply_until_on=day + timedelta(days=9),
        hearing_until_on=day + timedelta(days=9),
    )


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Return every method of every rule; what ends a session comes last."""
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - ANSWERED_BY_FLASK)
    ]
    return sorted(found, key=lambda one: (one[1].rule in ENDS_THE_SESSION, one[0], one[1].rule))


def outcome(client: FlaskClient, method: str, url: str, token: str) -> str:
    """Return what somebody meets there: in, 303, 403, 404, or what must never be."""
    data = {"csrf_token": token} if method == "POST" else None
    answer = client.open(url, method=method, data=data)
    answer.close()
    if answer.status_code >= 500:
        return f"broken {answer.status_code}"
    if answer.status_code in {302, 303} and "/login?next=" in answer.headers.get("Location", ""):
        return "303"
    return str(answer.status_code) if answer.status_code in {403, 404} else "in"


def wanted(door: str, name: str) -> set[str]:
    """Return what somebody may meet at a door, as it is written."""
    word, _, own = door.partition(" ")
    roles = WRITTEN["doors"][word]
    if "everybody" in roles:
        return {"in", "404"}
    if not name:
        return {"303"}
    if PEOPLE[name] not in roles:
        return {"403"}
    if not own:
        return {"in", "404"}
    return {"in"} if name == "clerk" else {"404"}


def test_every_route_has_a_line_and_no_line_is_idle(app: Flask) -> None:
    there = {f"{method} {rule.rule}" for method, rule in routes(app)}
    written = set(WRITTEN["routes"])
    assert not there - written, f"say in tests/house/access.toml who gets in: {there - written}"
    assert not written - there, written - there


def test_who_gets_in_equals_the_written_table(town: Town) -> None:
    differences = []
    for method, rule in routes(town.desk.app):
        door = WRITTEN["routes"].get(f"{method} {rule.rule}", "open")
        for name in FEW if door == "open" else ("", "rival", *(set(PEOPLE) - {"rival"})):
            ends = rule.rule in ENDS_THE_SESSION
            client, token = town.fresh(name) if ends else town.browser(name)
            met = outcome(client, method, town.url(rule), token)
            if met not in wanted(door, name):
                differences.append(f"{method} {rule.rule} {name or 'nobody'}: {met}, {door}")
    assert not differences, "\n".join(differences)
