"""The public pages in a real Chromium: access, width, weight, quiet, and life without scripts."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from public_pages import CHARTS, EMPTY, LISTED, MAIN, PAGES, SEALED
from public_world import crowd

from portal.store.session import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

READERS = (("", "n"), ("", "l"), ("/en", "n"), ("/en", "l"))
WIDTH = "document.documentElement.scrollWidth"
TWICE = "document.documentElement.style.fontSize = '200%'"
MISSING = "Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
GONE = "Failed to load resource: the server responded with a status of 410 (GONE)"
FIRST_VIEW = 14 * 1024
HUNDRED_ROWS = 40 * 1024


@pytest.fixture
def full_site(site_url: str, listed_world: FlaskClient) -> str:
    """Return the address of a site that holds the invented world."""
    del listed_world
    return site_url


@contextmanager
def opened(chromium: Browser, width: int, *, scripts: bool = True) -> Iterator[Page]:
    """Yield a page of that width whose reader prefers Chinese."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", java_script_enabled=scripts
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("root", "size", "width"),
    [
        ("", "n", 390),
        ("", "n", 1280),
        ("", "l", 1280),
        ("/en", "n", 390),
        ("/en", "n", 1280),
        ("/en", "l", 390),
    ],
)
def test_axe_finds_nothing(
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    full_site: str,
    root: str,
    size: str,
    width: int,
) -> None:
    wrong: dict[str, list[str]] = {}
    with opened(chromium, width) as page:
        page.goto(f"{full_site}{root}/help?size={size}")
        for address in (*PAGES, *LISTED):
            page.goto(full_site + root + address)
            wrong[address] = axe(page)
    assert not {address: found for address, found in wrong.items() if found}


@pytest.mark.parametrize(("root", "size"), READERS)
def test_nothing_overflows_a_small_phone(
    chromium: Browser, full_site: str, root: str, size: str
) -> None:
    wide = []
    with opened(chromium, 320) as page:
        page.goto(f"{full_site}{root}/help?size={size}")
        for address in (*PAGES, *LISTED, *CHARTS):
            page.goto(full_site + root + address)
            if page.evaluate(WIDTH) > 320:
                wide.append(address)
            page.set_viewport_size({"width": 390, "height": 800})
            if size == "n" and page.evaluate(f"{TWICE}, {WIDTH}") > 390:
                wide.append(f"{address} at 200 %")
            page.set_viewport_size({"width": 320, "height": 800})
    assert not wide


@pytest.mark.parametrize("root", ["", "/en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_sealed_data_are_sound(
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    site_url: str,
    sealed_world: FlaskClient,
    root: str,
    width: int,
) -> None:
    del sealed_world
    wrong: dict[str, list[str]] = {}
    with opened(chromium, width) as page:
        for size in ("l", "n"):
            for address in SEALED:
                page.goto(f"{site_url}{root}{address}?size={size}")
                wide = page.evaluate(WIDTH) > width
                wrong[f"{address} {size}"] = [*axe(page), *["too wide"] * wide]
    assert not {address: found for address, found in wrong.items() if found}


@pytest.mark.parametrize("root", ["", "/en"])
def test_axe_finds_nothing_on_an_empty_site(
    chromium: Browser, axe: Callable[[Page], list[str]], site_url: str, root: str
) -> None:
    wrong: dict[str, list[str]] = {}
    with opened(chromium, 390) as page:
        for address in EMPTY:
            page.goto(site_url + root + address)
            wrong[address] = axe(page)
    assert not {address: found for address, found in wrong.items() if found}


def test_pages_ask_no_other_host_and_run_no_script(chromium: Browser, full_site: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    with opened(chromium, 1280) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda line: said.append(line.text))
        for address in (*PAGES, *LISTED):
            page.goto(full_site + address)
    assert not [url for url in asked if not url.startswith(full_site)]
    assert not [url for url in asked if url.endswith(".js")]
    assert sorted(said) == [MISSING, GONE]


@pytest.mark.parametrize("root", ["", "/en"])
def test_pages_are_light(listed_world: FlaskClient, root: str) -> None:
    heavy = {}
    for address in (*PAGES, *LISTED):
        answer = listed_world.get(root + address, headers={"Accept-Language": "zh"})
        weight = len(gzip.compress(answer.data, 6))
        if weight > FIRST_VIEW:
            heavy[address] = weight
    assert not heavy


@pytest.mark.parametrize("root", ["", "/en"])
def test_a_hundred_rows_are_light(public_world: FlaskClient, engine: Engine, root: str) -> None:
    with transaction(engine) as session:
        crowd(session, 2, 120)
    answer = public_world.get(f"{root}/rank/height-installation")
    assert answer.text.count('class="row"') == 100
    assert len(gzip.compress(answer.data, 6)) <= HUNDRED_ROWS


@pytest.mark.parametrize("address", CHARTS)
def test_charts_are_drawn_within_the_rules(chromium: Browser, full_site: str, address: str) -> None:
    said: list[str] = []
    with opened(chromium, 390) as page:
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(full_site + address)
        page.wait_for_selector("#chart-funnel .main-svg", timeout=30_000)
        page.wait_for_selector("#chart-against .main-svg", timeout=30_000)
        assert page.locator("#chart-trends .scatterlayer .trace").count() >= 2
    assert not said


@pytest.mark.parametrize("address", CHARTS)
def test_charts_without_scripts_keep_their_still_picture(
    chromium: Browser, full_site: str, address: str
) -> None:
    with opened(chromium, 390, scripts=False) as page:
        page.goto(full_site + address)
        assert page.locator("main svg[role=img]").first.is_visible()
        assert page.locator("text=浏览器没有运行脚本").is_visible()
        assert not page.locator("#chart-funnel").is_visible()


def test_three_taps_from_home_to_a_phone_number(chromium: Browser, full_site: str) -> None:
    with opened(chromium, 390, scripts=False) as page:
        page.goto(full_site)
        page.locator("main form button").click()
        page.locator(".rank .name a").first.click()
        assert page.locator("main a[href^='tel:']").first.is_visible()


def test_the_chosen_are_compared_without_scripts(chromium: Browser, full_site: str) -> None:
    with opened(chromium, 390, scripts=False) as page:
        page.goto(f"{full_site}/rank/{MAIN}")
        bar = page.locator(".bar button")
        expect(bar).not_to_be_in_viewport()  # nor over anything: nobody has chosen yet
        for at in (0, 3):
            page.locator(".rank input[type=checkbox]").nth(at).check()
        expect(bar).to_be_in_viewport()
        bar.click()
        assert page.locator("text=两家的合理范围重叠").is_visible()
