"""Workbooks through the desk in a real browser, and the desk's pages by axe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from handed import EXAM_HEADER, Hand, csv_of, exam
from signing import PASSWORD, person
from workbooks import xlsx

from portal.domain.people import Role
from portal.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

    from portal.rules.office import Office

CELL = ("low-voltage-electrician", "2026-H1")
NARROWEST = 320


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into a site with one institution, an officer and a regulator."""
    hand = Hand(engine, office)
    hand.register("P001")
    person(engine, "officer", Role.AUTHORITY)
    person(engine, "reg", Role.REGULATOR)
    return hand


def signed_in(chromium: Browser, site_url: str, username: str, width: int = 1280) -> Page:
    """Return a page on which that person has signed in, without scripts."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=False, locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, site_url, username)
    return page


def sign_in(page: Page, site_url: str, username: str) -> None:
    """Sign in as a person does."""
    page.goto(f"{site_url}/login")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main .button")


def hand_in(page: Page, site_url: str, file: Path) -> None:
    """Upload a file at the desk."""
    page.goto(f"{site_url}/authority")
    page.set_input_files("#file", str(file))
    page.click("main form .button")


# Saved by LibreOffice Calc 7.4: title, stamp and signature rows, a header over two rows with merged
# cells, the institution merged downwards, dates as dates.
REAL = ROOT / "tests" / "reference"


@pytest.mark.parametrize("writer", ["libreoffice-7.4.xlsx", "libreoffice-7.4.xls", "XlsxWriter"])
def test_a_workbook_goes_through_the_desk(
    chromium: Browser, site_url: str, hand: Hand, tmp_path: Path, writer: str
) -> None:
    file = REAL / writer
    if writer == "XlsxWriter":
        file = tmp_path / "第3期成绩.xlsx"
        plain = [[str(exam(n)[key]) for key in EXAM_HEADER] for n in (1, 2)]
        file.write_bytes(xlsx({"成绩": [EXAM_HEADER, *plain]}))
    page = signed_in(chromium, site_url, "officer")
    hand_in(page, site_url, file)
    assert "没有错误" in page.inner_text("main")
    page.click("text=接收全部 2 行")
    assert "已经接收" in page.inner_text("main")
    page.context.close()
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}


def wrong_on(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    """Return what axe finds on the open page, and whether it runs over on the smallest phone."""
    found = [f"{page.url}: {fault}" for fault in axe(page)]
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(size)
    return [*found, *([f"{page.url} runs over by {over} px"] if over > 0 else [])]


@pytest.fixture
def files(hand: Hand, tmp_path: Path) -> Path:
    """Return a folder for the files of a site that can take them in."""
    del hand
    return tmp_path


@pytest.mark.parametrize(("root", "width"), [("", 390), ("/en", 1280)])
def test_axe_finds_nothing(
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    site_url: str,
    files: Path,
    root: str,
    width: int,
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    sign_in(page, site_url, "officer")
    file = files / "成绩.csv"
    strange = exam(2, institution_code="", institution_name="示例不认识的机构")
    file.write_bytes(csv_of([exam(1), strange, exam(3, theory_score="缺")]))
    hand_in(page, f"{site_url}{root}", file)
    found, desk = wrong_on(page, axe), f"{site_url}{root}/authority"
    for address in (f"{page.url}/effect", desk, f"{desk}/words"):
        page.goto(address)
        found += wrong_on(page, axe)
    header = [key.replace("person_id", "本人编号") for key in EXAM_HEADER]
    file.write_bytes(csv_of([exam(1) | {"本人编号": "1"}], header))
    hand_in(page, f"{site_url}{root}", file)  # asks what the strange column is
    found += wrong_on(page, axe)
    page.context.clear_cookies()
    sign_in(page, site_url, "reg")
    for address in ("/desk/imports", "/desk/imports/new"):
        page.goto(f"{site_url}{root}{address}")
        found += wrong_on(page, axe)
    page.context.close()
    assert not found, "\n".join(found)
