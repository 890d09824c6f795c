"""What the journeys of special reports share: the people, a browser of theirs, a filled-in form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from signing import institution, person, signed_in
from sqlalchemy import Engine, select

from portal.casework.special_reports.reporting import Opening, open_reporting_period
from portal.domain.people import OPERATOR, Role
from portal.rules.rulebook import rules_on
from portal.settings import machine_clock
from portal.store.audit import AuditEvent
from portal.store.institutions import InstitutionTrade
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PERIOD = "2025-H2"

FILLED: dict[str, dict[str, str]] = {
    "systems": {
        "responsible_person": "钱示例",
        "business_scope_covers": "yes",
        "systems_count": "10",
        "emergency_plan": "yes",
        "managers_count": "3",
    },
    "venues": {
        "venues-0-name": "一号教学楼",
        "venues-0-address": "示例路 1 号",
        "venues-0-use": "classroom",
        "venues-0-tenure": "leased",
        "venues-0-lease_end_on": "2031-12-31",
        "venues-0-lease_years": "5",
        "venues-0-area_m2": "120.5",
        "venues-0-seats": "70",
        "venues-0-fire_accepted": "yes",
        "venues-0-fire_accepted_on": "2024.3.1",
        "classroom_seats": "70",
        "classroom_area_m2": "120.5",
    },
    "teachers": {
        "teachers-0-name": "王示例",
        "teachers-0-engagement": "full_time",
        "teachers-0-contract": "yes",
        "teachers-0-identity": "000000198001010013",
        "teachers-0-qualification": "高级技师",
        "teachers-0-practice_years": "12",
        "teachers-0-teaches": "both",
        "teachers-0-trades": "低压电工、熔化焊接与热切割",
        "teachers-1-name": "李示例",
        "teachers-1-engagement": "part_time",
        "teachers-1-contract": "yes",
        "teachers-1-identity": "000000198001020035",
        "teachers-1-qualification": "技师",
        "teachers-1-practice_years": "8",
        "teachers-1-teaches": "practice",
        "teachers-1-trades": "低压电工",
    },
    "teaching": {
        "class_minutes_offline": "45",
        "offline_theory_share": "60",
        "outline_hours-0-trade": "low-voltage-electrician",
        "outline_hours-0-required_hours": "80",
        "outline_hours-0-planned_hours": "80",
        "outline_hours-0-delivered_hours": "80",
        "yearly_plan": "yes",
        "evaluation": "yes",
        "courseware_reviewed": "yes",
        "quality_measures": "每班抽查教案。\n每月评教一次。",
    },
    "online": {"online_used": "no"},
    "equipment": {
        "equipment-0-name": "低压配电实训台",
        "equipment-0-trade": "low-voltage-electrician",
        "equipment-0-count": "6",
        "equipment-0-places": "6",
        "equipment-0-in_order": "yes",
        "attendance_video": "yes",
    },
    "files": {"files_count": "320", "files_gaps": "0", "files_traceable": "yes"},
    "scope": {
        "trains_special_operations": "yes",
        "trains_managers": "no",
        "separation_pledge": "yes",
        "no_promise_pledge": "yes",
    },
}
STEPS = tuple(FILLED)


@dataclass
class Desk:
    """A site with two institutions, their clerks, and two regulators."""

    app: Flask
    engine: Engine
    day: date
    ids: dict[str, int] = field(default_factory=dict)

    def browser(self, name: str) -> FlaskClient:
        """Return a browser in which that person is signed in."""
        return signed_in(self.app, name)

    def events(self, begin: str = "report.") -> list[str]:
        """Return the acts of the trail that begin so, in order."""
        with reading(self.engine) as session:
            rows = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id))
            return [row for row in rows if row.startswith(begin)]


def set_up_desk(app: Flask, engine: Engine, *, due_in_days: int = 12) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    at = machine_clock()
    desk = Desk(app, engine, at.astimezone(ZoneInfo("Asia/Shanghai")).date())
    for code, clerk in (("P001", "clerk"), ("P002", "rival")):
        row = institution(engine, code)
        desk.ids[code] = row.id
        desk.ids[clerk] = person(
            engine, clerk, Role.INSTITUTION, institution_code=code, password=None
        ).id
        with transaction(engine) as session:
            session.add(InstitutionTrade(institution_id=row.id, trade="low-voltage-electrician"))
    for name in ("reg", "reg2"):
        desk.ids[name] = person(engine, name, Role.REGULATOR, password=None).id
    opening = Opening(
        period=PERIOD,
        opens_on=desk.day - timedelta(days=30),
        due_on=desk.day + timedelta(days=due_in_days),
    )
    form = rules_on(opening.opens_on).report.form
    with transaction(engine) as session:
        open_reporting_period(session, OPERATOR, opening, form=form, at=at)
    return desk


def address(step: str = "") -> str:
    """Return the address of a step of the period's report, or of its tasks."""
    return f"/my/reports/{PERIOD}" + (f"/{step}" if step else "")


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the page's form."""
    found = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def post(
    client: FlaskClient, url: str, fields: dict[str, Any] | None = None, page: str = ""
) -> TestResponse:
    """Send a form of ``url`` as somebody who opened it (or has ``page`` before them) would."""
    return client.post(url, data={**hidden(page or client.get(url).text), **(fields or {})})


def fill(client: FlaskClient, steps: tuple[str, ...] = STEPS) -> None:
    """Fill in the steps and say that they are done."""
    for step in steps:
        answer = post(client, address(step), {**FILLED[step], "finished": "done"})
        assert answer.status_code == 303, re.findall(r'<a href="#[^"]*">([^<]*)', answer.text)


WHY = {"kind": "correction", "why": "更正"}


def hand_in(client: FlaskClient) -> str:
    """Hand the report in, saying why where it is asked; return its receipt number."""
    page = client.get(address("check")).text
    answer = post(client, address("check"), WHY if 'name="why"' in page else {}, page)
    assert answer.status_code == 303
    found = re.search(r'<p class="code">([^<]+)</p>', client.get(address("sent")).text)
    assert found
    return found[1]
