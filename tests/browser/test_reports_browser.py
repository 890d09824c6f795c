"""Special reports in a real browser: by keyboard alone, in both languages, at both widths."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hostile_files import jpeg
from reports_desk import FILLED, PERIOD, Desk, address, fill, hand_in, hidden, post, set_up_desk
from teacher_sheet import book

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
        path: e.pathname || '',
        options: e.tagName === 'SELECT' ? [...e.options].map(o => o.value) : [],
        closed: e.tagName === 'SUMMARY' && !row.open ? row.innerHTML : ''};
}"""
MOST_TABS = 160
MOST_STOPS = 400
"""Stops of the keyboard on the longest page, a report under review."""
ENGLISH = (
    "Save and continue",
    "Submit the report",
    "Start the review",
    "Verify and update the public page",
)


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions and an open reporting period."""
    return set_up_desk(app, engine)


def opened(
    browser: Browser, site_url: str, client: FlaskClient, width: int, *, scripts: bool = True
) -> Page:
    """Return a page of a browser in which the client's person is signed in."""
    cookie = client.get_cookie("session")
    assert cookie
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
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
    ("root", "buttons"),
    [
        ("", ("保存并继续", "提交报告", "开始核验", "核验通过，更新公示页")),
        ("/en", ENGLISH),
    ],
)
def test_from_an_empty_desk_to_an_accepted_report_by_keyboard_without_scripts(
    chromium: Browser, site_url: str, desk: Desk, root: str, buttons: tuple[str, str, str, str]
) -> None:
    save, submit, start, accept = buttons
    page = opened(chromium, site_url, desk.browser("clerk"), 1280, scripts=False)
    page.goto(f"{site_url}{root}/my")
    follow(page, address())
    follow(page, address(next(iter(FILLED))))
    for step in FILLED:
        assert page.url == f"{site_url}{root}{address(step)}"
        fill_by_keyboard(page, FILLED[step], save)
        assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
    assert page.url.endswith("/check")
    press(page, submit)
    assert page.url.endswith("/sent")
    receipt = page.locator(".receipt .code").inner_text()
    assert receipt.startswith("SR-")
    page.context.close()
    page = opened(chromium, site_url, desk.browser("reg"), 1280, scripts=False)
    page.goto(f"{site_url}{root}/desk")
    follow(page, "/desk/reports")
    follow(page, f"/desk/reports/{receipt}")
    press(page, start)
    press(page, accept)
    assert page.locator("button[value=accept]").count() == 0
    page.goto(f"{site_url}{root}/i/P001/versions")
    assert page.locator("main tbody tr").count() == 1
    page.context.close()


def press(page: Page, words: str) -> None:
    """Reach a button by keyboard and press it."""
    _enter(page, "text", words)


def follow(page: Page, path: str) -> None:
    """Reach a link to a page by keyboard and follow it."""
    _enter(page, "path", path)


def _enter(page: Page, what: str, wanted: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if str(page.evaluate(FOCUSED)[what]).removeprefix("/en") == wanted:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"not reached by keyboard: {wanted}")


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
        page.locator("p.acts .button", has_text="保存并继续").press("Enter")
    assert page.evaluate("document.activeElement.className") == "summary"
    page.locator(".summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "files_count"
    page.context.close()


def test_the_back_button_loses_nothing(chromium: Browser, site_url: str, desk: Desk) -> None:
    clerk = desk.browser("clerk")
    page = opened(chromium, site_url, clerk, 390, scripts=False)
    save = page.get_by_text("保存并继续").last

    def typed() -> str:
        page.go_back()
        return page.input_value("#files_count")

    page.goto(f"{site_url}{address('files')}")
    page.fill("#files_count", "777")
    page.click(".own a >> nth=0")
    assert typed() == "777", "left without saving"
    page.fill("#files_count", "很多")
    save.click()
    assert page.locator(".summary").count() == 1
    assert typed() == "很多", "back from what was refused"
    page.fill("#files_count", "320")
    page.check("[name=finished][value=later]")
    save.click()
    assert not page.url.endswith("/files")
    assert typed() == "320", "back from the next step"
    page.fill("#files_count", "321")
    save.click()
    assert page.locator("#clash").count() == 0
    assert 'value="321"' in clerk.get(address("files")).text
    page.context.close()


def send_files(clerk: FlaskClient) -> None:
    """Send a sheet with faults and a blurred photo to the step of the teachers."""
    url = address("teachers")
    for files in (
        {"sheet_teachers": (io.BytesIO(book()), "x.xlsx"), "sheet": "teachers"},
        {"evidence": (io.BytesIO(jpeg(320, 240)), "x.jpg"), "attach": "1"},
    ):
        data = {**hidden(clerk.get(url).text), "proves": "teachers.teachers", **files}
        answer = clerk.post(url, data=data, content_type="multipart/form-data")
        assert answer.status_code == 303


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

    look_at_first(look, mine, theirs)
    fill(clerk)
    look(mine, address(), address("venues"), address("check"))
    url = f"/desk/reports/{hand_in(clerk)}"
    look(theirs, "/desk/reports", url, f"/desk/reports/periods/{PERIOD}")
    post(reg, url, {"deed": "start"})
    look(theirs, url)
    post(reg, url, {"deed": "return", "words-teachers.teachers.2": "请补合同"})
    look(mine, "/my", address(), address("teachers"), address("sent"), address("v1"))
    send_files(clerk)
    look(mine, address("teachers"), address("check"))
    look_at_accepted(desk, look, mine, theirs)
    for page in (mine, theirs):
        page.context.close()
    assert faults == []


def look_at_first(look: Callable[..., None], mine: Page, theirs: Page) -> None:
    """Look at what stands there before anybody has filed."""
    look(mine, "/late-reports", "/i/P001/versions")
    look(mine, "/my", "/my/deadlines", "/my/reports", "/my/profile")
    look(mine, "/my/profile/phone", "/my/profile/class")
    look(mine, "/my/profile/fee/low-voltage-electrician", address(), address("teachers"))
    look(theirs, "/desk/reports", "/desk/reports/periods", "/desk/reports/periods/new")
    look(theirs, *(f"/desk/reports/periods/{PERIOD}/{what}" for what in ("extend", "exempt")))


def look_at_accepted(desk: Desk, look: Callable[..., None], mine: Page, theirs: Page) -> None:
    """Let the other institution's report be accepted, and look at what rests on it."""
    clerk, reg = desk.browser("rival"), desk.browser("reg")
    fill(clerk)
    url = f"/desk/reports/{hand_in(clerk)}"
    for deed in ("start", "accept"):
        post(reg, url, {"deed": deed})
    look(theirs, "/desk/institutions/P002/facts", "/desk/institutions/P002/visit")
    look(mine, "/i/P002", "/i/P002/versions", "/i/P002/versions/1", "/i/P002/diff/1..1")
