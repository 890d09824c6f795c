"""The survey in a real browser: answered on a small phone without scripts, and pages by axe."""

from __future__ import annotations

import shutil
import subprocess
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
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

    from portal.rules.office import Office

QUESTIONS = 8
NARROWEST = 320


@pytest.fixture
def sitting(app: Flask, engine: Engine, office: Office) -> FlaskClient:
    """Return an officer who can print the slips of a sitting; a regulator can sign in too."""
    with transaction(engine) as session:
        day = date(2026, 11, 23)
        become_demonstration(session, "putuo", day, datetime(2026, 11, 23, 2, tzinfo=UTC))
    hand = Hand(engine, office)
    hand.register("P001")
    roster(hand, 4)
    person(engine, "reg", Role.REGULATOR)
    return signed_in(app, person(engine, "officer", Role.AUTHORITY).username)


@pytest.fixture
def codes(sitting: FlaskClient) -> list[str]:
    """Return the codes of the sitting's slips."""
    return codes_on(print_slips(sitting))


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


@pytest.mark.usefixtures("sitting")
@pytest.mark.skipif(not shutil.which("zbarimg"), reason="zbarimg (Debian: zbar-tools) is not here")
def test_a_reader_of_codes_finds_its_way_from_the_printed_slip(
    chromium: Browser, site_url: str, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport={"width": 794, "height": 1123}, device_scale_factor=2)
    page = context.new_page()
    sign_in(page, site_url, "officer")
    page.goto(f"{site_url}/authority/slips")
    page.click("main form .button")
    page.emulate_media(media="print")
    ways = []
    for number, slip in enumerate(page.locator(".slip").all()):
        picture = tmp_path / f"{number}.png"
        slip.screenshot(path=picture)
        read = subprocess.run(  # Debian's own reader on our own picture
            [shutil.which("zbarimg") or "", "--quiet", "--raw", str(picture)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        assert read == f"{site_url}/survey/{slip.locator('.code').inner_text()}"
        ways.append(read)
    phone = chromium.new_page()
    phone.goto(ways[0])
    assert "示例P001安全培训中心" in phone.inner_text("main")
    phone.close()
    context.close()


def sign_in(page: Page, site_url: str, username: str) -> None:
    """Sign somebody in, whoever was there before."""
    page.context.clear_cookies()
    page.goto(f"{site_url}/login")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main .button")


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
        sign_in(page, site_url, username)
        for address in pages:
            found += wrong_on(page, axe, f"{site_url}{root}{address}")
    page.close()
    assert not found, "\n".join(found)
