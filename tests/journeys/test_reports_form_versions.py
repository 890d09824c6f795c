"""A new version of the form: old reports keep theirs, the next period asks by the new one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from reports_desk import FILLED, STEPS, Desk, address, fill, hand_in, hidden, post, set_up_desk
from sqlalchemy import select

from portal.settings import ROOT
from portal.store.reports import SpecialReport
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from portal.settings import Settings


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def renew_form(settings: Settings, desk: Desk) -> None:
    """Let the office decide a form for yesterday on that asks for less, and for something new."""
    text = (ROOT / "data/rules/report-form.toml").read_text(encoding="utf-8")
    text = text.replace("in_force_from = 2015-01-01", f"in_force_from = {desk.day - timedelta(1)}")
    text = text.replace('version = "2024-07"', 'version = "2026-11"')
    text = re.sub(r'    \{ key = "in_order".*\n', "", text)
    gone = re.search(r'    \{ key = "files_gaps".*\n', text)
    assert gone
    new = gone[0].replace("files_gaps", "files_scanned").replace("其中不完整", "其中已经电子化")
    settings.local_rules.mkdir(parents=True)
    file = settings.local_rules / "report-form.toml"
    file.write_text(text.replace(gone[0], new), encoding="utf-8")


def open_next(desk: Desk, reg: FlaskClient) -> None:
    """Open a period that asks by the form of today."""
    opening = {
        "period": "2026-H1",
        "opens_on": desk.day.isoformat(),
        "due_on": (desk.day + timedelta(days=40)).isoformat(),
    }
    assert post(reg, "/desk/reports/periods/new", opening).status_code == 303


def test_a_new_form_breaks_no_old_report(desk: Desk, settings: Settings) -> None:
    clerk, reg, nobody = desk.browser("clerk"), desk.browser("reg"), desk.app.test_client()
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    renew_form(settings, desk)
    post(reg, url, {"deed": "start"})
    assert post(reg, url, {"deed": "accept"}).status_code == 303
    for client, path in ((clerk, address("v1")), (reg, url), (nobody, "/i/P001/versions/1")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "其中不完整的档案数" in answer.text
        assert "电子化" not in answer.text
    for client, path in ((nobody, "/i/P001"), (reg, "/desk/institutions/P001/facts")):
        assert client.get(path).status_code == 200
    open_next(desk, reg)
    asked = "/my/reports/2026-H1"
    assert clerk.post(f"{asked}/start", data=hidden(clerk.get(asked).text)).status_code == 303
    page = clerk.get(f"{asked}/files").text
    assert "其中已经电子化的档案数" in page
    assert 'name="files_gaps"' not in page
    assert 'value="320"' in page


NOTE = "2024-07 版表格的问题，现行表格不再问"


def accept(reg: FlaskClient, receipt: str, **proofs: str) -> None:
    """Review a report and accept it with these proofs."""
    url = f"/desk/reports/{receipt}"
    post(reg, url, {"deed": "start"})
    marks = {f"proof-{path.replace('__', '.')}": mark for path, mark in proofs.items()}
    assert post(reg, url, {"deed": "accept", **marks}).status_code == 303


def report_by_the_new_form(desk: Desk, clerk: FlaskClient, reg: FlaskClient) -> str:
    """Hand in the next period's report, all answers as before; return its receipt number."""
    open_next(desk, reg)
    asked = "/my/reports/2026-H1"
    clerk.post(f"{asked}/start", data=hidden(clerk.get(asked).text))
    gone = {"files_gaps", "equipment-0-in_order"}
    for step in STEPS:
        given = {name: typed for name, typed in FILLED[step].items() if name not in gone}
        new = {"files_scanned": "12"} if step == "files" else {}
        answer = post(clerk, f"{asked}/{step}", {**given, **new, "finished": "done"})
        assert answer.status_code == 303, step
    assert post(clerk, f"{asked}/check").status_code == 303
    wanted = select(SpecialReport.receipt_no).where(SpecialReport.period == "2026-H1")
    with reading(desk.engine) as session:
        return session.scalars(wanted).one()


def test_what_a_new_form_no_longer_asks_stays_with_its_version(
    desk: Desk, settings: Settings
) -> None:
    clerk, reg, nobody = desk.browser("clerk"), desk.browser("reg"), desk.app.test_client()
    fill(clerk)
    accept(reg, hand_in(clerk), equipment__equipment__1="seen_on_site")
    renew_form(settings, desk)
    assert nobody.get("/i/P001").text.count(NOTE) == 1
    receipt = report_by_the_new_form(desk, clerk, reg)
    page = reg.get(f"/desk/reports/{receipt}").text
    assert "改动 1 处" in page
    assert "现行表格不再问的 1 项" in page
    accept(reg, receipt)
    shown = nobody.get("/i/P001").text, reg.get("/desk/institutions/P001/facts").text
    for text in shown:
        assert text.count(NOTE) == 1
        assert "其中不完整的档案数" in text
        assert "其中已经电子化的档案数" in text
        assert "现场核实" in text, "a row keeps its proof when a column is no longer asked"
    visit = reg.get("/desk/institutions/P001/visit").text
    (fact,) = re.findall(r'id="fact-(\d+)"><legend>[^\n]*不再问', visit)
    who = {"visited_on": desk.day.isoformat(), "visitors": "李检查"}
    seen = {**who, f"fact-{fact}": "contradicted", f"note-{fact}": "缺 3 份"}
    answer = post(reg, "/desk/institutions/P001/visit", seen)
    assert answer.status_code == 303
    assert NOTE in reg.get(answer.headers["Location"]).text
    assert "新表格不再问" in nobody.get("/i/P001/diff/1..2").text
