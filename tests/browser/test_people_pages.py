"""Pages of accounts, people, register, notices and trail in a real browser: walked, and by axe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from signing import AREAS, PASSWORD, code_in, institution, person, sent, signed_in

from portal.domain.people import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

OPEN_TO_ALL = ("/login", "/signup", "/notices", "/notices/1")
AT_THE_DESK = (
    "/desk",
    "/desk/institutions",
    "/desk/institutions/new",
    "/desk/institutions/PT-1",
    "/desk/institutions/PT-1/edit",
    "/desk/institutions/PT-1/state",
    "/desk/institutions/PT-1/state/1",
    "/desk/people",
    "/desk/people/new",
    "/desk/people/2",
    "/desk/notices",
    "/desk/notices/new",
    "/desk/notices/1",
    "/desk/notices/2",
    "/desk/audit",
    "/desk/signals",
    "/account",
)
AT_AN_INSTITUTION = ("/my/users", "/my/users/new", "/my/users/3", "/account")
NARROWEST = 320
ON_AN_EMPTY_SITE = ("/desk", "/desk/institutions", "/desk/people", "/desk/notices", "/desk/audit")


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Yield a page of the width asked for, without JavaScript of ours to help."""
    width = getattr(request, "param", 1280)
    page = chromium.new_page(viewport={"width": width, "height": 900})
    yield page
    page.close()


def enter(page: Page, site_url: str, username: str, password: str = PASSWORD) -> None:
    """Sign in as a person does."""
    page.goto(f"{site_url}/login")
    page.fill("#username", username)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_load_state()


def faults(page: Page, axe: Callable[[Page], list[str]], address: str) -> list[str]:
    """Return what axe finds on the page at this address, and whether it runs over at 320 px."""
    answer = page.goto(address)
    assert answer
    assert answer.status == 200, address
    found = [f"{address}: {fault}" for fault in axe(page)]
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(size)
    return [*found, *([f"{address} runs over by {over} px"] if over > 0 else [])]


@pytest.fixture
def filled(app: Flask, engine: Engine) -> None:
    """Fill the site: an institution with a state, its two people, two notices."""
    institution(engine, "P1")
    person(engine, "reg", Role.REGULATOR)
    person(engine, "ann", Role.INSTITUTION, institution_code="P1")
    person(engine, "ben", Role.INSTITUTION, institution_code="P1")
    desk = signed_in(app, "reg")
    facts: dict[str, str | list[str]] = {
        "code": "PT-1",
        "name": "示例甲安全培训中心",
        "area_code": AREAS[0],
        "trades": ["fusion-welding"],
    }
    sent(desk, "/desk/institutions/new", **facts)
    state = {"state": "suspended", "trade": "", "from_on": "2026-01-09", "reason": "整改"}
    sent(desk, "/desk/institutions/PT-1/state", **state)
    body = "## 一、内容\n第一段 **重点**\n\n- 甲\n- 乙"
    for number in (1, 2):
        sent(desk, "/desk/notices/new", title=f"公告 {number}", body=body)
    publishing = desk.get("/desk/notices/1").get_data(as_text=True)
    today = publishing.split('name="on"')[1].split('value="')[1].split('"')[0]
    assert sent(desk, "/desk/notices/1", "/desk/notices/1/publish", on=today)[0] == 303


@pytest.mark.parametrize("page", [390, 1280], indirect=True)
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.usefixtures("filled")
def test_axe_finds_nothing(
    page: Page, axe: Callable[[Page], list[str]], site_url: str, language: str
) -> None:
    found = [
        fault for path in OPEN_TO_ALL for fault in faults(page, axe, f"{site_url}{language}{path}")
    ]
    for who, paths in (("reg", AT_THE_DESK), ("ann", AT_AN_INSTITUTION)):
        page.context.clear_cookies()
        enter(page, site_url, who)
        for path in paths:
            found += faults(page, axe, f"{site_url}{language}{path}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["", "/en"])
def test_axe_finds_nothing_on_an_empty_site(
    page: Page, axe: Callable[[Page], list[str]], site_url: str, engine: Engine, language: str
) -> None:
    found = faults(page, axe, f"{site_url}{language}/login")
    person(engine, "boss", Role.ADMIN)
    person(engine, "reg", Role.REGULATOR)
    enter(page, site_url, "reg")
    for path in ON_AN_EMPTY_SITE:
        found += faults(page, axe, f"{site_url}{language}{path}")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_a_refused_form(
    page: Page, axe: Callable[[Page], list[str]], site_url: str, engine: Engine
) -> None:
    person(engine, "reg", Role.REGULATOR)
    enter(page, site_url, "reg", "wrong")
    assert page.title().startswith("有错误：")
    assert page.input_value("#username") == "reg"
    assert axe(page) == []
    enter(page, site_url, "reg")
    page.goto(f"{site_url}/en/desk/people/new")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save and show the slip").press("Enter")
    page.wait_for_load_state()
    assert page.locator(".summary a").count() >= 1
    assert axe(page) == []
    page.locator(".summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "name"


def registered_with_holder(page: Page) -> str:
    """Register an institution at the desk and add its holder; return the code of the slip."""
    page.get_by_role("link", name="登记培训机构").press("Enter")
    page.get_by_role("link", name="登记机构").first.press("Enter")
    page.get_by_label("机构编号").fill("PT-1")
    page.get_by_label("机构全称").fill("示例甲安全培训中心")
    page.get_by_label("所在街道（镇）").select_option(AREAS[0])
    page.get_by_label("熔化焊接").check()
    page.get_by_role("button", name="保存").press("Enter")
    page.get_by_role("link", name="添加账号负责人").press("Enter")
    assert page.get_by_label("机构编号").input_value() == "PT-1"
    page.get_by_label("姓名").fill("周敏")
    page.get_by_role("button", name="保存并开凭条").press("Enter")
    page.wait_for_load_state()
    return code_in(page.content())


def joined_by_slip(page: Page, site_url: str, code: str) -> None:
    """Set a password with a slip and sign in, in English."""
    page.goto(f"{site_url}/en/login")
    page.get_by_role("link", name="Set a password with a slip").press("Enter")
    page.get_by_label("Slip code").fill(code.lower())
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Set password").press("Enter")
    assert page.get_by_role("textbox", name="User name").input_value() == "周敏"
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").press("Enter")


def test_from_an_empty_site_to_a_colleague_by_the_keyboard(
    chromium: Browser, page: Page, axe: Callable[[Page], list[str]], site_url: str, engine: Engine
) -> None:
    person(engine, "boss", Role.ADMIN)
    enter(page, site_url, "boss")
    assert page.url == f"{site_url}/desk"
    code = registered_with_holder(page)
    assert axe(page) == []
    holder = chromium.new_context().new_page()
    joined_by_slip(holder, site_url, code)
    holder.get_by_role("link", name="Our people").press("Enter")
    holder.get_by_role("link", name="Add a colleague").press("Enter")
    holder.get_by_role("textbox", name="Name", exact=True).fill("Lin Wei")
    holder.get_by_role("button", name="Save and show the slip").press("Enter")
    holder.wait_for_load_state()
    assert "linwei" in holder.content()
    assert code_in(holder.content()) != code
    holder.context.close()
