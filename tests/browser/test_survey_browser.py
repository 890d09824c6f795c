"""The survey in a real browser: answered on a small phone without scripts, and pages by axe."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from handed import Hand
from signing import PASSWORD, person, signed_in
from voices import codes_on, print_slips, roster

from portal.casework.setting_up import become_demonstration
from portal.domain.people import Role
from portal.store.session import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

    from portal.rules.office import Office

QUESTIONS = 8
NARROWEST = 320


@pytest.fixture
def codes(app: Flask, engine: Engine, office: Office) -> list[str]:
    """Return the codes of a sitting's slips; an officer and a regulator can sign in."""
    with transaction(engine) as session:
        day = date(2026, 11, 23)
        become_demonstration(session, "putuo", day, datetime(2026, 11, 23, 2, tzinfo=UTC))
    hand = Hand(engine, office)
    hand.register("P001")
    roster(hand, 4)
    officer = signed_in(app, person(engine, "officer", Role.AUTHORITY).username)
    person(engine, "reg", Role.REGULATOR)
    return codes_on(print_slips(officer))


def answer(page: Page, address: str) -> None:
    """Answer every question at an address, as a trainee does."""
    page.goto(address)
    page.click("main .button")
    for _ in range(QUESTIONS):
        page.check("input[name=answer] >> nth=1")
        page.click("main .button")


def test_a_trainee_answers_on_a_small_phone_without_scripts(
    chromium: Browser, site_url: str, codes: list[str]
) -> None:
    context = chromium.new_context(
        viewport={"width": NARROWEST, "height": 640}, java_script_enabled=False, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(f"{site_url}/survey")
    page.fill("#code", codes[0].lower().replace("-", " "))
    page.click("main .button")
    answer(page, page.url)
    assert page.locator("main dd").count() == QUESTIONS
    page.click("main .button")
    receipt = page.inner_text(".big")
    page.goto(f"{site_url}/survey/receipt")
    page.fill("#code", receipt)
    page.click("main .button")
    assert "已经计入" in page.inner_text("main")
    context.close()


def wrong_on(page: Page, axe: Callable[[Page], list[str]], address: str) -> list[str]:
    """Return what axe finds on a page, and whether it runs over on the smallest phone."""
    page.goto(address)
    found = [f"{address}: {fault}" for fault in axe(page)]
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(size)
    return [*found, *([f"{address} runs over by {over} px"] if over > 0 else [])]


@pytest.mark.parametrize(("root", "width"), [("", 390), ("/en", 1280)])
def test_axe_finds_nothing(
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    site_url: str,
    codes: list[str],
    root: str,
    width: int,
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    own = f"{site_url}{root}/survey/{codes[1]}"
    answer(page, own)
    addresses = [f"{site_url}{root}/survey", f"{site_url}{root}/survey/receipt", own]
    addresses += [f"{own}?q=effect", f"{own}?q=hours", f"{own}?q=check"]
    found = [fault for address in addresses for fault in wrong_on(page, axe, address)]
    desks = (
        ("officer", ("/authority/slips", "/authority/slips/1")),
        ("reg", ("/desk/surveys", "/desk/surveys/1")),
    )
    for username, pages in desks:
        page.context.clear_cookies()
        page.goto(f"{site_url}/login")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main .button")
        for address in pages:
            found += wrong_on(page, axe, f"{site_url}{root}{address}")
    page.close()
    assert not found, "\n".join(found)
