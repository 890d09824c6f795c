"""The regulator's signals: seen by those who see cases, and never called a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editions_ground import fill
from signing import person, signed_in

from portal.domain.people import Role

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_desk_shows_the_funnel_and_says_that_it_proves_nothing(
    app: Flask, engine: Engine, prefix: str
) -> None:
    fill(engine)
    page = signed_in(app, "wang").get(f"{prefix}/desk/signals").text
    assert ("不是结论" if not prefix else "it is no finding") in page
    assert 'class="zone"' in page
    assert ("没有看出扎堆" if not prefix else "No crowding seen") in page


def test_without_data_the_page_says_so(app: Flask, engine: Engine) -> None:
    person(engine, "reg", Role.REGULATOR)
    assert "还没有考试数据" in signed_in(app, "reg").get("/desk/signals?period=1999").text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OBSERVER, 200), (Role.STREET, 403), (Role.AUTHORITY, 403)]
)
def test_only_those_who_see_cases_see_signals(
    app: Flask, engine: Engine, role: Role, status: int
) -> None:
    area = {"area_code": "310107005"} if role is Role.STREET else {}
    person(engine, "someone", role, **area)
    assert signed_in(app, "someone").get("/desk/signals").status_code == status
