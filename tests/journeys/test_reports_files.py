"""Evidence beside answers: added, taken out, bound to what was submitted, seen by two alone."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile_files import jpeg, pdf, png
from reports_desk import FILLED, Desk, address, fill, hand_in, hidden, post, set_up_desk
from sqlalchemy import select

from portal.store.attachments import Attachment
from portal.store.audit import AuditEvent, first_break
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from portal.settings import Settings

PROVES = "venues.venues|一号教学楼"


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def send(
    client: FlaskClient, content: bytes, name: str = "租赁合同.pdf", proves: str = PROVES
) -> TestResponse:
    """Put a file beside an answer about venues."""
    url = address("venues")
    fields = {**FILLED["venues"], "proves": proves, "attach": "1"}
    sent = {**fields, "evidence": (io.BytesIO(content), name)}
    data = {**hidden(client.get(url).text), **sent}
    return client.post(url, data=data, content_type="multipart/form-data")


def kept(settings: Settings) -> list[Path]:
    """Return the files in the data folder."""
    return [path for path in (settings.data_dir / "uploads").rglob("*") if path.is_file()]


def test_a_file_stands_beside_its_answer_for_both_sides(desk: Desk, settings: Settings) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    assert send(clerk, pdf(2)).headers["Location"].endswith("#files")
    page = clerk.get(address("venues")).text
    for words in ("租赁合同.pdf", "2 页", "场所 · 一号教学楼", 'value="一号教学楼"'):
        assert words in page
    assert "租赁合同.pdf" in clerk.get(address("check")).text
    assert reg.get("/desk/files/1").status_code == 404
    fill(clerk, ("venues",))
    receipt = hand_in(clerk)
    page = reg.get(f"/desk/reports/{receipt}").text
    assert '<a class="sheet" href="/desk/files/1" target="_blank" rel="noopener">' in page
    assert "PDF，2 页，1 KB" in page
    for answer in (clerk.get("/my/files/1"), reg.get("/desk/files/1")):
        assert answer.status_code == 200
        assert answer.data == pdf(2)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "filename*=UTF-8''%E7%A7%9F" in answer.headers["Content-Disposition"]
    post(reg, f"/desk/reports/{receipt}", {"deed": "start"})
    seen = {"deed": "accept", "proof-venues.venues.1": "document_seen"}
    assert post(reg, f"/desk/reports/{receipt}", seen).status_code == 303
    ledger = reg.get("/desk/institutions/P001/facts").text
    assert re.search(r"一号教学楼[^\n]*已看材料[^\n]*租赁合同\.pdf", ledger)
    (file,) = kept(settings)
    assert len(file.name) == 32
    assert not file.suffix
    assert desk.events("report.attach") == ["report.attach"]


def test_a_picture_stands_beside_what_it_proves(desk: Desk) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    send(clerk, jpeg(320, 240), "场所照片.jpg", "venues.venues")
    fill(clerk, ("venues",))
    answer = reg.get(f"/desk/reports/{hand_in(clerk)}")
    picture = '<img src="/desk/files/1" alt="场所照片.jpg，证明“场所”" loading="lazy">'
    assert picture in answer.text.split('id="at-venues.venues.1"')[1].split("</article>")[0]
    assert "img-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_nobody_else_finds_it(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    send(clerk, png(), "x.png")
    assert clerk.get("/my/files/1").status_code == 200
    assert desk.browser("rival").get("/my/files/1").status_code == 404
    assert desk.browser("rival").get("/desk/files/1").status_code == 403
    assert desk.browser("reg").get("/my/files/1").status_code == 403
    assert desk.app.test_client().get("/my/files/1").status_code == 303
    for trick in ("/my/files/1.png", "/my/files/../files/1", "/my/files/%2e%2e%2f1", "/my/files/0"):
        assert clerk.get(trick).status_code in {303, 308, 404}


def test_who_asks_for_another_ones_file_is_written_down(desk: Desk) -> None:
    clerk, rival, reg = (desk.browser(name) for name in ("clerk", "rival", "reg"))
    send(clerk, png(), "x.png")
    for method in ("get", "head"):
        assert getattr(rival, method)("/my/files/1").status_code == 404
    assert post(rival, address("venues"), {**FILLED["venues"], "remove": "1"}).status_code == 404
    assert reg.get("/desk/files/1").status_code == 404
    with reading(desk.engine) as session:
        asked = select(AuditEvent).where(AuditEvent.act == "access.refused").order_by(AuditEvent.id)
        told = [(one.by, one.subject, one.facts["address"]) for one in session.scalars(asked)]
        assert first_break(session) is None
    steps = ["/my/files/1", "/my/files/1", address("venues")]
    mine = [("rival", "attachment:1", where) for where in steps]
    assert told == [*mine, ("reg", "attachment:1", "/desk/files/1")]
    clerk.get("/my/files/1")
    rival.get("/my/files/2")
    desk.app.test_client().get("/my/files/1")
    assert len(desk.events("access.")) == len(told)
    page = reg.get("/desk/audit?subject=attachment:1").text
    assert page.count("要看不属于自己的内容，未给") >= len(told)


def test_a_file_is_taken_out_and_gone(desk: Desk, settings: Settings) -> None:
    clerk, rival = desk.browser("clerk"), desk.browser("rival")
    send(clerk, jpeg(320, 240), "李某某-电工证.jpg", "venues.venues")
    assert "可能看不清" in clerk.get(address("venues")).text
    assert post(rival, address("venues"), {"remove": "1"}).status_code == 404
    assert post(clerk, address("venues"), {"remove": "x"}).status_code == 404
    assert post(clerk, address("venues"), {**FILLED["venues"], "remove": "1"}).status_code == 303
    assert "电工证" not in clerk.get(address("venues")).text
    assert kept(settings) == []


def test_what_a_version_rests_on_never_goes(desk: Desk, settings: Settings) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    fill(clerk)
    send(clerk, pdf())
    fill(clerk, ("venues",))
    url = f"/desk/reports/{hand_in(clerk)}"
    page = clerk.get(address("sent")).text
    late = {"remove": "1", **hidden(clerk.get("/my/profile/phone").text)}
    assert page
    assert clerk.post(address("venues"), data=late).status_code == 409
    post(reg, url, {"deed": "start"})
    post(reg, url, {"deed": "return", "words-venues.venues.1": "合同过期"})
    assert post(clerk, address("venues"), {**FILLED["venues"], "remove": "1"}).status_code == 303
    assert "租赁合同" not in clerk.get(address("venues")).text
    assert "租赁合同" in reg.get(url).text
    assert reg.get("/desk/files/1").status_code == 200
    assert len(kept(settings)) == 1


def test_a_refused_file_leaves_all_that_was_typed(desk: Desk, settings: Settings) -> None:
    clerk = desk.browser("clerk")
    answer = send(clerk, b"<html>scan</html>", "扫描.pdf")
    assert answer.status_code == 422
    assert "这是网页，不是 PDF 或照片" in answer.text
    assert 'href="#evidence"' in answer.text
    assert 'value="一号教学楼"' in answer.text
    assert kept(settings) == []
    none = post(clerk, address("venues"), {**FILLED["venues"], "attach": "1"})
    assert none.status_code == 422
    assert "还没有选文件" in none.text
    strange = send(clerk, pdf(), proves="systems.responsible_person")
    assert strange.status_code == 422
    assert "请从列表里选这份材料证明哪一项" in strange.text


def test_the_same_file_counts_once_and_forty_are_enough(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    for _ in range(2):
        assert send(clerk, pdf()).status_code == 303
    with reading(desk.engine) as session:
        assert len(list(session.scalars(select(Attachment)))) == 1
    for number in range(2, 41):
        assert send(clerk, pdf(more=b"%% %d" % number)).status_code == 303
    answer = send(clerk, pdf(more=b"% 41"))
    assert answer.status_code == 422
    assert "最多 40 个材料" in answer.text
