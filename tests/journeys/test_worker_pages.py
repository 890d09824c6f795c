"""Every public page that links lead to: sound HTML, plain words, nothing that leads nowhere."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import html5lib
import pytest
from public_listing import ANSWER, STATEMENT
from sqlalchemy import select
from walk import Walk

from portal.store.editions import EditionStanding
from portal.store.editions_beside import EditionAllRoundStanding
from portal.store.session import reading

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from flask.testing import FlaskClient
    from sqlalchemy import Engine

ID = re.compile(r'\bid="([^"]*)"')
TITLE = re.compile(r"<title>([^<]*)</title>")
ABOUT = re.compile(r'<meta name="description" content="([^"]*)">')
HIDDEN = re.compile(r"<(style|script|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
PHONE = re.compile(r'href="tel:([^"]*)"')
SINGLE = re.compile(r"第 (\d+) 名")
CHINESE = re.compile(r"[\u3400-\u9fff]")
DISCLAIMER = "不是严重失信主体名单"
NEVER = {
    "": ("置信区间", "黑名单", "失信", "曝光", "N/A", "个能过", "withheld.", "brief."),
    "/en": ("confidence interval", "blacklist", "black list", "N/A", "withheld.", "brief."),
}
# The invented world's editions were never composed: test_worker_links.py opens real ones.
CLOSED = ("/editions", "/data", "/api/")
LONGEST_ABOUT = 200


def unmarked(element: Element, language: str = "") -> list[str]:
    """Return the Chinese words of an English page that nothing says are Chinese."""
    if element.tag.endswith(("style", "script", "title")):
        return []
    here = element.get("lang", language)
    told = [element.text or ""] if here == "en" else []
    found = [words.strip() for words in told if CHINESE.search(words)]
    for child in element:
        found += unmarked(child, here)
        if here == "en" and CHINESE.search(child.tail or ""):
            found.append((child.tail or "").strip())
    return found


def opened(way: str) -> bool:
    """Tell whether a walk follows this address."""
    return not way.startswith(CLOSED)


@pytest.mark.parametrize("root", ["", "/en"])
def test_every_page_that_links_lead_to_is_sound(listed_world: FlaskClient, root: str) -> None:
    walk = Walk(listed_world, root, opened)
    pages = walk.go()
    assert len(pages) > 50
    assert walk.lost == [f"410 {root}/issues/P-2"]
    parser = html5lib.HTMLParser(strict=True)
    titles, foreign = {}, {}
    for address, html in pages.items():
        foreign[address] = unmarked(parser.parse(html))
        twice = [one for one, times in Counter(ID.findall(html)).items() if times > 1]
        assert not twice, (address, twice)
        titles[address] = (TITLE.findall(html), ABOUT.findall(html))
        assert not [phone for phone in PHONE.findall(html) if " " in phone], address
        told = HIDDEN.sub(" ", html).replace(DISCLAIMER, "")
        assert not [word for word in NEVER[root] if word in told], address
    bare = [at for at, (title, about) in titles.items() if len(title) != 1 or len(about) != 1]
    assert not bare
    assert not {address: words for address, words in foreign.items() if words}
    long = {at: about[0] for at, (_, about) in titles.items() if len(about[0]) > LONGEST_ABOUT}
    assert not long


def test_no_page_gives_a_single_place_where_the_range_is_wider(
    public_world: FlaskClient, engine: Engine
) -> None:
    with reading(engine) as session:
        low, high = EditionStanding.rank_low, EditionStanding.rank_high
        sure = set(session.scalars(select(low).where(low == high)))
        lows, highs = EditionAllRoundStanding.rank_low, EditionAllRoundStanding.wide_high
        sure |= set(session.scalars(select(lows).where(lows == highs)))
    alone = {
        (address, int(place))
        for address, html in Walk(public_world, "", opened).go().items()
        for place in SINGLE.findall(HIDDEN.sub("", html))
    }
    assert alone
    assert {place for _, place in alone} <= sure


def test_the_walk_would_find_a_lost_page(public_world: FlaskClient) -> None:
    walk = Walk(public_world, "/no-such-root", opened)
    walk.go()
    assert walk.lost == ["404 /no-such-root/"]


def test_the_parser_would_find_a_stray_tag() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        html5lib.HTMLParser(strict=True).parse("<!doctype html><title>x</title><p><ul></p>")


def test_a_trade_tells_what_its_certificate_takes_and_what_changed(
    public_world: FlaskClient,
) -> None:
    before = public_world.get("/trade/low-voltage-electrician").text
    assert "每 3 年复审一次" in before
    assert "什么变了" not in before
    assert "80 分合格" in before
    assert "未见原文" not in before
    assert public_world.get("/trade/no-such-trade").status_code == 404


def test_the_directory_names_trades_that_are_meant(public_world: FlaskClient) -> None:
    told = public_world.get("/institutions?q=低压").text
    assert 'href="/rank/low-voltage-electrician"' in told
    assert "工种里有" not in public_world.get("/institutions?q=甲").text
    by_initials = public_world.get("/institutions?q=dydg").text
    assert 'href="/rank/low-voltage-electrician"' in by_initials
    assert "下面是开设上述工种的机构" in by_initials
    assert 'href="/i/' in by_initials


def test_own_weights_give_thirds_and_no_places(public_world: FlaskClient) -> None:
    told = public_world.get("/rank?view=what-if&pass_rate=5").text
    assert "公布的综合排序不变" in told
    assert '<meta name="robots" content="noindex">' in told
    assert not re.search(r"第 \d+(–\d+)? 名", told)


def test_what_the_institution_says_stands_beside_its_listed_entry(
    listed_world: FlaskClient,
) -> None:
    record = listed_world.get("/i/S001").text.partition('id="record"')[2]
    assert 'href="/issues/P-1"' in record
    assert STATEMENT in record
    assert ANSWER in record
    assert "P-2" not in record
