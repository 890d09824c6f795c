"""The exam authority's officer at the desk: upload, see, decide, receipt; and who may not."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from handed import Hand, csv_of, exam, identity_number
from signing import person, signed_in, token_in
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from portal.domain.people import Role
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.headers import layout_of, measure
from portal.intake.files.reading import sheets_of
from portal.intake.files.source import Source
from portal.rules.office import Office
from portal.store.audit import AuditEvent, first_break
from portal.store.receipts import Receipt, Upload
from portal.store.session import reading

CELL = ("low-voltage-electrician", "2026-H1")


def upload(
    client: FlaskClient, content: bytes, name: str = "成绩.csv", *, prefix: str = ""
) -> TestResponse:
    """Hand a file in on the page; return the answer."""
    address = f"{prefix}/authority"
    token = token_in(client.get(address).get_data(as_text=True))
    data = {"csrf_token": token, "kind": "exams", "file": (io.BytesIO(content), name)}
    return client.post(address, data=data, content_type="multipart/form-data")


def decide(client: FlaskClient, address: str, act: str, **fields: str) -> TestResponse:
    """Send the decision on a staged file."""
    token = token_in(client.get(address).get_data(as_text=True))
    return client.post(f"{address}/{act}", data={"csrf_token": token, **fields})


def test_the_first_visit_says_what_to_do(officer: FlaskClient, office: Office) -> None:
    page = officer.get("/authority").get_data(as_text=True)
    assert "还没有登记培训机构" in page
    assert "还没有接收过文件" in page
    english = officer.get("/en/authority").get_data(as_text=True)
    assert "No institution is registered yet" in english
    assert office.title_zh in page


@pytest.mark.parametrize(("root", "heads"), [("", "身份证号"), ("/en", "person_id")])
@pytest.mark.parametrize("kind", [Kind.EXAMS, Kind.TALLIES])
def test_an_empty_table_has_headings_that_are_understood(
    officer: FlaskClient, root: str, heads: str, kind: Kind
) -> None:
    blank = officer.get(f"{root}/authority/blank/{kind}.xlsx").get_data()
    form = format_of(kind)
    (sheet,) = sheets_of(Source("空表.xlsx", blank), measure(form))
    layout = layout_of([*sheet.rows], form)
    assert layout is not None
    assert not layout.ignored
    asked = {*form.keys[:15]} if kind is Kind.EXAMS else {*form.keys}
    assert {*layout.headers} == asked
    assert (heads in layout.spoken) is (kind is Kind.EXAMS)


def test_an_empty_table_knows_other_kinds_only(officer: FlaskClient) -> None:
    assert officer.get("/authority/blank/units.xlsx").status_code == 404
    assert officer.get("/authority/blank/exams.csv").location == "/authority/blank/exams.xlsx"


def test_a_good_file_from_upload_to_receipt(
    hand: Hand, officer: FlaskClient, engine: Engine
) -> None:
    staged = upload(officer, csv_of([exam(1), exam(2)]))
    assert staged.status_code == 303
    address = staged.headers["Location"]
    page = officer.get(address).get_data(as_text=True)
    assert "接收全部 2 行" in page
    assert hand.counted() == {}
    taken = decide(officer, address, "take-in")
    assert taken.status_code == 303
    receipt = officer.get(taken.headers["Location"]).get_data(as_text=True)
    assert "已经接收" in receipt
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    with reading(engine) as session:
        row = session.scalars(select(Receipt).where(Receipt.kind == "exams")).one()
        upload_row = session.scalars(select(Upload)).one()
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
        assert row.number in receipt
        assert (upload_row.sealed_content, upload_row.receipt_id) == (None, row.id)
        assert acts[-2:] == ["file.staged", "file.taken_in"]
        assert first_break(session) is None
    assert row.number in officer.get("/authority").get_data(as_text=True)
    assert officer.get(address).headers["Location"].endswith(row.number)


def test_the_same_file_again_shows_the_first_receipt(hand: Hand, officer: FlaskClient) -> None:
    content = csv_of([exam(1)])
    first = upload(officer, content)
    decide(officer, first.headers["Location"], "take-in")
    again = upload(officer, content)
    assert again.status_code == 303
    assert "again=1" in again.headers["Location"]
    assert "这份文件以前已经接收" in officer.get(again.headers["Location"]).get_data(as_text=True)
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def faulty(count: int = 500, faults: int = 40) -> list[dict[str, object]]:
    """Return rows of which the last ``faults`` have one fault each."""
    first = count - faults + 1
    good = [exam(number) for number in range(1, first)]
    return good + [exam(number, theory_score="缺") for number in range(first, count + 1)]


def test_all_faults_come_back_in_one_answer(hand: Hand, officer: FlaskClient) -> None:
    address = upload(officer, csv_of(faulty())).headers["Location"]
    page = officer.get(address).get_data(as_text=True)
    assert page.count('<th scope="row">') == 40
    assert "第 462 行" in page
    assert "theory_score" in page
    assert identity_number(461) not in page
    english = officer.get(f"/en{address}").get_data(as_text=True)
    assert "Row 462" in english
    listed = officer.get(f"{address}/refusals.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(listed) == 41
    assert hand.counted() == {}


def test_faulty_rows_are_left_out_only_where_that_is_ticked(
    hand: Hand, officer: FlaskClient
) -> None:
    address = upload(officer, csv_of(faulty(10, 3))).headers["Location"]
    refused = decide(officer, address, "take-in")
    assert refused.status_code == 422
    assert "还有 3 行被拒收" in refused.get_data(as_text=True)
    assert hand.counted() == {}
    taken = decide(officer, address, "take-in", partial="y")
    assert taken.status_code == 303
    assert hand.counted() == {CELL: (7, 7, 7, 7, 7)}
    assert "有 3 行没有接收" in officer.get(taken.headers["Location"]).get_data(as_text=True)


def test_a_file_that_cannot_be_read_changes_nothing(
    hand: Hand, officer: FlaskClient, engine: Engine
) -> None:
    answer = upload(officer, b"%PDF-1.7 nothing", "成绩.xlsx")
    assert answer.status_code == 422
    assert "这不是表格文件" in answer.get_data(as_text=True)
    english = upload(officer, b"", "x.csv", prefix="/en")
    assert english.status_code == 422
    assert "empty" in english.get_data(as_text=True)
    with reading(engine) as session:
        assert session.scalars(select(Upload)).all() == []
    assert hand.counted() == {}


def test_nothing_chosen_is_said_in_words(officer: FlaskClient) -> None:
    token = token_in(officer.get("/authority").get_data(as_text=True))
    answer = officer.post("/authority", data={"csrf_token": token, "kind": "units"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请选择要上传的文件" in page
    assert "请选择文件的种类" in page


def test_a_file_given_up_is_gone(hand: Hand, officer: FlaskClient, engine: Engine) -> None:
    address = upload(officer, csv_of([exam(1)])).headers["Location"]
    assert decide(officer, address, "give-up").status_code == 303
    assert officer.get(address).status_code == 404
    with reading(engine) as session:
        row = session.scalars(select(Upload)).one()
        assert (row.state, row.sealed_content) == ("given_up", None)
    assert hand.counted() == {}


def test_a_decision_is_made_once(hand: Hand, officer: FlaskClient) -> None:
    address = upload(officer, csv_of([exam(1)])).headers["Location"]
    token = token_in(officer.get(address).get_data(as_text=True))
    first = officer.post(f"{address}/take-in", data={"csrf_token": token})
    second = officer.post(f"{address}/give-up", data={"csrf_token": token})
    assert (first.status_code, second.status_code) == (303, 409)
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_a_staged_file_lies_encrypted(hand: Hand, officer: FlaskClient, engine: Engine) -> None:
    del hand
    upload(officer, csv_of([exam(1, theory_score="八十"), exam(2)]), "310107199003070029-张三.csv")
    with reading(engine) as session:
        row = session.scalars(select(Upload)).one()
        seen = json.dumps(row.report, ensure_ascii=False) + row.file_name
        assert row.sealed_content is not None
        assert b"ticket_no" not in row.sealed_content
    assert "cell.score" in seen  # the control: the report is really looked at
    for secret in (identity_number(1), identity_number(2), "310107199003070029"):
        assert secret not in seen


@pytest.mark.parametrize("role", [Role.REGULATOR, Role.INSTITUTION, Role.OBSERVER, Role.ADMIN])
def test_other_roles_cannot_take_files_in(
    hand: Hand, app: Flask, engine: Engine, role: Role
) -> None:
    fields = {"institution_code": "P001"} if role is Role.INSTITUTION else {}
    other = signed_in(app, person(engine, f"other{role}", role, **fields).username)
    assert other.get("/authority").status_code == 403
    assert other.post("/authority").status_code == 403
    assert app.test_client().get("/authority").status_code == 303
    assert hand.counted() == {}


def test_the_regulator_sees_receipts_and_can_change_nothing(
    hand: Hand, officer: FlaskClient, app: Flask, engine: Engine
) -> None:
    regulator = signed_in(app, person(engine, "regulator", Role.REGULATOR).username)
    assert "P001" not in regulator.get("/desk/imports").get_data(as_text=True)
    address = upload(officer, csv_of([exam(1)])).headers["Location"]
    taken = decide(officer, address, "take-in").headers["Location"]
    number = taken.partition("/receipts/")[2].partition("?")[0]
    page = regulator.get("/desk/imports").get_data(as_text=True)
    assert number in page
    assert "<form" not in page.partition("<main")[2]
    assert hand.counted()
    assert "低压电工作业" in regulator.get(f"/desk/imports/{number}").get_data(as_text=True)
    assert regulator.get("/desk/imports/20990101-001").status_code == 404
    assert officer.get("/desk/imports").status_code == 403


def test_a_corrected_file_goes_through_the_desk_and_can_be_taken_back(
    hand: Hand, officer: FlaskClient
) -> None:
    first = hand.exams(exam(1), exam(2))
    assert first.receipt
    number = first.receipt.number
    token = token_in(officer.get("/authority").get_data(as_text=True))
    file = (io.BytesIO(csv_of([exam(1, theory_score=50)])), "更正.csv")
    data = {"csrf_token": token, "kind": "exams", "file": file, "corrects": number}
    staged = officer.post("/authority", data=data, content_type="multipart/form-data")
    address = staged.headers["Location"]
    page = officer.get(address).get_data(as_text=True)
    assert f"更正回执 {number}：新增或改动 1 行，撤下 1 行" in page
    refused = decide(officer, address, "take-in")
    assert refused.status_code == 422
    assert "请写明理由" in refused.get_data(as_text=True)
    taken = decide(officer, address, "take-in", reason="示例：登错分数")
    assert taken.status_code == 303
    assert hand.counted() == {CELL: (1, 1, 1, 0, 0)}
    assert "已经更正" in officer.get(f"/authority/receipts/{number}").get_data(as_text=True)
    new = taken.headers["Location"].partition("?")[0]
    token = token_in(officer.get(new).get_data(as_text=True))
    undone = officer.post(f"{new}/undo", data={"csrf_token": token, "why": "示例：交错了"})
    assert undone.status_code == 303
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    assert "已经撤销" in officer.get(new).get_data(as_text=True)
