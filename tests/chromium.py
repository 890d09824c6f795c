"""Fixtures of the browser tests: the served site, a real Chromium, and axe."""

from __future__ import annotations

import os
import shutil
from ctypes.util import find_library
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, sync_playwright
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserType, Page

QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def launch(kind: BrowserType, program: str) -> Browser:
    """Return a running browser, in its sandbox where this machine and user allow one."""
    if os.geteuid():
        try:
            return kind.launch(executable_path=program, args=[*QUIET])
        except Error as error:
            if "sandbox" not in str(error).lower():
                raise
    return kind.launch(executable_path=program, args=["--no-sandbox", *QUIET])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield Debian's Chromium; the test is skipped where it is not installed."""
    program = shutil.which("chromium")
    if program is None or find_library("atomic") is None:
        pytest.skip("chromium or libatomic1, which Playwright's node needs, is not installed")
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, program)
        yield browser
        browser.close()


@pytest.fixture
def site_url(app: Flask) -> Iterator[str]:
    """Yield the address at which the application answers while the test runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Return axe: page → what it finds wrong, one line each, empty = nothing."""
    core = Axe()

    def violations(page: Page) -> list[str]:
        found: list[dict[str, Any]] = core.run(page).response["violations"]
        return [
            f"{rule['id']}: {rule['help']}: {node['html']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
