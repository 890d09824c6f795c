"""Special reports in a real browser: by keyboard alone, in both languages, at both widths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from reports_desk import FILLED, PERIOD, Desk, address, fill, hand_in, post, set_up_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

FOCUSED = """() => {
    const e = document.activeElement, row = e.closest('details'), group = e.form && e.name
        ? [...e.form.querySelectorAll(`[name="${e.name}"]`)].map(o => o.value) : [];
    return {tag: e.tagName, type: e.type || '', name: e.name || '', group, text: e.innerText || '',
        options: e.tagName === 'SELECT' ? [...e.options].map(o => o.value) : [],
        closed: e.tagName === 'SUMMARY' && !row.open ? row.innerHTML : ''};
}"""
MOST_TABS = 160


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def opened(browser: Browser, site_url: str, client: FlaskClient, width: int) -> Page:
    """Return a page of a browser in which the client's person is signed in."""
    cookie = client.get_cookie("session")
    assert cookie
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "session", "value": cookie.value, "url": site_url}])
    return context.new_page()


def answer(page: Page, at: dict[str, Any], value: str) -> None:
    """Answer the focused field by keyboard."""
    if at["tag"] == "SELECT":
        for _ in range(at["options"].index(value)):
            page.keyboard.press("ArrowDown")
    elif at["type"] == "radio":
        for key in ["Space"] + ["ArrowDown"] * at["group"].index(value):
            page.keyboard.press(key)
    else:
        page.keyboard.insert_text(value)


def fill_by_keyboard(page: Page, fields: dict[str, str], save: str) -> None:
    """Fill in the form with Tab, letters, arrows, Space and Enter, and press ``save``."""
    left = {**fields, "finished": "done"}
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        at: dict[str, Any] = page.evaluate(FOCUSED)
        if any(f'name="{name}"' in at["closed"] for name in left):
            page.keyboard.press("Enter")
        elif at["name"] in left:
            answer(page, at, left.pop(at["name"]))
        elif not left and at["text"] == save:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"not reached by keyboard: {left}")


@pytest.mark.parametrize(
    ("root", "save", "submit"),
    [("", "保存并继续", "提交报告"), ("/en", "Save and continue", "Submit the report")],
)
def test_a_report_is_filed_by_keyboard_alone(
    chromium: Browser, site_url: str, desk: Desk, root: str, save: str, submit: str
) -> None:
    page = opened(chromium, site_url, desk.browser("clerk"), 1280)
    for step in FILLED:
        page.goto(f"{site_url}{root}{address(step)}")
        fill_by_keyboard(page, FILLED[step], save)
        assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
    assert page.url.endswith("/check")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["text"] == submit:
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/sent")
    assert page.locator(".receipt .code").inner_text().startswith("SR-")
    page.context.close()


def test_enter_in_a_field_saves_and_removes_nothing(
    chromium: Browser, site_url: str, desk: Desk
) -> None:
    clerk = desk.browser("clerk")
    fill(clerk, ("teachers",))
    page = opened(chromium, site_url, clerk, 1280)
    page.goto(f"{site_url}{address('teachers')}")
    page.locator("#teachers-row-1 summary").press("Enter")
    with page.expect_navigation():
        page.locator("#teachers-0-qualification").press("Enter")
    assert not page.url.endswith("/teachers")
    assert "王示例" in clerk.get(address("teachers")).text
    page.context.close()


def test_focus_stands_on_the_faults(chromium: Browser, site_url: str, desk: Desk) -> None:
    page = opened(chromium, site_url, desk.browser("clerk"), 390)
    page.goto(f"{site_url}{address('files')}")
    with page.expect_navigation():
        page.locator("p.acts .button").first.press("Enter")
    assert page.evaluate("document.activeElement.className") == "summary"
    page.locator(".summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "files_count"
    page.context.close()


def sound(page: Page, url: str, axe: Callable[[Page], list[str]]) -> list[str]:
    """Return what is wrong with a page: axe's findings, and a width beyond the window's."""
    page.goto(url)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{url} {fault}" for fault in [*axe(page), *["too wide"] * bool(wide)]]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("root", ["", "/en"])
def test_every_page_is_sound(
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    site_url: str,
    desk: Desk,
    root: str,
    width: int,
) -> None:
    clerk, reg = desk.browser("clerk"), desk.browser("reg")
    mine, theirs = (opened(chromium, site_url, client, width) for client in (clerk, reg))
    faults: list[str] = []

    def look(page: Page, *paths: str) -> None:
        for path in paths:
            faults.extend(sound(page, f"{site_url}{root}{path}", axe))

    look(mine, "/my", "/my/reports", "/my/profile", "/my/profile/phone", "/my/profile/class")
    look(mine, "/my/profile/fee/low-voltage-electrician", address(), address("teachers"))
    look(theirs, "/desk/reports", "/desk/reports/periods", "/desk/reports/periods/new")
    fill(clerk)
    look(mine, address(), address("venues"), address("check"))
    url = f"/desk/reports/{hand_in(clerk)}"
    look(theirs, "/desk/reports", url, f"/desk/reports/periods/{PERIOD}")
    post(reg, url, {"deed": "start"})
    look(theirs, url)
    post(reg, url, {"deed": "return", "words-teachers.teachers.2": "请补合同"})
    look(mine, "/my", address(), address("teachers"), address("sent"), address("v1"))
    for page in (mine, theirs):
        page.context.close()
    assert faults == []
