"""How programs and caches are answered: in the asker's language, fresh, and never by a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from portal.cli.editions import publish

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/api/v1/nothing", {}, 404),
        ("POST", "/api/v1/editions", {}, 405),
        ("GET", "/api/v1/editions", {"Accept": "image/png"}, 406),
        ("GET", "/api/v1/editions?x=1", {}, 400),
        ("GET", "/api/v1/editions?per_page=%00", {}, 400),
    ],
)
def test_a_program_is_refused_in_its_own_language(
    client: FlaskClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    chinese = client.open(path, method=method, headers=headers)
    english = client.open(path, method=method, headers=headers | {"Accept-Language": "en-GB"})
    assert (chinese.status_code, english.status_code) == (status, status)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese.get_json()["detail"])
    assert english.get_json()["detail"].isascii()
    assert "\\u" not in chinese.get_data(as_text=True)
    assert chinese.headers["Content-Language"] == "zh-CN"
    assert "Accept-Language" in english.headers["Vary"]


def test_a_list_is_asked_for_again_each_time(client: FlaskClient) -> None:
    answer = client.get("/api/v1/issues")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/api/v1/issues", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/healthz", "/static/portal.css", "/api/v1/issues"])
def test_what_is_the_same_for_everybody_reads_no_session(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_foreign_host_stands_in_nothing_that_is_kept(client: FlaskClient) -> None:
    for path in ("/sitemap.xml", "/robots.txt", "/data", "/editions"):
        answer = client.get(path, headers={"Host": "clone.example"})
        assert answer.status_code == 200
        assert b"clone.example" not in answer.data


def test_publishing_without_two_names_is_a_wrong_call() -> None:
    wrong = CliRunner().invoke(publish, ["1", "--by", "wang"])
    assert wrong.exit_code == 2
    assert "--second" in wrong.output
