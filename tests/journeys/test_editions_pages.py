"""Editions in the browser: the desk composes and seals; the public looks, downloads, checks."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from editions_desk import Desk, change_a_tally
from editions_ground import PERIOD
from signing import person, signed_in
from sqlalchemy import delete, select

from portal.domain.people import Role
from portal.publication.editions.canonical import sha256
from portal.publication.verification.verifying import keys_in, opened
from portal.rules.rulebook import rules_on
from portal.settings import machine_clock
from portal.store.editions import Edition
from portal.store.exams import Tally
from portal.store.institutions import Institution
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from portal.rules.office import Office
    from portal.settings import Settings

ON = "/desk/editions/1"
SHOWN = re.compile(r'name="shown" value="([0-9a-f]{64})"')


@pytest.fixture
def desk(engine: Engine, office: Office, settings: Settings) -> Desk:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    desk = Desk(engine, office, settings.data_dir)
    desk.rules = rules_on(machine_clock().astimezone(office.zone).date())
    return desk


def press(client: FlaskClient, page: str, to: str, **fields: str) -> TestResponse:
    """Press a button: send a form of ``page`` to ``to``, with what its hidden fields hold."""
    html = client.get(page).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    assert token
    shown = SHOWN.search(html)
    hidden = {"shown": shown[1]} if shown else {}
    return client.post(to, data={"csrf_token": token[1]} | hidden | fields)


def text(answer: TestResponse) -> str:
    """Return the page."""
    return answer.get_data(as_text=True)


def test_from_nothing_to_a_published_edition(app: Flask, desk: Desk) -> None:
    wang, li = signed_in(app, "wang"), signed_in(app, "li")
    answer = press(wang, "/desk/editions", "/desk/editions", period=PERIOD)
    assert (answer.status_code, answer.location) == (303, ON)
    page = text(wang.get(f"{ON}?trade=low-voltage-electrician"))
    assert "需要 2 名监管人员审核同一稿，现在有 0 名" in page
    assert "1,533/1,602" in page
    assert "封存并公布" not in page
    assert "还没有送机构核对：8 家机构要核对自己的数字" in page
    desk.check(1)
    assert press(wang, ON, f"{ON}/approve").status_code == 303
    assert "等另一名监管人员审核并封存" in text(wang.get(ON))
    assert press(wang, ON, f"{ON}/seal").status_code == 422
    assert "作为第二人封存并公布" in text(li.get(ON))
    assert press(li, ON, f"{ON}/seal").status_code == 303
    assert "wang、li" in text(li.get(ON))
    assert (desk.data_dir / "editions" / "1.zip").is_file()
    assert "第 1 期" in text(app.test_client().get("/editions"))


def test_two_regulators_at_once_one_wins(app: Flask, desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    li = signed_in(app, "li")
    html = text(li.get(ON))
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    assert token
    desk.seal("li", number, shown)
    late = li.post(f"{ON}/seal", data={"csrf_token": token[1], "shown": shown})
    assert late.status_code == 409
    assert "已由 wang、li 封存" in text(late)


def test_a_draft_that_changed_meanwhile_is_not_approved(app: Flask, desk: Desk) -> None:
    desk.compose()
    wang = signed_in(app, "wang")
    html = text(wang.get(ON))
    change_a_tally(desk)
    assert "数据有变化，请重新编制" in text(wang.get(ON))
    desk.compose()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    shown = SHOWN.search(html)
    assert token
    assert shown
    late = wang.post(f"{ON}/approve", data={"csrf_token": token[1], "shown": shown[1]})
    assert late.status_code == 409


def test_wrong_requests_are_answered_in_words(app: Flask, desk: Desk) -> None:
    wang = signed_in(app, "wang")
    for period in ("", "2031-H1", "x"):
        answer = press(wang, "/desk/editions", "/desk/editions", period=period)
        assert answer.status_code == 422
        assert "请选择统计期" in text(answer)
    desk.compose()
    assert press(wang, ON, f"{ON}/approve", shown="").status_code == 422
    assert wang.get("/desk/editions/99").status_code == 404
    assert wang.post(f"{ON}/approve").status_code == 403
    assert press(wang, ON, f"{ON}/drop").status_code == 303
    assert wang.get(ON).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STREET, Role.OBSERVER, Role.AUTHORITY])
def test_other_roles_do_not_get_in(app: Flask, desk: Desk, role: Role) -> None:
    area = {"area_code": "310107005"} if role is Role.STREET else {}
    person(desk.engine, "other", role, **area)
    desk.compose()
    other = signed_in(app, "other")
    assert other.get("/desk/editions").status_code == 403
    assert other.get(ON).status_code == 403
    for act in ("approve", "seal", "drop"):
        assert press(other, "/data", f"{ON}/{act}").status_code == 403


def test_nobody_sees_a_draft(app: Flask, desk: Desk) -> None:
    desk.compose()
    client = app.test_client()
    assert client.get(ON).status_code == 303
    for page in ("/editions/1", "/api/v1/editions/1", "/api/v1/editions/1/bundle.zip"):
        assert client.get(page).status_code == 404
    assert "首期尚未公布" in text(client.get("/editions"))
    assert "首期尚未公布" in text(client.get("/data"))
    assert client.get("/api/v1/editions").get_json()["items"] == []


def test_the_desk_before_any_data(app: Flask, engine: Engine) -> None:
    person(engine, "wang", Role.REGULATOR)
    page = text(signed_in(app, "wang").get("/desk/editions"))
    assert "还没有考试数据" in page
    assert "还没有公布过" in page


@pytest.fixture
def published(app: Flask, desk: Desk) -> FlaskClient:
    """Return the public's browser after two editions."""
    for period in ("2025-H1", PERIOD):
        number, _ = desk.compose(period)
        desk.operator_seals(number)
    return app.test_client()


