"""A session that ends while somebody types: what they sent comes back to them, once only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from reports_desk import Desk, address, fill, hand_in, hidden, post, set_up_desk

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

NOTE = "登录中断以前填的内容还在"


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with an accepted report, and a second one under review."""
    desk = set_up_desk(app, engine)
    clerk, rival, reg = (desk.browser(name) for name in ("clerk", "rival", "reg"))
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    for deed in ("start", "accept"):
        post(reg, url, {"deed": deed})
    fill(clerk, ("files",))
    fill(rival)
    desk.ids["review"] = int(hand_in(rival)[-1])
    return desk


def lost(desk: Desk, name: str, url: str, fields: dict[str, str]) -> FlaskClient:
    """Send a form whose session has ended; return a browser in which its person is back."""
    page = desk.browser(name).get(url).text
    answer = desk.app.test_client().post(url, data={**hidden(page), **fields})
    assert answer.status_code == 303, url
    assert answer.headers["Location"] == f"/login?next={url}"
    return desk.browser(name)


def test_what_was_typed_comes_back_to_its_person_alone(desk: Desk) -> None:
    fact = re.search(r'id="(fact-\d+)"', desk.browser("reg").get(VISIT).text)
    assert fact
    forms = (
        ("clerk", "/my/profile/phone", {"phone": "000-12345678"}, "000-12345678"),
        ("clerk", "/my/profile/fee/low-voltage-electrician", {"total": "九百"}, "九百"),
        ("clerk", "/my/profile/class", {"starts_on": "明天", "free_places": "7"}, "明天"),
        ("clerk", address("check"), {"kind": "change", "why": "换了教室"}, "换了教室"),
        ("reg", VISIT, {"visitors": "李检查", fact[1]: "contradicted", "note": "门锁着"}, "门锁着"),
        ("reg", f"{PERIOD_URL}/extend", {"due_on": "2027-01-09", "reason": "停电"}, "停电"),
    )
    for name, url, fields, typed in forms:
        back = lost(desk, name, url, fields)
        page = back.get(url).text
        assert typed in page, url
        assert NOTE in page, url
        assert typed not in desk.browser("reg2" if name == "reg" else "rival").get(url).text, url
    assert f'name="{fact[1]}" value="contradicted" checked' in desk.browser("reg").get(VISIT).text
    assert desk.events("report.park") == ["report.park"] * len(forms)


VISIT = "/desk/institutions/P001/visit"
PERIOD_URL = "/desk/reports/periods/2025-H2"


def test_a_review_comes_back_and_is_let_go_once_it_is_kept(desk: Desk) -> None:
    reg = desk.browser("reg")
    (url,) = set(re.findall(r'href="(/desk/reports/SR-[^"]+)"', queue(reg)))
    post(reg, url, {"deed": "start"})
    words = {"deed": "save", "words-systems.systems_count": "缺目录"}
    back = lost(desk, "reg", url, words)
    page = back.get(url).text
    assert "缺目录" in page
    assert NOTE in page
    assert post(back, url, words, page=page).status_code == 303
    again = back.get(url).text
    assert NOTE not in again
    assert "缺目录" in again


def queue(reg: FlaskClient) -> str:
    """Return the part of the queue's page that lists who waits."""
    return reg.get("/desk/reports").text.split("最近处理的报告")[0]


def test_without_its_ticket_nothing_is_held(desk: Desk) -> None:
    url = "/my/profile/phone"
    page = hidden(desk.browser("clerk").get(url).text)
    for ticket in ("", "x", page["_ticket"] + "x"):
        desk.app.test_client().post(url, data={**page, "_ticket": ticket, "phone": "000-1"})
    desk.app.test_client().post(url, data={**page, "phone": "\x00"})
    desk.app.test_client().post(url, data={**page, "phone": "0" * 300_000})
    assert desk.events("report.park") == []
    assert 'name="_ticket"' not in desk.app.test_client().get("/login").text
