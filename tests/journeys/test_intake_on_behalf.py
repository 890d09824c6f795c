"""An authority without an account: one regulator enters its file, another confirms it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from handed import LETTER, Hand, csv_of, exam, stamp
from signing import person, sent, signed_in, token_in
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from portal.domain.people import Role
from portal.store.audit import AuditEvent
from portal.store.receipts import Receipt, ScannedCover, Upload
from portal.store.session import reading

CELL = ("low-voltage-electrician", "2026-H1")
Fields = dict[str, str]


@pytest.fixture
def first(app: Flask, engine: Engine, hand: Hand) -> FlaskClient:
    """Return the browser of the regulator who enters."""
    del hand
    return signed_in(app, person(engine, "reg1", Role.REGULATOR).username)


@pytest.fixture
def second(app: Flask, engine: Engine) -> FlaskClient:
    """Return the browser of the regulator who confirms."""
    return signed_in(app, person(engine, "reg2", Role.REGULATOR).username)


def enter(
    client: FlaskClient, content: bytes, scan: bytes | None = None, letter: Fields | None = None
) -> TestResponse:
    """Enter a file with its letter."""
    page = client.get("/desk/imports/new").get_data(as_text=True)
    data = {
        "csrf_token": token_in(page),
        "kind": "exams",
        "file": (io.BytesIO(content), "成绩.csv"),
        "scan": (io.BytesIO(stamp() if scan is None else scan), "来文.png"),
        **(LETTER | (letter or {})),
    }
    return client.post("/desk/imports/new", data=data, content_type="multipart/form-data")


def test_two_regulators_take_a_file_in_and_every_place_says_so(
    hand: Hand, first: FlaskClient, second: FlaskClient, engine: Engine
) -> None:
    entered = enter(first, csv_of([exam(1), exam(2)]))
    assert entered.status_code == 303
    address = entered.headers["Location"]
    assert "请另一名监管人员确认" in first.get(address).get_data(as_text=True)
    assert sent(first, address, f"{address}/confirm")[0] == 403
    assert hand.counted() == {}
    assert "示例市考试中心" in second.get("/desk/imports").get_data(as_text=True)
    assert second.get(f"{address}/scan").get_data() == stamp()
    assert "只是试算" in second.get(f"{address}/effect").get_data(as_text=True)
    assert sent(second, address, f"{address}/confirm")[0] == 303
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    with reading(engine) as session:
        receipt = session.scalars(select(Receipt).where(Receipt.kind == "exams")).one()
        told = (receipt.sender, receipt.document_no, receipt.taken_in_by, receipt.confirmed_by)
        assert told == ("示例市考试中心", "示考〔2026〕7号", "reg1", "reg2")
        cover = session.scalars(select(ScannedCover)).one()
        assert cover.sealed_content != stamp()
        assert cover.sha256 == receipt.scan_sha256
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-2:] == ["file.staged", "file.taken_in"]
    page = second.get(f"/desk/imports/{receipt.number}").get_data(as_text=True)
    assert "监管人员代为录入" in page
    assert second.get(f"/desk/imports/{receipt.number}/scan").get_data() == stamp()


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ({"sender": " "}, "请填写来文单位"),
        ({"document_no": ""}, "请填写文号"),
        ({"received_on": ""}, "请填写收到日期"),
        ({"received_on": "2999-01-01"}, "请填写收到日期"),
    ],
)
def test_the_letter_must_be_told_in_full(
    first: FlaskClient, letter: dict[str, str], words: str, engine: Engine
) -> None:
    refused = enter(first, csv_of([exam(1)]), letter=letter)
    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)
    with reading(engine) as session:
        assert session.scalars(select(Upload)).all() == []


def test_all_that_is_not_told_is_said_at_once(first: FlaskClient) -> None:
    page = sent(first, "/desk/imports/new", "/desk/imports/new", kind="exams")[1]
    for words in ("请选择要上传的文件", "请填写来文单位", "请填写文号", "请填写收到日期"):
        assert page.count(words) == 2, words  # in the summary and at the field
    assert page.count("请选择盖章原件的扫描件") == 2


def test_faults_go_back_to_the_sender_row_by_row(
    app: Flask, first: FlaskClient, second: FlaskClient, engine: Engine
) -> None:
    address = enter(first, csv_of([exam(1), exam(2, theory_score="101")])).headers["Location"]
    page = second.get(address).get_data(as_text=True)
    assert "一致，确认接收" not in page
    assert "分数不能超过 100" in page
    listed = second.get(f"{address}/refusals.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(listed) == 2
    content = io.BytesIO(second.get(f"{address}/checked.xlsx").get_data())
    lines = [*openpyxl.load_workbook(content).worksheets[0].iter_rows(values_only=True)]
    assert [line[0] for line in lines] == ["结果", "没有错误", "有错"]
    assert sent(second, address, f"{address}/confirm")[0] == 422
    officer = signed_in(app, person(engine, "officer", Role.AUTHORITY).username)
    assert officer.get(f"{address}/checked.xlsx").status_code == 403


def test_the_authority_s_desk_does_not_take_in_what_regulators_entered(
    hand: Hand, first: FlaskClient, app: Flask, engine: Engine
) -> None:
    address = enter(first, csv_of([exam(1)])).headers["Location"]
    officer = signed_in(app, person(engine, "officer", Role.AUTHORITY).username)
    own = address.replace("/desk/imports/entered", "/authority/uploads")
    for page in ("", "/effect", "/refusals.csv", "/checked.xlsx"):
        assert officer.get(f"{own}{page}").status_code == 404
    for act in ("take-in", "names"):
        assert sent(officer, "/authority", f"{own}/{act}", **NAMED.get(act, {}))[0] == 404
    assert hand.counted() == {}


NAMED = {"names": {"name": "示例", "code": "P001"}}


def test_a_scan_that_is_no_picture_is_refused(first: FlaskClient) -> None:
    assert enter(first, csv_of([exam(1)]), b"MZ this is a program").status_code == 422


@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.AUTHORITY, Role.STREET, Role.OBSERVER])
def test_nobody_else_reaches_it(app: Flask, engine: Engine, hand: Hand, role: Role) -> None:
    del hand
    fields = {
        Role.INSTITUTION: {"institution_code": "P001"},
        Role.STREET: {"area_code": "310107005"},
    }
    other = signed_in(app, person(engine, "other", role, **fields.get(role, {})).username)
    assert other.get("/desk/imports/new").status_code == 403
    assert other.get("/desk/imports/entered/1").status_code == 403
    if role is not Role.OBSERVER:
        assert other.get("/desk/imports/20260101-001/scan").status_code == 403


def test_what_was_entered_is_not_on_the_authority_s_desk_and_can_be_given_up(
    hand: Hand, first: FlaskClient, app: Flask, engine: Engine
) -> None:
    address = enter(first, csv_of([exam(1)])).headers["Location"]
    officer = signed_in(app, person(engine, "officer", Role.AUTHORITY).username)
    assert "查看并决定" not in officer.get("/authority").get_data(as_text=True)
    assert sent(first, address, f"{address}/give-up")[0] == 303
    assert first.get(address).status_code == 404
    assert hand.counted() == {}


def test_what_two_entered_two_take_back(
    hand: Hand, first: FlaskClient, second: FlaskClient, engine: Engine
) -> None:
    address = enter(first, csv_of([exam(1)])).headers["Location"]
    sent(second, address, f"{address}/confirm")
    with reading(engine) as session:
        asked = select(Receipt.number).where(Receipt.sender.is_not(None))
        page = f"/desk/imports/{session.scalars(asked).one()}"
    assert sent(first, page, f"{page}/undo", why=" ")[0] == 422
    assert sent(first, page, f"{page}/undo", why="示例：来文撤回")[0] == 303
    assert sent(first, page, f"{page}/undo", why="再来一次")[0] == 409
    assert sent(first, page, f"{page}/undo/agree")[0] == 403
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}
    assert "示例：来文撤回" in second.get("/desk/imports").get_data(as_text=True)
    assert sent(second, page, f"{page}/undo/drop")[0] == 303
    assert sent(second, page, f"{page}/undo/agree")[0] == 404
    assert sent(second, page, f"{page}/undo", why="示例：来文撤回")[0] == 303
    assert sent(first, page, f"{page}/undo/agree")[0] == 303
    assert hand.counted() == {}
    assert "reg2、reg1 于" in first.get(page).get_data(as_text=True)
    with reading(engine) as session:
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-4:] == ["file.undo_asked", "file.undo_dropped", "file.undo_asked", "file.undone"]


def test_what_the_authority_handed_in_itself_no_regulator_takes_back(
    hand: Hand, first: FlaskClient
) -> None:
    outcome = hand.exams(exam(1))
    assert outcome.receipt
    page = f"/desk/imports/{outcome.receipt.number}"
    assert "提出撤销" not in first.get(page).get_data(as_text=True)
    assert sent(first, "/desk/imports/new", f"{page}/undo", why="示例")[0] == 403
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}
