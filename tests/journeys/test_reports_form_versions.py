"""A new version of the form: old reports keep theirs, the next period asks by the new one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from reports_desk import Desk, address, fill, hand_in, hidden, post, set_up_desk

from portal.settings import ROOT

if TYPE_CHECKING:
    from flask import Flask
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
    gone = re.search(r'    \{ key = "files_gaps".*\n', text)
    assert gone
    new = gone[0].replace("files_gaps", "files_scanned").replace("其中不完整", "其中已经电子化")
    settings.local_rules.mkdir(parents=True)
    file = settings.local_rules / "report-form.toml"
    file.write_text(text.replace(gone[0], new), encoding="utf-8")


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
    opening = {
        "period": "2026-H1",
        "opens_on": desk.day.isoformat(),
        "due_on": (desk.day + timedelta(days=40)).isoformat(),
    }
    assert post(reg, "/desk/reports/periods/new", opening).status_code == 303
    asked = "/my/reports/2026-H1"
    assert clerk.post(f"{asked}/start", data=hidden(clerk.get(asked).text)).status_code == 303
    page = clerk.get(f"{asked}/files").text
    assert "其中已经电子化的档案数" in page
    assert 'name="files_gaps"' not in page
    assert 'value="320"' in page
