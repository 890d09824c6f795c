"""Reporting periods: more time, exemptions, who is late in public, and the history of reports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from reports_desk import FILLED, PERIOD, Desk, address, fill, hand_in, hidden, post, set_up_desk

from portal.store.institutions import InstitutionTrade
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

AT = f"/desk/reports/periods/{PERIOD}"


@pytest.fixture
def late_desk(app: Flask, engine: Engine) -> Desk:
    """Return a site whose reports were due twenty days ago."""
    return set_up_desk(app, engine, due_in_days=-20)


def accept(reg: FlaskClient, receipt: str) -> None:
    """Accept a report as it is."""
    url = f"/desk/reports/{receipt}"
    post(reg, url, {"deed": "start"})
    assert post(reg, url, {"deed": "accept"}).status_code == 303


def test_the_late_are_named_from_the_day_of_the_rulebook(late_desk: Desk) -> None:
    nobody, clerk = late_desk.app.test_client(), late_desk.browser("clerk")
    page = nobody.get("/late-reports").text
    assert page.count("逾期未报") == 2
    assert "应在" in nobody.get("/i/P001").text
    assert "这家机构还没有提交过专项报告" in nobody.get("/i/P001").text
    fill(clerk)
    hand_in(clerk)
    page = nobody.get("/late-reports").text
    assert page.count("逾期未报") == 1
    assert late_desk.day.isoformat() in page
    assert "还没有核验通过，内容暂不公开" in nobody.get("/i/P001").text
    assert "overdue" in nobody.get("/en/late-reports").text.lower()


@pytest.mark.parametrize("due_in_days", [-4, 3])
def test_before_that_day_nobody_is_named(app: Flask, engine: Engine, due_in_days: int) -> None:
    desk = set_up_desk(app, engine, due_in_days=due_in_days)
    nobody = desk.app.test_client()
    assert "还没有可以公布的报送情况" in nobody.get("/late-reports").text
    assert "还没有报" not in nobody.get("/i/P001").text


def test_more_time_needs_a_reason_and_a_later_day(late_desk: Desk) -> None:
    reg, clerk = late_desk.browser("reg"), late_desk.browser("clerk")
    url = f"{AT}/extend"
    later = (late_desk.day + timedelta(days=9)).isoformat()
    wrong = post(reg, url, {"code": "P001", "due_on": late_desk.day.replace(year=2020).isoformat()})
    assert wrong.status_code == 422
    assert "请写明理由" in wrong.text
    assert "新的截止日期要晚于现在的截止日期" in wrong.text
    assert "已过" in clerk.get(address()).text
    right = {"code": "P001", "due_on": later, "reason": "台风停工两周"}
    assert post(reg, url, right).status_code == 303
    assert "还有 9 天" in clerk.get(address()).text
    page = reg.get(AT).text
    assert "台风停工两周" in page
    assert f"延至 {later}" in page
    named = late_desk.app.test_client().get("/late-reports").text
    assert "P001" not in named
    assert "P002" in named
    fill(clerk)
    hand_in(clerk)
    assert "逾期" not in clerk.get(address("sent")).text
    assert late_desk.events("report.extend") == ["report.extend"]


def test_everybody_can_be_given_more_time(late_desk: Desk) -> None:
    reg = late_desk.browser("reg")
    later = (late_desk.day + timedelta(days=2)).isoformat()
    fields = {"code": "", "due_on": later, "reason": "系统维护"}
    assert post(reg, f"{AT}/extend", fields).status_code == 303
    assert late_desk.app.test_client().get("/late-reports").text.count("逾期未报") == 0
    assert "所有机构延至" in reg.get(AT).text


def test_a_period_can_ask_only_who_teaches_a_trade(late_desk: Desk) -> None:
    with transaction(late_desk.engine) as session:
        welding = InstitutionTrade(institution_id=late_desk.ids["P002"], trade="fusion-welding")
        session.add(welding)
    reg = late_desk.browser("reg")
    days = {"opens_on": late_desk.day - timedelta(days=30), "due_on": late_desk.day}
    fields = {name: day.isoformat() for name, day in days.items()}
    asked = {"period": "2024-H1", "trades": ["fusion-welding", "no-such-trade"], **fields}
    assert post(reg, "/desk/reports/periods/new", asked).status_code == 303
    page = reg.get("/desk/reports/periods/2024-H1").text
    assert "只请教授这些工种的机构报送：熔化焊接与热切割作业。" in page
    assert "P002" in page
    assert "P001" not in page
    assert "2024年上半年" in late_desk.browser("rival").get("/my/reports").text
    assert "2024年上半年" not in late_desk.browser("clerk").get("/my/reports").text


def test_an_exempt_institution_is_not_late_until_the_exemption_ends(late_desk: Desk) -> None:
    reg, clerk = late_desk.browser("reg"), late_desk.browser("clerk")
    url = f"{AT}/exempt"
    assert post(reg, url, {"code": "", "reason": "停业"}).status_code == 422
    assert post(reg, url, {"code": "P001", "reason": "本期停业装修"}).status_code == 303
    assert post(reg, url, {"code": "P001", "reason": "再一次"}).status_code == 409
    assert "免报" in clerk.get("/my/reports").text
    assert "现在没有要办的事" in clerk.get("/my").text
    nobody = late_desk.app.test_client()
    assert "P001" not in nobody.get("/late-reports").text
    assert "还没有报" not in nobody.get("/i/P001").text
    page = reg.get(AT).text
    assert "本期停业装修" in page
    assert reg.post(f"{url}/P001/end", data=hidden(page)).status_code == 303
    assert "P001" in nobody.get("/late-reports").text
    assert reg.post(f"{url}/P001/end", data=hidden(page)).status_code == 404


def test_any_two_versions_can_be_compared_in_public(app: Flask, engine: Engine) -> None:
    desk = set_up_desk(app, engine)
    clerk, reg, nobody = desk.browser("clerk"), desk.browser("reg"), desk.app.test_client()
    assert "还没有核验通过的专项报告" in nobody.get("/i/P001/versions").text
    fill(clerk)
    accept(reg, hand_in(clerk))
    for place, seats in (("71", "71"), ("72", "72")):
        fields = {**FILLED["venues"], "classroom_seats": seats, "venues-0-seats": place}
        assert post(clerk, address("venues"), {**fields, "finished": "done"}).status_code == 303
        accept(reg, hand_in(clerk))
    assert nobody.get("/i/P001/versions").text.count("核验通过") >= 1
    page = nobody.get("/i/P001/diff/1..3").text
    assert "<del>70 人</del> 改为 <ins>72 人</ins>" in page
    assert "改动 2 处" in page
    asked = nobody.get("/i/P001/versions?from=3&to=1")
    assert asked.headers["Location"] == "/i/P001/diff/1..3"
    shown = nobody.get("/i/P001/versions/1").text
    assert "王某某" in shown
    assert "第 3 版" in nobody.get("/i/P001").text
    for secret in ("王示例", "钱示例", "2031-12-31", "2031年", "身份证", "0000*", "劳动或聘用合同"):
        for path in ("/i/P001/versions/1", "/i/P001/diff/1..3", "/i/P001", "/en/i/P001/versions/1"):
            assert secret not in nobody.get(path).text, (secret, path)
    for path in ("/i/P001/versions/4", "/i/P001/versions/0", "/i/P001/diff/1..9", "/i/NO/versions"):
        assert nobody.get(path).status_code == 404
