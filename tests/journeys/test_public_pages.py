"""A worker's way through the public pages: on an empty site and on a full one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

MAIN = "low-voltage-electrician"
CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9"}
ALWAYS = (
    "/",
    "/rank",
    f"/rank/{MAIN}",
    "/trades",
    "/institutions",
    "/check",
    "/compare",
    "/methods",
    "/help",
    "/accessibility",
    "/privacy",
    "/about",
)
FULL = (
    *ALWAYS,
    f"/rank/{MAIN}/2025-H1",
    f"/rank/{MAIN}/chart",
    "/rank/height-installation",
    "/rank/brazing",
    "/rank/power-cable",
    "/rank/relay-protection",
    "/i/S004",
    "/i/S004?trade=brazing",
    "/i/S004/chart",
    "/i/S017",
    "/i/S018",
    "/i/S020",
    "/i/S021",
    f"/compare?id=S001&id=S002&id=S020&trade={MAIN}",
)
NEVER = ("置信区间", "黑名单", "N/A", "blacklist", "confidence interval", "withheld.", "None")


def page(reader: FlaskClient, address: str) -> str:
    """Return a page that must be there."""
    answer = reader.get(address, headers=CHINESE)
    assert answer.status_code == 200, address
    return answer.text


def words(html: str) -> str:
    """Return what a page says, without its marks and its style."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL))


@pytest.mark.parametrize("root", ["", "/en"])
@pytest.mark.parametrize("address", ALWAYS)
def test_every_page_opens_on_an_empty_site(client: FlaskClient, root: str, address: str) -> None:
    told = words(page(client, root + address))
    assert not [word for word in NEVER if word in told]


@pytest.mark.parametrize("root", ["", "/en"])
@pytest.mark.parametrize("address", FULL)
def test_every_page_opens_on_a_full_site(
    public_world: FlaskClient, root: str, address: str
) -> None:
    told = words(page(public_world, root + address))
    assert not [word for word in NEVER if word in told]
    if root:
        assert "edition" in told or "2026" in told


def test_the_empty_home_names_the_day_of_the_first_edition(client: FlaskClient) -> None:
    told = page(client, "/")
    assert "首期尚未公布" in told
    assert "3月15日" in told or "9月15日" in told
    assert 'href="/institutions"' in told


def test_english_readers_are_sent_to_english(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.8,zh;q=0.1"})
    assert (answer.status_code, answer.location) == (302, "/en/")
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_language_link_wins_over_the_browser(client: FlaskClient) -> None:
    english = {"Accept-Language": "en"}
    assert client.get("/?lang=zh", headers=english).status_code == 200
    assert client.get("/", headers=english).status_code == 200


def test_a_reader_without_wishes_gets_chinese(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in client.get("/").text


def test_from_the_finder_to_a_phone_number(public_world: FlaskClient) -> None:
    found = public_world.get(f"/rank?trade={MAIN}&area=310107005")
    assert (found.status_code, found.location) == (302, f"/rank/{MAIN}?area=310107005")
    listed = page(public_world, found.location)
    assert "示例甲安全培训中心" in listed
    assert "示例乙职业技能培训学校" not in listed
    assert "tel:000-00000001" in page(public_world, "/i/S001")


def test_an_unknown_area_of_the_finder_is_left_out(public_world: FlaskClient) -> None:
    assert public_world.get(f"/rank?trade={MAIN}&area=nowhere").location == f"/rank/{MAIN}"


@pytest.mark.parametrize(
    "address",
    [
        "/rank/no-such-trade",
        "/i/no-such-code",
        f"/rank/{MAIN}/2019-H1",
        f"/rank/{MAIN}/nonsense",
        "/i/S020/chart",
        "/rank/brazing/chart",
        "/no-such-page",
    ],
)
def test_an_unknown_address_offers_the_finder(public_world: FlaskClient, address: str) -> None:
    answer = public_world.get(address)
    assert answer.status_code == 404
    assert 'id="find-trade"' in answer.text


HOSTILE = (
    "' OR 1=1 --",
    '"><script>alert(1)</script>',
    "%",
    "_%_",
    "(a+)+$" * 20,
    "a" * 5000,
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "../../etc/passwd",
    "{{987*987}}",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/institutions", "q"),
        ("/check", "q"),
        ("/institutions", "after"),
        ("/compare", "id"),
        ("/compare", "trade"),
        ("/rank", "trade"),
        (f"/rank/{MAIN}", "area"),
        (f"/rank/{MAIN}", "max_fee"),
        (f"/rank/{MAIN}", "sort"),
        (f"/rank/{MAIN}", "after"),
        ("/i/S004", "trade"),
    ],
)
def test_hostile_words_are_only_words(
    public_world: FlaskClient, address: str, name: str, text: str
) -> None:
    answer = public_world.get(address, query_string={name: text})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "974169" not in answer.text


@pytest.mark.parametrize("address", ["/institutions?q=%00", "/i/%00", "/rank/%00", "/?x=a%00b"])
def test_the_character_no_database_takes_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_machines_are_told_what_is_public(public_world: FlaskClient) -> None:
    assert "Disallow: /desk" in public_world.get("/robots.txt").text
    listed = public_world.get("/sitemap.xml").text
    assert "<loc>http://localhost/en/i/S004</loc>" in listed
    assert listed.count("<url>") == len(set(re.findall(r"<loc>(.*?)</loc>", listed)))


def test_the_program_for_charts_is_sent_packed_and_kept(client: FlaskClient) -> None:
    answer = client.get("/plotly.min.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 2_000_000
    assert "max-age" in answer.headers["Cache-Control"]
    plain = client.get("/plotly.min.js")
    assert "Content-Encoding" not in plain.headers
    plain.close()


def test_scripts_may_run_on_chart_pages_only(public_world: FlaskClient) -> None:
    policy = "Content-Security-Policy"
    assert "script-src 'self'" in public_world.get(f"/rank/{MAIN}/chart").headers[policy]
    assert "script-src" not in public_world.get(f"/rank/{MAIN}").headers[policy]
    assert "unsafe-inline" not in public_world.get(f"/rank/{MAIN}/chart").headers[policy]


@pytest.mark.parametrize("root", ["", "/en"])
def test_the_print_view_leaves_nothing_folded(public_world: FlaskClient, root: str) -> None:
    shown = public_world.get(f"{root}/i/S004").text
    assert "<details>" in shown
    assert f'href="{root}/i/S004?trade={MAIN}&amp;view=print"' in shown
    printed = public_world.get(f"{root}/i/S004?view=print").text
    assert "<details>" not in printed
    assert printed.count("<details open>") >= 2  # the table behind the trend, and the definitions
    assert '<meta name="robots" content="noindex">' in printed


def test_a_check_warns_where_the_register_itself_does(public_world: FlaskClient) -> None:
    sound = page(public_world, "/check?q=S004")
    assert 'class="note ok"' in sound
    stopped = page(public_world, "/check?q=S018")
    assert 'class="note ok"' not in stopped
    assert "登记了不等于没有问题" in stopped
    assert stopped.index('class="tag warn"') < stopped.index('href="tel:')
