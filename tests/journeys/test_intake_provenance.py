"""Every figure that rests on a file entered for the exam authority says so, for ever."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from handed import AT, DAY, Hand, csv_of, exam
from signing import person, sent, signed_in
from sqlalchemy import Engine, select
from test_intake_on_behalf import enter

from portal.demonstration.doors import Place, compose, seal
from portal.domain.people import OPERATOR, Role
from portal.domain.period import Period
from portal.intake.taking_back import undo
from portal.publication.editions.archive import contents_of
from portal.publication.editions.tables import PROVENANCE, rows_of
from portal.publication.verification.checking import verified
from portal.rules.office import Office
from portal.settings import ROOT, Settings
from portal.store.editions import Edition
from portal.store.receipts import Receipt
from portal.store.session import reading, transaction

SENTENCE = "监管人员代考试机构录入：示例市考试中心（示考〔2026〕7号"
TRADE = "low-voltage-electrician"


@dataclass(frozen=True, slots=True)
class Published:
    """An edition in which one institution's figures came with a letter, another's did not."""

    bundle: bytes
    receipt: str
    officer: FlaskClient


@pytest.fixture
def published(app: Flask, engine: Engine, office: Office, settings: Settings) -> Published:
    """Return the edition; the authority's own account handed in what P002 stands for."""
    hand = Hand(engine, office)
    hand.register("P001", "P002", "P003")
    few = [exam(n, institution_code="P003", ticket_no=f"C{n}") for n in range(200, 203)]
    hand.exams(*[exam(n, institution_code="P002", ticket_no=f"B{n}") for n in range(100, 140)])
    browsers = [
        signed_in(app, person(engine, name, Role.REGULATOR).username) for name in ("reg1", "reg2")
    ]
    rows = [exam(n) for n in range(1, 41)]
    address = enter(browsers[0], csv_of([*rows, *few])).headers["Location"]
    assert sent(browsers[1], address, f"{address}/confirm")[0] == 303
    place = Place(
        engine=engine,
        office=office,
        person_key=hand.person_key or "",
        data_dir=settings.data_dir,
        machine=AT,
    )
    seal(place, compose(place, Period.parse("2026-H1"), AT, DAY), AT, DAY)
    with reading(engine) as session:
        bundle = session.scalars(select(Edition.bundle)).one()
        receipt = session.scalars(select(Receipt.number).where(Receipt.sender.is_not(None))).one()
    assert bundle
    return Published(bundle, receipt, browsers[0])


def test_the_bundle_names_the_letter_of_each_published_cell(
    published: Published, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (told,) = rows_of(PROVENANCE, contents_of(published.bundle).members)
    assert (told.trade, told.institution, told.period) == (TRADE, "P001", "2026-H1")
    assert (told.sender, told.document_no) == ("示例市考试中心", "示考〔2026〕7号")
    assert (told.entered_by, told.confirmed_by) == ("reg1", "reg2")
    file = settings.data_dir / "one.zip"
    file.write_bytes(published.bundle)
    report = verified(str(file), None, settings.data_dir)
    assert (report.fault, len(report.passed)) == (None, 1)
    keys = next((settings.data_dir / "keys" / "public").glob("*.pem"))
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.setattr(sys, "argv", ["verify_bundle.py", str(file), "--key", str(keys)])
    assert __import__("verify_bundle").main() == 0


def test_pages_say_it_where_it_holds_and_nowhere_else(published: Published, app: Flask) -> None:
    reader = app.test_client()
    says = {
        address: SENTENCE in reader.get(address).get_data(as_text=True)
        for address in (
            f"/rank/{TRADE}",
            f"/rank/{TRADE}/2026-H1",
            f"/rank/{TRADE}/chart",
            f"/trade/{TRADE}",
            f"/compare?id=P001&id=P002&trade={TRADE}",
            "/i/P001",
            "/i/P001/chart",
            "/",
            "/i/P002",
        )
    }
    assert [address for address, told in says.items() if not told] == ["/i/P002"]
    assert "示考〔2026〕7号" in reader.get("/editions/1").get_data(as_text=True)
    assert "示考〔2026〕7号" in published.officer.get("/desk/editions/1").get_data(as_text=True)


def test_programs_are_told_it_as_json_and_as_csv(published: Published, app: Flask) -> None:
    reader = app.test_client()
    items = reader.get(f"/api/v1/rankings?trade={TRADE}").get_json()["items"]
    told = {one["institution"]: one["provenance"] for one in items}
    assert (told["P002"], told["P003"]) == ([], [])
    (letter,) = told["P001"]
    assert (letter["receipt"], letter["received_on"]) == (published.receipt, "2026-03-20")
    (one,) = reader.get("/api/v1/institutions/P001").get_json()["rankings"]
    assert one["provenance"] == [letter]
    table = reader.get(f"/api/v1/rankings.csv?trade={TRADE}").get_data(as_text=True)
    cells = {row["institution"]: row["provenance"] for row in csv.DictReader(io.StringIO(table))}
    assert cells["P002"] == ""
    assert "sender 示例市考试中心 · document_no 示考〔2026〕7号" in cells["P001"]


def test_a_sealed_figure_keeps_its_letter_when_the_file_is_taken_back(
    published: Published, app: Flask, engine: Engine
) -> None:
    with transaction(engine) as session:
        undo(session, OPERATOR, published.receipt, "来文撤销", AT)
    assert SENTENCE in app.test_client().get(f"/rank/{TRADE}").get_data(as_text=True)
