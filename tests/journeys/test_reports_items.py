"""Review item by item, doubts beside it, and visits that mark the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from reports_desk import FILLED, Desk, address, fill, hand_in, hidden, post, set_up_desk
from sqlalchemy import select

from portal.store.reports import Fact
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

VISIT = "/desk/institutions/P001/visit"


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def in_review(desk: Desk) -> tuple[FlaskClient, str]:
    """Return a reviewer and the address of the report they are reviewing."""
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    assert post(reg, url, {"deed": "start"}).status_code == 303
    return reg, url


def test_a_review_is_kept_and_gone_on_with(desk: Desk) -> None:
    reg, url = in_review(desk)
    marks = {
        "verdict-files.files_count": "accepted",
        "proof-teachers.teachers.1": "document_seen",
        "verdict-venues.venues.1": "returned",
        "reason-venues.venues.1": "expired",
        "words-venues.venues.1": "到期日写错了",
    }
    assert post(reg, url, {**marks, "deed": "save"}).status_code == 303
    page = desk.browser("reg").get(url).text
    assert 'name="verdict-files.files_count" value="accepted" checked' in page
    assert 'value="document_seen" selected' in page
    assert "证书或者合同已经过期，请更新。\n到期日写错了" in page
    assert desk.events("report.mark") == ["report.mark"]


def test_an_item_is_returned_only_with_a_reason_and_never_accepted(desk: Desk) -> None:
    reg, url = in_review(desk)
    bare = {"verdict-files.files_count": "returned", "deed": "return"}
    answer = post(reg, url, bare)
    assert answer.status_code == 422
    assert "退回这一项要写明理由" in answer.text
    said = {**bare, "reason-files.files_count": "mismatch"}
    refused = post(reg, url, {**said, "deed": "accept"})
    assert refused.status_code == 422
    assert "不能整份通过" in refused.text
    assert "report.accept" not in desk.events()
    assert post(reg, url, said).status_code == 303
    clerk = desk.browser("clerk")
    assert "填写的内容和材料不一致，请核对。" in clerk.get(address("files")).text
    assert "需要补正" in clerk.get(address()).text


def test_doubts_stand_before_the_reviewer(desk: Desk) -> None:
    rival, reg = desk.browser("rival"), desk.browser("reg")
    fill(rival)
    hand_in(rival)
    clerk = desk.browser("clerk")
    fill(clerk)
    crowded = {**FILLED["venues"], "venues-0-seats": "99", "venues-0-address": "示例路１号"}
    assert post(clerk, address("venues"), {**crowded, "finished": "done"}).status_code == 303
    page = reg.get(f"/desk/reports/{hand_in(clerk)}").text
    for words in ("教师“王示例”在“示例P002安全培训中心”也是专职", "同一处", "每人不到 1.5 平方米"):
        assert words in page
    assert "没有教这个工种" not in page
    assert "处疑点" in reg.get("/desk/reports").text


def accepted(desk: Desk) -> tuple[FlaskClient, dict[str, int]]:
    """Return a reviewer who has accepted a report, and the ids of its facts by their place."""
    reg, url = in_review(desk)
    assert post(reg, url, {"deed": "accept"}).status_code == 303
    with reading(desk.engine) as session:
        return reg, {fact.path: fact.id for fact in session.scalars(select(Fact))}


def test_a_visit_asks_for_every_fact_and_says_what_is_wrong(desk: Desk) -> None:
    assert "台账还是空的" in desk.browser("reg").get(VISIT).text
    reg, ids = accepted(desk)
    facts = re.findall(r'name="(fact-\d+)" value="" checked', reg.get(VISIT).text)
    assert len(facts) == len(ids) > 20
    seats, files = ids["venues.classroom_seats"], ids["files.files_count"]
    seen = {f"fact-{seats}": "seen_on_site", f"fact-{files}": "contradicted"}
    wrong = post(reg, VISIT, {**seen, "visited_on": "2999-01-01", "visitors": ""})
    assert wrong.status_code == 422
    for words in ("检查日期不能空着", "请写明检查人员", "不符的要写明看到的情况"):
        assert words in wrong.text
    assert f'name="fact-{seats}" value="seen_on_site" checked' in wrong.text
    nothing = {"visited_on": desk.day.isoformat(), "visitors": "甲"}
    assert "至少选一项" in post(reg, VISIT, nothing).text


def test_a_visit_marks_the_ledger_and_the_public_page(desk: Desk) -> None:
    reg, ids = accepted(desk)
    seats, files = ids["venues.classroom_seats"], ids["files.files_count"]
    seen = {f"fact-{seats}": "seen_on_site", f"fact-{files}": "contradicted"}
    nothing = {"visited_on": desk.day.isoformat(), "visitors": "甲"}
    right = {**seen, **nothing, "visitors": "甲、乙", f"note-{files}": "现场只有 300 份"}
    answer = post(reg, VISIT, right)
    assert answer.status_code == 303
    record = reg.get(answer.headers["Location"]).text
    for words in ("甲、乙", "现场只有 300 份", "与事实不符"):
        assert words in record
    ledger = reg.get("/desk/institutions/P001/facts").text
    assert answer.headers["Location"] in ledger
    public = desk.app.test_client().get("/i/P001").text
    assert "现场核实" in public
    assert "与事实不符" in public
    assert "现场只有" not in public
    assert desk.events("visit.") == ["visit.write"]
    stale = post(reg, VISIT, right)
    assert stale.status_code == 422


def test_a_changed_fact_falls_back_after_a_visit(desk: Desk) -> None:
    reg, ids = accepted(desk)
    day = desk.day.isoformat()
    seen = {f"fact-{ids['files.files_count']}": "seen_on_site", "visited_on": day, "visitors": "甲"}
    assert post(reg, VISIT, seen).status_code == 303
    clerk = desk.browser("clerk")
    changed = {**FILLED["files"], "files_count": "400", "finished": "done"}
    assert post(clerk, address("files"), changed).status_code == 303
    url = f"/desk/reports/{hand_in(clerk)}"
    post(reg, url, {"deed": "start"})
    assert post(reg, url, {"deed": "accept"}).status_code == 303
    with reading(desk.engine) as session:
        now = select(Fact).where(Fact.path == "files.files_count", Fact.ended_on.is_(None))
        fact = session.scalars(now).one()
    assert (fact.value, fact.proof) == (400, "declared")


def test_no_visit_to_another_area_and_none_without_the_role(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    assert clerk.get(VISIT).status_code == 403
    token = hidden(clerk.get("/my/profile/phone").text)
    assert clerk.post(VISIT, data=token).status_code == 403
    assert desk.browser("reg").get("/desk/visits/SV-1").status_code == 404
