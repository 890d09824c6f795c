"""Notices: a draft nobody sees, a published text nobody changes, a withdrawal that says why."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from signing import person, sent, signed_in
from site_day import today
from sqlalchemy import select

from portal.domain.people import Role
from portal.store.audit import AuditEvent
from portal.store.notices import Notice
from portal.store.session import reading

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \"'&"


BODY = f"## 小标题\n第一段 **重点**\n\n- 甲\n- {HOSTILE}"
FIELDS = {"title": f"关于 {HOSTILE}", "body": BODY, "document_no": "示例〔2026〕2 号"}


def notice_of(engine: Engine) -> Notice:
    """Return the only notice as it is now."""
    with reading(engine) as session:
        return session.scalars(select(Notice)).one()


@pytest.fixture
def desk(app: Flask, engine: Engine) -> FlaskClient:
    """Return a regulator's browser."""
    person(engine, "reg", Role.REGULATOR)
    return signed_in(app, "reg")


@pytest.fixture
def page(desk: FlaskClient, engine: Engine) -> str:
    """Return the desk's address of a draft, with an English text."""
    english = {"title_en": "About", "body_en": "Words"}
    assert sent(desk, "/desk/notices/new", **FIELDS)[0] == 303
    page = f"/desk/notices/{notice_of(engine).id}"
    assert sent(desk, f"{page}/edit", **FIELDS, **english)[0] == 303
    return page


@pytest.fixture
def public(desk: FlaskClient, page: str) -> str:
    """Return the public address of the notice, published today."""
    assert sent(desk, page, f"{page}/publish", on=today().isoformat())[0] == 303
    return page.removeprefix("/desk")


@pytest.mark.parametrize(
    "fields", [{"title": "", "body": ""}, {"title": "标题", "body": "正文", "title_en": "Title"}]
)
def test_a_notice_without_its_parts_is_not_kept(desk: FlaskClient, fields: dict[str, str]) -> None:
    assert sent(desk, "/desk/notices/new", **fields)[0] == 422


def test_a_draft_and_a_day_to_come_are_not_public(
    desk: FlaskClient, client: FlaskClient, page: str
) -> None:
    public = page.removeprefix("/desk")
    assert client.get(public).status_code == 404
    for day in (today() - timedelta(days=1), ""):
        assert sent(desk, page, f"{page}/publish", on=str(day))[0] == 422
    later = (today() + timedelta(days=1)).isoformat()
    assert sent(desk, page, f"{page}/publish", on=later)[0] == 303
    assert client.get(public).status_code == 404
    assert public not in client.get("/notices").get_data(as_text=True)
    assert sent(desk, page, f"{page}/withdraw", reason="改期")[0] == 303
    assert sent(desk, page, f"{page}/publish", on=later)[0] == 303, "it was a draft again"


def test_a_published_notice_shows_what_was_typed_and_nothing_else(
    desk: FlaskClient, client: FlaskClient, page: str, public: str
) -> None:
    shown = client.get(public).get_data(as_text=True)
    assert "<b>重点</b>" in shown
    assert "<h2>小标题</h2>" in shown
    assert "<script>" not in shown
    assert "{{ 7*7 }}" in shown
    assert "Words" in client.get(f"/en{public}").get_data(as_text=True)
    assert public in client.get("/notices").get_data(as_text=True)
    assert sent(desk, page, f"{page}/edit", **FIELDS)[0] == 409
    assert sent(desk, page, f"{page}/drop")[0] == 409


def test_a_withdrawn_notice_leaves_number_day_and_reason(
    desk: FlaskClient, client: FlaskClient, page: str, public: str
) -> None:
    assert sent(desk, page, f"{page}/withdraw", reason="")[0] == 422
    assert sent(desk, page, f"{page}/withdraw", reason="内容有误")[0] == 303
    gone = client.get(public)
    words = gone.get_data(as_text=True)
    assert gone.status_code == 410
    assert "内容有误" in words
    assert "示例〔2026〕2 号" in words
    assert "重点" not in words
    assert public not in client.get("/notices").get_data(as_text=True)
    assert sent(desk, page, f"{page}/withdraw", reason="再撤")[0] == 409


def test_a_draft_is_dropped(desk: FlaskClient, engine: Engine, page: str) -> None:
    assert sent(desk, page, f"{page}/drop")[0] == 303
    assert desk.get(page).status_code == 404
    with reading(engine) as session:
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-3:] == ["notice.written", "notice.rewritten", "notice.dropped"]


def test_an_empty_list_of_notices_says_so(client: FlaskClient) -> None:
    assert "目前没有公告" in client.get("/notices").get_data(as_text=True)
    assert client.get("/notices/1").status_code == 404


def test_a_text_of_the_law_library_stands_there_alone(
    desk: FlaskClient, client: FlaskClient, engine: Engine
) -> None:
    assert sent(desk, "/desk/notices/new", **FIELDS, kind="rumour")[0] == 422
    assert sent(desk, "/desk/notices/new", **FIELDS, kind="law")[0] == 303
    page = f"/desk/notices/{notice_of(engine).id}"
    assert re.search('<input[^>]*checked[^>]*value="law"', desk.get(f"{page}/edit").text)
    assert sent(desk, page, f"{page}/publish", on=today().isoformat())[0] == 303
    public = page.removeprefix("/desk")
    assert public in client.get("/notices?kind=law").text
    for other in ("/notices", "/notices?kind=practice", "/"):
        assert f'href="{public}"' not in client.get(other).text
