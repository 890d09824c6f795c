"""What a person says once of a file's own words is known ever after; and the file given back."""

from __future__ import annotations

import io

import openpyxl
from flask.testing import FlaskClient
from handed import EXAM_HEADER, Hand, csv_of, exam, identity_number
from signing import sent, token_in
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from portal.intake.files.formats import Kind
from portal.store.audit import AuditEvent
from portal.store.session import reading

CELL = ("low-voltage-electrician", "2026-H1")
TYPED = "示例P001安培中心"


def upload(client: FlaskClient, content: bytes, name: str = "成绩.csv") -> TestResponse:
    """Hand a file in on the page; return the answer."""
    token = token_in(client.get("/authority").get_data(as_text=True))
    data = {"csrf_token": token, "kind": "exams", "file": (io.BytesIO(content), name)}
    return client.post("/authority", data=data, content_type="multipart/form-data")


def strange(*numbers: int) -> bytes:
    """Return rows under a name that nobody is known by."""
    rows = [exam(n, institution_code="", institution_name=TYPED) for n in numbers]
    return csv_of([*rows, exam(9)])


def test_a_name_is_said_once_and_known_ever_after(
    hand: Hand, officer: FlaskClient, engine: Engine
) -> None:
    address = upload(officer, strange(1, 2)).headers["Location"]
    page = officer.get(address).get_data(as_text=True)
    assert "不认识的机构名称" in page
    alike = page.partition('label="写法相近"')[2].partition("</optgroup>")[0]
    assert "示例P001安全培训中心" in alike
    assert sent(officer, address, f"{address}/names", name=TYPED, code="P001")[0] == 303
    page = officer.get(address).get_data(as_text=True)
    assert "接收全部 3 行" in page
    assert sent(officer, address, f"{address}/take-in")[0] == 303
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    again = hand.exams(exam(5, institution_code="", institution_name=f" {TYPED}（）"))
    assert again.accepted == 1
    with reading(engine) as session:
        facts = session.scalars(
            select(AuditEvent.facts).where(AuditEvent.act == "name.learned")
        ).all()
    assert facts == [{"name": TYPED, "institution": "P001"}]


def test_a_name_from_elsewhere_counts_for_nobody(hand: Hand, officer: FlaskClient) -> None:
    address = upload(officer, strange(1)).headers["Location"]
    assert sent(officer, address, f"{address}/names", name=TYPED, code="-")[0] == 303
    assert sent(officer, address, f"{address}/take-in")[0] == 303
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_an_unknown_institution_is_not_learned(hand: Hand, officer: FlaskClient) -> None:
    address = upload(officer, strange(1)).headers["Location"]
    way = sent(officer, address, f"{address}/names", name=TYPED, code="X1")[2]
    assert "没有记住" in officer.get(way).get_data(as_text=True)
    assert hand.counted() == {}


def test_a_column_is_said_once_and_known_ever_after(hand: Hand, officer: FlaskClient) -> None:
    header = ["本人编号" if key == "person_id" else key for key in EXAM_HEADER]
    rows = [exam(1) | {"本人编号": exam(1)["person_id"]}]
    refused = upload(officer, csv_of(rows, header))
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "这些列在文件里叫什么" in page
    assert '<option value="本人编号">' in page
    fields = {"kind": "exams", "col_person_id": "本人编号"}
    status, _, way = sent(officer, "/authority", "/authority/columns", **fields)
    assert status == 303
    assert "记住了" in officer.get(way).get_data(as_text=True)
    staged = upload(officer, csv_of(rows, header))
    assert staged.status_code == 303
    assert hand.give(Kind.EXAMS, csv_of(rows, header)).accepted == 1
    other = sent(officer, "/authority", "/authority/columns", kind="exams", col_name="本人编号")
    assert "没有记住" in officer.get(other[2]).get_data(as_text=True)


def test_the_file_comes_back_with_a_result_for_every_row(hand: Hand, officer: FlaskClient) -> None:
    del hand
    rows = [exam(1), exam(2, theory_score="缺", name="=HYPERLINK(1)"), exam(3, attempt="x")]
    address = upload(officer, csv_of(rows)).headers["Location"]
    answer = officer.get(f"{address}/checked.xlsx")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    lines = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert [line[0] for line in lines] == ["结果", "没有错误", "有错", "有错"]
    assert lines[0][2:] == list(EXAM_HEADER)
    assert "theory_score" in lines[2][1]
    assert "attempt" in lines[3][1]
    cells = [str(cell) for line in lines for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert not [cell for cell in cells if identity_number(1) in cell]
    english = officer.get(f"/en{address}/checked.xlsx").get_data()
    book = openpyxl.load_workbook(io.BytesIO(english))
    assert book.worksheets[0]["A1"].value == "result"


def test_what_was_taught_wrongly_is_forgotten_again(hand: Hand, officer: FlaskClient) -> None:
    address = upload(officer, strange(1)).headers["Location"]
    assert "还没有记住什么" in officer.get("/authority/words").get_data(as_text=True)
    sent(officer, address, f"{address}/names", name=TYPED, code="P001")
    page = officer.get("/authority/words").get_data(as_text=True)
    assert TYPED in page
    row = page.partition('name="row" value="')[2].partition('"')[0]
    forget = {"what": "alias", "row": row}
    assert sent(officer, "/authority/words", "/authority/words/forget", **forget)[0] == 303
    assert hand.exams(exam(5, institution_code="", institution_name=TYPED)).refused == 1
    again = sent(officer, address, "/authority/words/forget", **forget)
    assert again[0] == 404
