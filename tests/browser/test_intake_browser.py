"""Workbooks through the desk in a real browser, and the desk's pages by axe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from handed import EXAM_HEADER, LETTER, Hand, csv_of, exam, stamp
from signing import PASSWORD, person
from site_day import today
from workbooks import xlsx

from portal.domain.people import Role
from portal.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    for name in ("reg", "reg2"):
        person(engine, name, Role.REGULATOR)
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


class Walker:
    """Opens pages one after another; whatever is wrong with them is in ``found``."""

    def __init__(self, page: Page, axe: Callable[[Page], list[str]], root: str) -> None:
        """Walk on ``page``, in the language of the addresses that begin with ``root``."""
        self.page, self._axe, self.root = page, axe, root
        self.found: list[str] = []

    def go(self, *addresses: str) -> None:
        """Open pages and look at each."""
        for address in addresses:
            self.page.goto(f"{self.root}{address}")
            self.look()

    def look(self) -> None:
        """Look at the page that is open, once all of it has come."""
        self.page.wait_for_load_state()
        self.found += wrong_on(self.page, self._axe)

    def click(self, what: str) -> None:
        """Click and look at what comes."""
        self.page.click(what)
        self.look()


@pytest.fixture(params=[("", 390), ("/en", 1280)], ids=["zh-390", "en-1280"])
def walker(
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    site_url: str,
    request: pytest.FixtureRequest,
) -> Iterator[Walker]:
    """Yield a walker in one language on one width; in the end nothing may have been wrong."""
    root, width = request.param
    page = chromium.new_page(viewport={"width": width, "height": 900})
    walker = Walker(page, axe, f"{site_url}{root}")
    yield walker
    page.context.close()
    assert not walker.found, "\n".join(walker.found)


def test_axe_finds_nothing_at_the_authority_s_desk(
    walker: Walker, site_url: str, files: Path
) -> None:
    page = walker.page
    sign_in(page, site_url, "officer")
    file = files / "成绩.csv"
    strange = exam(2, institution_code="", institution_name="示例不认识的机构")
    file.write_bytes(csv_of([exam(1), strange, exam(3, theory_score="缺")]))
    hand_in(page, walker.root, file)
    walker.look()
    walker.go(f"{page.url.removeprefix(walker.root)}/effect", "/authority", "/authority/words")
    header = [key.replace("person_id", "本人编号") for key in EXAM_HEADER]
    file.write_bytes(csv_of([exam(1) | {"本人编号": "1"}], header))
    hand_in(page, walker.root, file)  # asks what the strange column is
    walker.look()
    coming = {"status": "registered", "theory_on": today() + timedelta(days=3)}
    empty = dict.fromkeys(("theory_score", "practical_on", "practical_score"), "")
    sites = ("第一考点", "第二考点")
    roster = [exam(n, site=site, **coming, **empty) for n, site in enumerate(sites, 1)]
    file.write_bytes(csv_of(roster))
    hand_in(page, walker.root, file)
    walker.click("form[action$='/take-in'] .button")
    walker.go("/authority", "/authority/slips")
    walker.click("form[action$='/print'] .button")
    page.goto(f"{walker.root}/authority/slips")
    walker.click("td a")


def enter(walker: Walker, file: Path, scan: Path) -> str:
    """Enter a file with its letter, look at what comes, and return its address."""
    page = walker.page
    page.goto(f"{walker.root}/desk/imports/new")
    for name, words in LETTER.items():
        page.fill(f"#{name}", words)
    page.set_input_files("#file", str(file))
    page.set_input_files("#scan", str(scan))
    walker.click("main form .button")
    return page.url.removeprefix(walker.root)


def test_axe_finds_nothing_where_a_file_is_entered_on_behalf(
    walker: Walker, site_url: str, files: Path
) -> None:
    page, file, scan = walker.page, files / "成绩.csv", files / "来文.png"
    scan.write_bytes(stamp())
    sign_in(page, site_url, "reg")
    walker.go("/desk/imports", "/desk/imports/new")
    walker.click("main form .button")  # all that is not told yet
    entered = []
    for score in ("101", "88"):
        file.write_bytes(csv_of([exam(1, theory_score=score)]))
        entered.append(enter(walker, file, scan))
    walker.go(f"{entered[-1]}/effect")
    page.context.clear_cookies()
    sign_in(page, site_url, "reg2")
    walker.go("/desk/imports", *entered)
    walker.click("form[action$='/confirm'] .button")
    walker.click("form[action$='/undo'] .button")  # no reason given
    page.fill("#why", "示例：来文撤回")
    walker.click("form[action$='/undo'] .button")
    receipt = page.url.removeprefix(walker.root)
    page.context.clear_cookies()
    sign_in(page, site_url, "reg")
    walker.go("/desk/imports", receipt)
    walker.click("form[action$='/undo/agree'] .button")
