"""The instruments of the browser tests measure what they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page


def test_axe_sees_a_picture_without_words(
    chromium: Browser, axe: Callable[[Page], list[str]]
) -> None:
    page = chromium.new_page()
    page.set_content(
        "<!doctype html><html lang=en><title>t</title><main><h1>t</h1><img src=x></main>"
    )
    found = axe(page)
    page.close()
    assert [line.partition(":")[0] for line in found] == ["image-alt"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("root", ["", "/en"])
def test_a_lost_reader_is_helped(
    chromium: Browser, axe: Callable[[Page], list[str]], site_url: str, root: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    answer = page.goto(f"{site_url}{root}/no-such-page")
    found, links = axe(page), page.locator("main a").count()
    page.close()
    assert answer
    assert answer.status == 404
    assert found == []
    assert links
