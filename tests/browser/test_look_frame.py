"""The frame as the application serves it: its style passes the policy, its size can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage

DEEP = "rgb(7, 50, 76)"


@pytest.mark.parametrize("path", ["/login?lang=zh", "/en/login", "/nowhere", "/login?size=l"])
def test_the_inlined_style_passes_the_policy(chromium: Browser, site_url: str, path: str) -> None:
    page = chromium.new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", hear)
    page.goto(f"{site_url}{path}")
    colour = page.locator(".top").evaluate("e => getComputedStyle(e).backgroundColor")
    page.close()
    assert colour == DEEP
    assert not [text for text in said if "Content Security Policy" in text]


def test_larger_text_is_kept_from_page_to_page(chromium: Browser, site_url: str) -> None:
    page = chromium.new_page()
    page.goto(f"{site_url}/login?lang=zh")
    before = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("link", name="大字").click()
    page.get_by_role("navigation", name="主导航").get_by_role("link").first.click()
    page.goto(f"{site_url}/login")
    after = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.close()
    assert after == pytest.approx(before * 1.3)