def test_programs_get_the_list_and_the_bundle(published: FlaskClient, desk: Desk) -> None:
    told = published.get("/api/v1/editions").get_json()
    first, second = told["items"]
    assert (first["number"], first["previous"]) == (1, None)
    assert (second["number"], second["previous"]) == (2, first["sha256"])
    answer = published.get("/api/v1/editions/2/bundle.zip")
    assert answer.content_type == "application/zip"
    assert sha256(answer.data) == second["bundle_sha256"]
    found = opened(answer.data, told["keys"])
    assert told["keys"] == list(keys_in(desk.data_dir / "keys" / "public"))
    assert found.manifest_sha256 == second["sha256"]
    again = published.get(
        "/api/v1/editions/2/bundle.zip", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert "datapackage.json" in archive.namelist()


def test_programs_get_one_edition(published: FlaskClient) -> None:
    told = published.get("/api/v1/editions/1").get_json()
    assert len(told["signature"]) == 128
    assert told["by_operator"] is True
    assert told["method"]["version"] == "1"
    assert len(told["rulebook"]["sha256"]) == 64
    assert published.get("/api/v1/editions/9").status_code == 404
    assert published.get("/api/v1/editions/1?x=1").status_code == 400
    assert published.get("/api/v1/editions.csv").data.startswith(b"number,period,published_at,")


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_public_pages(published: FlaskClient, desk: Desk, language: str) -> None:
    with reading(desk.engine) as session:
        edition = session.scalars(select(Edition).where(Edition.number == 2)).one()
        manifest, bundle = edition.manifest_sha256, edition.bundle_sha256
        signature = edition.signature
    assert manifest
    page = text(published.get(f"{language}/editions/2"))
    assert all(told in page for told in (manifest, bundle or "?", signature or "?"))
    assert ("operator sealed" if language else "由运维人员封存") in page
    assert "figures/standings.csv" in page
    assert "/api/v1/editions/2/bundle.zip" in page
    assert "/en/api" not in page
    listed = text(published.get(f"{language}/editions"))
    assert "portal verify http://localhost/api/v1/editions" in listed
    data = text(published.get(f"{language}/data"))
    assert manifest in data
    assert published.get(f"{language}/editions/3").status_code == 404


def test_the_keys_are_offered_as_pem(published: FlaskClient, desk: Desk) -> None:
    (kept,) = (desk.data_dir / "keys" / "public").glob("*.pem")
    assert published.get("/editions/keys.pem").data == kept.read_bytes()


def test_a_page_speaks_the_language_asked_for_whichever_came_first(published: FlaskClient) -> None:
    first, second = (text(published.get(page)) for page in ("/editions/1", "/en/editions/1"))
    assert "由运维人员封存" in first
    assert "The operator sealed this edition" in second


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_edition_says_whether_institutions_crowd_at_its_thresholds(
    app: Flask, desk: Desk, prefix: str
) -> None:
    """The two smallest are left with one period each, of fewer than ten candidates."""
    with transaction(desk.engine) as session:
        small = select(Institution.id).where(Institution.code.in_(["T007", "T008"]))
        session.execute(
            delete(Tally).where(Tally.institution_id.in_(small), Tally.period != PERIOD)
        )
    number, _ = desk.compose()
    desk.operator_seals(number)
    told = app.test_client().get(f"/api/v1/editions/{number}").json
    assert told
    assert told["crowds"][0] == {
        "of": "candidates",
        "threshold": 10,
        "width": 5,
        "below": 2,
        "above": 0,
        "chance": 1.0,
        "is_signal": False,
    }
    assert [(one["of"], one["threshold"]) for one in told["crowds"]] == [
        ("candidates", 10),
        ("candidates", 30),
        ("answers", 10),
        ("answers", 30),
    ]
    page = text(app.test_client().get(f"{prefix}/editions/{number}"))
    assert ("30 份评价" if not prefix else "30 answers") in page
