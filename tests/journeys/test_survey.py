"""A trainee's voice from slip to tally: printed, answered once, proved by a receipt, decided on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from handed import Hand
from signing import person, sent, signed_in, token_in
from sqlalchemy import Engine, select
from voices import FINE, Trainee, codes_on, print_slips, roster

from portal.casework.setting_up import become_demonstration
from portal.domain.people import Role
from portal.rules.office import Office
from portal.store.audit import AuditEvent
from portal.store.session import reading, transaction
from portal.store.site import site_of
from portal.store.surveys import SurveyAnswer, SurveySlip, SurveyTally

TODAY = date(2026, 11, 23)


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into the site of that day, with ten candidates of one institution."""
    with transaction(engine) as session:
        become_demonstration(session, "putuo", TODAY, datetime(2026, 11, 23, 2, tzinfo=UTC))
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    roster(hand, 10)
    return hand


@pytest.fixture
def officer(app: Flask, engine: Engine, hand: Hand) -> FlaskClient:
    """Return the browser of an officer of the exam authority."""
    del hand
    return signed_in(app, person(engine, "officer", Role.AUTHORITY).username)


@pytest.fixture
def regulator(app: Flask, engine: Engine) -> FlaskClient:
    """Return the browser of a regulator."""
    return signed_in(app, person(engine, "reg", Role.REGULATOR).username)


@pytest.fixture
def codes(officer: FlaskClient) -> list[str]:
    """Return the codes of the slips printed for the sitting, the spare last."""
    return codes_on(print_slips(officer))


def tally(engine: Engine) -> tuple[int | None, int, int | None]:
    """Return how many were invited, answered, and are very satisfied."""
    with reading(engine) as session:
        row = session.scalars(select(SurveyTally)).one()
        assert (row.source, row.period, row.receipt_id) == ("portal", "2026-H2", None)
        return row.invited, row.answered, row.very_satisfied


def receipt_in(page: str) -> str:
    """Return the receipt's code of a page."""
    found = re.search(r'class="big">([0-9A-Z-]{19})<', page)
    assert found
    return found[1]


def test_as_many_slips_as_candidates_and_a_spare(
    officer: FlaskClient, engine: Engine, codes: list[str]
) -> None:
    assert len(set(codes)) == 11
    with reading(engine) as session:
        rows = session.scalars(select(SurveySlip)).all()
        states = sorted(row.state for row in rows)
        assert states == ["open"] * 10 + ["spare"]
        kept = " ".join(row.code_hash for row in rows)
    assert not [code for code in codes if code.replace("-", "").lower() in kept]
    assert tally(engine) == (10, 0, 0)
    page = officer.get("/authority/slips").get_data(as_text=True)
    assert not [code for code in codes if code in page]
    assert "已打印" in page


def test_a_slip_says_what_a_slip_must_say(officer: FlaskClient, codes: list[str]) -> None:
    page = print_again(officer)
    for words in ("培训机构看不到是谁填的", "2026年12月20日", "示例P001安全培训中心", "（备用）"):
        assert words in page
    assert page.count("<svg") >= 11
    assert not set(codes_on(page)) & set(codes)


def print_again(officer: FlaskClient) -> str:
    """Print the only group's slips again; return the page."""
    page = officer.get("/authority/slips/1").get_data(as_text=True)
    fields = {"csrf_token": token_in(page), "group": "1"}
    return officer.post("/authority/slips/print", data=fields).get_data(as_text=True)


def test_an_answer_counts_once_and_its_receipt_proves_it(
    app: Flask, engine: Engine, codes: list[str]
) -> None:
    trainee = Trainee(app.test_client(), codes[0].lower().replace("0", "o"))
    typed = sent(trainee.client, "/survey", code=trainee.code)
    assert typed[0] == 303
    assert typed[2].endswith(codes[0])
    trainee.answers()
    done = trainee.sends()
    assert done.status_code == 200
    receipt = receipt_in(done.get_data(as_text=True))
    assert tally(engine) == (10, 1, 1)
    status, page, _ = sent(trainee.client, "/survey/receipt", code=receipt)
    assert status == 200
    assert "已经计入" in page
    again = trainee.client.get(f"/survey/{codes[0]}")
    assert again.status_code == 410
    assert "已经用过" in again.get_data(as_text=True)


def test_answers_lead_to_no_slip_and_no_person(
    app: Flask, engine: Engine, codes: list[str]
) -> None:
    trainee = Trainee(app.test_client(), codes[0], {"effect": "neutral"})
    trainee.answers()
    receipt = receipt_in(trainee.sends().get_data(as_text=True))
    with reading(engine) as session:
        answer = session.scalars(select(SurveyAnswer)).one()
        told = {name: getattr(answer, name) for name in FINE}
        assert told == FINE | {"effect": "neutral"}
        assert (answer.answered_at.second, answer.answered_at.microsecond) == (0, 0)
        columns = {column.name for column in SurveyAnswer.__table__.columns}
        assert not columns & {"slip_id", "number", "code_hash", "person_hash", "ticket_hash"}
        assert receipt.replace("-", "") not in str(vars(answer))
        assert not session.scalars(select(AuditEvent).where(AuditEvent.act.like("answer%"))).all()


def test_a_question_left_out_is_asked_for(app: Flask, codes: list[str]) -> None:
    client = app.test_client()
    address = f"/survey/{codes[0]}?q=effect"
    status, page, _ = sent(client, address, address)
    assert status == 422
    assert "请选一个答案" in page
    assert client.get(f"/survey/{codes[0]}?q=check").location.endswith("q=effect")


