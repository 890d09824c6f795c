"""A long file tells on its own page how far it is, without any script."""

from __future__ import annotations

import io
from time import sleep

import pytest
from flask import Flask
from flask.testing import FlaskClient
from handed import Hand, csv_of, exam
from signing import person, signed_in, token_in
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.domain.errors import RuleBroken
from portal.domain.people import Role
from portal.intake.files.checking import Told
from portal.intake.files.formats import Kind
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter, Handed
from portal.intake.taking_in import check_file
from portal.rules.office import Office
from portal.web import handing_in


@pytest.fixture
def officer(app: Flask, engine: Engine, office: Office) -> FlaskClient:
    """Return the browser of an officer of the exam authority, one institution registered."""
    Hand(engine, office).register("P001")
    return signed_in(app, person(engine, "officer", Role.AUTHORITY).username)


def slowly(session: Session, counter: Counter, kind: Kind, source: Source, told: Told) -> Handed:
    """Check a file as if it had many rows."""
    for count in (0, 5_000, 10_000, 15_000, 20_000):
        told(count)
    sleep(0.5)
    if b"P009" in source.open().read():
        raise RuleBroken("intake.no_person_key")
    return check_file(session, counter, kind, source, told)


def upload(officer: FlaskClient, *rows: dict[str, object]) -> TestResponse:
    """Send a file."""
    token = token_in(officer.get("/authority").get_data(as_text=True))
    file = (io.BytesIO(csv_of(rows)), "成绩.csv")
    data = {"csrf_token": token, "kind": "exams", "file": file}
    return officer.post("/authority", data=data, content_type="multipart/form-data")


def test_rows_are_told_as_they_are_read_and_the_page_leads_on(
    officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "check_file", slowly)
    answer = upload(officer, exam(1))
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    lines = [f"已读 {count:,} 行" for count in (5_000, 10_000, 15_000, 20_000)]
    assert [line in page for line in lines] == [False, True, False, True]
    address = page.rpartition('http-equiv="refresh" content="0;url=')[2].partition('"')[0]
    assert "接收全部 1 行" in officer.get(address).get_data(as_text=True)


def test_what_is_wrong_late_is_said_on_the_same_page(
    officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "check_file", slowly)
    page = upload(officer, exam(1, institution_code="P009")).get_data(as_text=True)
    assert "没有处理成：" in page
    assert "refresh" not in page


def test_a_short_file_is_answered_at_once(officer: FlaskClient) -> None:
    assert upload(officer, exam(1)).status_code == 303
