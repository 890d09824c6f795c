"""The gallery in a real Chromium: no barrier, no overflow, no request to another host."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from look_gallery import ROOT, Look, names, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

SITE = "http://gallery.test"
ERRORS = ("400", "403", "404", "409", "410", "422", "429", "500", "503", "other")
LOOKS = {
    "zh": Look("zh"),
    "en": Look("en"),
    "zh-large": Look("zh", large=True),
    "en-large": Look("en", large=True),
}
GIVEN: dict[str, dict[str, Any]] = {
    "404": {"trades": [("lv", "低压电工作业")], "areas": [("e", "示例东街道")]},
    "410": {"gone": {"number": "示公示〔2025〕9 号", "on": None, "reason": "公示期满"}},
    "429": {"message": "示例", "wait": 60},
    "500": {"reference": "4f7k92qm"},
    "other": {"heading": "示例"},
}
PAGES = [*names(), *(f"errors/{name}.html" for name in ERRORS)]
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.scroll, .sr, .rank thead, .fix thead'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.outerHTML.slice(0, 120))"""
FIRST_VIEW_BYTES = 14_000
CRITICAL_BYTES = 19 * 1024


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[[str, Look, int], Page]]:
    """Yield a door to the gallery that refuses every other address and all scripts of the page."""
    opened: list[Page] = []

    def door(name: str, look: Look, width: int) -> Page:
        page = chromium.new_page(viewport={"width": width, "height": 800})
        opened.append(page)

        given = GIVEN.get(name.removeprefix("errors/").removesuffix(".html"), {})
        html = render(name, look, **given)
        strangers: list[str] = []

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(f"{SITE}/")
            if path.startswith("static/"):
                route.fulfill(path=ROOT / path)
            elif path == name:
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            else:
                strangers.append(route.request.url)
                route.abort()

        page.route("**/*", answer)
        page.goto(f"{SITE}/{name}")
        assert strangers == []
        return page

    yield door
    for page in opened:
        page.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_window(
    open_page: Callable[[str, Look, int], Page], name: str, look: str
) -> None:
    page = open_page(name, LOOKS[look], 320)
    for width in (320, 390, 700, 960, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.evaluate(
            TOO_WIDE
        )
        assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    open_page: Callable[[str, Look, int], Page],
    axe: Callable[[Page], list[str]],
    name: str,
    look: str,
) -> None:
    page = open_page(name, LOOKS[look], 390)
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    assert axe(page) == []


def test_the_compare_bar_counts_without_a_script(
    open_page: Callable[[str, Look, int], Page],
) -> None:
    page = open_page("rank.html", Look(), 390)
    page.locator("[name=id]").nth(2).check()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    read = [node["name"]["value"] for node in tree if node["role"]["value"] == "StaticText"]
    place = read.index("已选 ")
    assert read[place : place + 3] == ["已选 ", "3", " 家"]


@pytest.mark.parametrize("width", [390, 1280])
def test_no_bar_hides_what_has_the_focus(
    open_page: Callable[[str, Look, int], Page], width: int
) -> None:
    page = open_page("rank.html", Look(), width)
    hidden = []
    for _ in range(90):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => { const e = document.activeElement, r = e.getBoundingClientRect();
            const x = r.left + r.width / 2, seen = [r.top + 2, r.bottom - 2].some(y => {
              const top = document.elementFromPoint(x, y);
              return top && (e.contains(top) || top.contains(e)); });
            return e === document.body || seen ? [] : [e.outerHTML.slice(0, 100)]; }"""
        )
    assert hidden == []


@pytest.mark.parametrize("name", ["rank.html", "home.html", "profile.html", "issue.html"])
def test_first_view_is_light(name: str) -> None:
    html = render(name, Look()).encode()
    assert len(gzip.compress(html, 9)) <= FIRST_VIEW_BYTES
    assert b"style=" not in html
    assert b"<script" not in html


def test_critical_css_stays_small() -> None:
    css = (ROOT / "static/portal.css").read_bytes()
    assert len(css) <= CRITICAL_BYTES
    assert b"url(" not in css
    for modern in (b"::details-content", b":has(", b"@container", b"&"):
        assert modern not in css