def test_pages_with_a_code_are_kept_by_nobody(app: Flask, codes: list[str]) -> None:
    answer = app.test_client().get(f"/survey/{codes[0]}?q=effect")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "Question 1 of 8" in app.test_client().get(f"/en/survey/{codes[0]}?q=effect").text


def test_wrong_codes_are_limited_and_right_ones_never(app: Flask, codes: list[str]) -> None:
    client = app.test_client()
    statuses = [sent(client, "/survey", code=f"0000-0000-0000-{n:04d}")[0] for n in range(22)]
    assert statuses == [404] * 20 + [429] * 2
    assert client.get("/survey/0000-0000-0000-0000").status_code == 429
    assert client.get(f"/survey/{codes[0]}").status_code == 200
    trainee = Trainee(client, codes[0])
    trainee.answers()
    assert trainee.sends().status_code == 200


def test_leftovers_are_voided_and_a_lost_slip_is_replaced(
    officer: FlaskClient, app: Flask, engine: Engine, codes: list[str]
) -> None:
    page = "/authority/slips/1"
    assert sent(officer, page, f"{page}/void", numbers="8-10", reason="unused")[0] == 303
    assert tally(engine) == (7, 0, 0)
    status, words, _ = sent(officer, page, f"{page}/void", numbers="8，11", reason="unused")
    assert status == 422
    assert "这些号码不能作废" in words
    assert app.test_client().get(f"/survey/{codes[10]}").status_code == 410
    assert sent(officer, page, f"{page}/replace", lost="1", spare="11")[0] == 303
    assert app.test_client().get(f"/survey/{codes[10]}").status_code == 200
    assert app.test_client().get(f"/survey/{codes[0]}").status_code == 410
    assert tally(engine) == (7, 0, 0)
    with reading(engine) as session:
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert [act for act in acts if "slip" in act] == [
        "slips.printed",
        "slips.voided",
        "slip.replaced",
    ]


@pytest.fixture
def stuffed(app: Flask, codes: list[str]) -> list[str]:
    """Let one telephone answer on three slips and others on two; return the receipts."""
    one = app.test_client()
    browsers = [one, one, one, app.test_client(), app.test_client()]
    receipts = []
    for number, (client, code) in enumerate(zip(browsers, codes, strict=False)):
        trainee = Trainee(client, code, {"service": "neutral"} if number % 2 else {})
        trainee.answers()
        receipts.append(receipt_in(trainee.sends().get_data(as_text=True)))
    return receipts


def test_several_answers_of_one_device_wait_until_a_person_decides(
    stuffed: list[str], app: Flask, engine: Engine, regulator: FlaskClient
) -> None:
    assert tally(engine) == (10, 2, 2)
    assert "正在核实" in sent(app.test_client(), "/survey/receipt", code=stuffed[0])[1]
    page = regulator.get("/desk/surveys/1").get_data(as_text=True)
    keys = re.findall(r'name="answers" type="checkbox" value="(\d+)"', page)
    assert len(keys) == 3
    assert "很满意" not in page
    chosen: dict[str, str | list[str]] = {"answers": keys[:2], "reason": "示例：同一台手机"}
    assert sent(regulator, "/desk/surveys/1", decision="withdrawn", **chosen)[0] == 303
    kept: dict[str, str | list[str]] = {"answers": keys[2:], "reason": "示例：本人说明"}
    assert sent(regulator, "/desk/surveys/1", decision="kept", **kept)[0] == 303
    assert tally(engine) == (10, 3, 3)
    with reading(engine) as session:
        assert len(session.scalars(select(SurveyAnswer)).all()) == 5
        facts = session.scalars(
            select(AuditEvent.facts)
            .where(AuditEvent.act == "answers.decided")
            .order_by(AuditEvent.id)
        ).all()
    assert [one["decision"] for one in facts] == ["withdrawn", "kept"]
    assert sent(regulator, "/desk/surveys/1", decision="kept", **kept)[0] == 409


def test_a_decision_needs_a_reason_and_answers(stuffed: list[str], regulator: FlaskClient) -> None:
    assert len(stuffed) == 5
    status, page, _ = sent(regulator, "/desk/surveys/1", decision="withdrawn", reason="示例")
    assert (status, "请勾选要处理的答案" in page) == (422, True)
    overview = regulator.get("/desk/surveys").get_data(as_text=True)
    assert "示例P001安全培训中心" in overview


@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.STREET, Role.REGULATOR])
def test_only_the_authority_hands_out_slips(
    app: Flask, engine: Engine, hand: Hand, role: Role
) -> None:
    del hand
    fields = {
        Role.INSTITUTION: {"institution_code": "P001"},
        Role.STREET: {"area_code": "310107005"},
    }
    somebody = signed_in(app, person(engine, "x", role, **fields.get(role, {})).username)
    assert somebody.get("/authority/slips").status_code == 403
    if role is not Role.REGULATOR:
        assert somebody.get("/desk/surveys").status_code == 403


def test_after_the_last_day_nothing_is_taken(app: Flask, engine: Engine, codes: list[str]) -> None:
    with transaction(engine) as session:
        site = site_of(session)
        assert site
        site.demonstration_on = date(2026, 12, 21)
    answer = app.test_client().get(f"/survey/{codes[0]}")
    assert answer.status_code == 410
    assert "已经截止" in answer.get_data(as_text=True)
