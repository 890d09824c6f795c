"""Deadlines of an institution: on every page of its desk, on one page, and as a calendar file."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from reports_desk import FILLED, Desk, address, fill, hand_in, post, set_up_desk

from portal.rules.rulebook import rules_on

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from portal.settings import Settings

LINE = '<div class="remind noprint">'


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def accepted(desk: Desk, lease_end: date) -> tuple[FlaskClient, FlaskClient]:
    """Let P001 have a verified report with a lease that ends that day."""
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    venues = {**FILLED["venues"], "venues-0-lease_end_on": str(lease_end), "finished": "done"}
    assert post(clerk, address("venues"), venues).status_code == 303
    url = f"/desk/reports/{hand_in(clerk)}"
    post(reg, url, {"deed": "start"})
    assert post(reg, url, {"deed": "accept"}).status_code == 303
    return clerk, reg


def set_change_days(settings: Settings, days: int) -> None:
    """Let the office decide within how many working days a change is reported."""
    settings.local_rules.mkdir(parents=True)
    (settings.local_rules / "report-change.toml").write_text(
        'name = "report-change"\ntitle = { zh = "变更报告期限", en = "Change reports" }\n'
        '[[version]]\nin_force_from = 2020-01-01\nsource = "office-decision"\n'
        f"verified = true\nchange_report_days = {days}\n",
        encoding="utf-8",
    )


@pytest.mark.parametrize("due_in_days", [12, 0, -3])
def test_every_page_of_the_desk_reminds_of_what_presses(
    app: Flask, engine: Engine, due_in_days: int
) -> None:
    desk = set_up_desk(app, engine, due_in_days=due_in_days)
    clerk = desk.browser("clerk")
    said = {12: "还剩 12 天", 0: "今天截止", -3: "已过 3 天"}[due_in_days]
    for path in ("/my", "/my/reports", address("teachers"), "/my/profile", "/my/cases"):
        page = clerk.get(path).text
        assert page.count(LINE) == 1, path
        assert said in page.split(LINE)[1].split("</div>")[0], path
    assert "12 days left" in clerk.get("/en/my/profile").text or due_in_days != 12
    assert LINE not in desk.browser("reg").get("/desk").text


def test_far_off_nobody_is_reminded_and_nothing_is_left_out(app: Flask, engine: Engine) -> None:
    desk = set_up_desk(app, engine, due_in_days=15)
    clerk = desk.browser("clerk")
    assert LINE not in clerk.get("/my").text
    page = clerk.get("/my/deadlines").text
    assert "提交2025年下半年专项报告" in page
    assert "还剩 15 天" in page


def test_a_returned_report_is_due_again(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    assert LINE not in clerk.get("/my").text
    post(reg, url, {"deed": "start"})
    post(reg, url, {"deed": "return", "words-report": "请补正"})
    rules = rules_on(desk.day)
    days = rules.report.correction_working_days
    assert days
    until = rules.calendar.add_working_days(desk.day, days)
    page = clerk.get("/my/deadlines").text
    assert "补正2025年下半年专项报告" in page
    assert f"{until.year}年{until.month}月{until.day}日前补正" in clerk.get(address()).text


def test_leases_and_what_was_found_otherwise_must_be_reported(
    desk: Desk, settings: Settings
) -> None:
    clerk, reg = accepted(desk, desk.day - timedelta(days=1))
    page = clerk.get("/my/deadlines").text
    assert "报告变化：场所 · 一号教学楼" in page
    assert "没有规定期限" in page
    assert "现行规则没有写明几天以内" in page
    set_change_days(settings, 7)
    until = rules_on(desk.day).calendar.add_working_days(desk.day - timedelta(days=1), 7)
    page = clerk.get("/my/deadlines").text
    assert f"{until.year}年{until.month}月{until.day}日 · 租约已于" in page
    for path in ("/my/deadlines", address()):
        assert "7 个工作日以内提交变更报告" in clerk.get(path).text, path
    visit = "/desk/institutions/P001/visit"
    (fact,) = re.findall(r'id="fact-(\d+)"><legend>已建立的管理制度数', reg.get(visit).text)
    who = {"visited_on": desk.day.isoformat(), "visitors": "李检查"}
    post(reg, visit, {**who, f"fact-{fact}": "contradicted", f"note-{fact}": "少 2 项"})
    assert "报告变化：已建立的管理制度数" in clerk.get("/my/deadlines").text
    fill(clerk, ("systems",))
    assert "7 个工作日以内提交变更报告" in clerk.get(address("check")).text
    hand_in(clerk)
    page = clerk.get("/my/deadlines").text
    assert "报告变化" not in page, "reported, and with the regulator"


def test_the_calendar_file_can_be_imported(desk: Desk) -> None:
    ends = desk.day + timedelta(days=200)
    clerk, _ = accepted(desk, ends)
    answer = clerk.get("/my/deadlines.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    plain = text.replace("\r\n ", "")
    days = rules_on(desk.day).report.reminder_days
    for line in (
        f"DTSTART;VALUE=DATE:{ends:%Y%m%d}",
        "SUMMARY:租约到期：一号教学楼",
        f"TRIGGER:-P{days}D",
        f"URL:http://localhost{address()}",
    ):
        assert f"\r\n{line}\r\n" in plain, line
    assert plain.count("BEGIN:VEVENT") == plain.count("END:VEVENT") == 1
    assert re.search(r"\r\nUID:lease\.venues\.venues\.1\.\d+@", plain)
    english = clerk.get("/en/my/deadlines.ics").data.decode()
    assert "SUMMARY:Lease ends: 一号教学楼" in english
    assert "一号教学楼" not in desk.browser("rival").get("/my/deadlines.ics").data.decode()
