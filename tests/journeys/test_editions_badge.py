"""The status badge: genuine ones are told from copied numbers, clones and other people's names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from portal.store.institutions import Institution
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

MARK = re.compile(r"[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")


def made(engine: Engine, client: FlaskClient) -> dict[str, str]:
    """Return what the badge of an institution asks at the desk of checks."""
    with transaction(engine) as session:
        session.add(Institution(code="T001", name="示例<甲>中心", area_code="310107005"))
        session.add(Institution(code="T002", name="示例乙中心", area_code="310107005"))
    answer = client.get("/i/T001/badge.svg")
    assert answer.content_type.startswith("image/svg+xml")
    ET.fromstring(answer.data)  # noqa: S314  # our own drawing, with a hostile name in it
    return asked_by(answer.text, "T001")


def asked_by(svg: str, code: str) -> dict[str, str]:
    """Return what a badge asks."""
    mark = MARK.search(svg)
    assert mark
    day = re.search(r"(\d+)年(\d+)月(\d+)日", svg)
    assert day
    year, month, on = map(int, day.groups())
    return {"code": code, "on": f"{year}-{month:02}-{on:02}", "mark": mark[0]}


def test_a_genuine_badge_is_confirmed_and_a_wrong_one_is_not(
    engine: Engine, client: FlaskClient
) -> None:
    asked = made(engine, client)

    def page(**changes: str) -> str:
        return client.get(f"/check?{urlencode(asked | changes)}").get_data(as_text=True)

    assert "标牌是真的" in page()
    assert "标牌是真的" in page(mark=asked["mark"].lower().replace("-", " "))
    wrong = (
        {"code": "T002"},
        {"mark": "0000-0000-0000-0000"},
        {"on": "2020-01-01"},
        {"on": "yesterday"},
        {"code": "T999"},
    )
    for changes in wrong:
        assert "标牌对不上" in page(**changes), changes
    assert "this portal is at localhost" in client.get(f"/en/check?{urlencode(asked)}").text
    assert client.get("/i/T999/badge.svg").status_code == 404


def test_a_clone_gets_no_address_into_the_badge(engine: Engine, client: FlaskClient) -> None:
    made(engine, client)
    ours = client.get("/i/T001/badge.svg").data
    theirs = client.get("/i/T001/badge.svg", headers={"Host": "clone.example"}).data
    assert b"clone" not in theirs
    assert ours != theirs


def test_who_is_listed_is_never_only_said_to_enrol(listed_world: FlaskClient) -> None:
    for code, shown, hidden in (
        ("S001", "在问题名单公示中", "正常招生"),
        ("S002", "正常招生", "问题名单"),
    ):
        svg = listed_world.get(f"/i/{code}/badge.svg").text
        page = listed_world.get(f"/check?{urlencode(asked_by(svg, code))}").text
        now = page.partition("它现在的状态：")[2].partition("</p>")[0]
        for words in (svg, now):
            assert shown in words
            assert hidden not in words
