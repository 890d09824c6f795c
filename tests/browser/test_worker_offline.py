"""A reader whose line drops still has what was read and what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

MAIN = "low-voltage-electrician"
TYPED = "上课只有四天，合同写的是八天。"


@pytest.mark.parametrize("scripts", [True, False])
def test_pages_read_before_still_open_without_a_line(
    chromium: Browser, site_url: str, public_world: FlaskClient, *, scripts: bool
) -> None:
    del public_world
    context = chromium.new_context(locale="zh-CN", java_script_enabled=scripts)
    page = context.new_page()
    for address in (f"/rank/{MAIN}", "/i/S004", "/i/S005"):
        page.goto(site_url + address)
    context.set_offline(True)
    page.go_back()
    assert page.locator("main a[href^='tel:']").first.is_visible()
    page.go_back()
    assert page.locator(".rank .name a").count() > 1
    page.go_forward()
    assert page.url.endswith("/i/S004")
    context.close()


def test_a_form_sent_without_a_line_is_sent_again_with_all_that_was_typed(
    chromium: Browser, site_url: str, public_world: FlaskClient
) -> None:
    del public_world
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}/report-problem")
    page.fill("main textarea", TYPED)
    context.set_offline(True)
    page.locator("main form button").first.click()
    page.wait_for_url("chrome-error://**")
    context.set_offline(False)
    page.reload()
    assert TYPED in page.content()
    context.close()


def test_a_saved_page_lacks_nothing(
    chromium: Browser, public_world: FlaskClient, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(public_world.get("/i/S004").text, "utf-8")
    context = chromium.new_context(locale="zh-CN", offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    assert page.locator("main svg").first.is_visible()
    assert page.locator("main a[href^='tel:']").first.is_visible()
    assert not [url for url in asked if not url.endswith((saved.name, "mark.svg"))]
    context.close()
