"""From what an inspection found to a published entry and its early end, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from signing import institution, person, signed_in
from site_day import today

from portal.domain.people import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

FOUND = "两个班次的教学日志缺失。"
EVIDENCE = ("inspection_record", "training_files")
GONE = 410


@dataclass
class Walk:
    """One walk: the site, its language, and the browsers of those who take part."""

    app: Flask
    browser: Browser
    url: str
    root: str
    check: Callable[[Page], list[str]]

    def page(self, username: str = "") -> Page:
        """Return the browser of a person who is signed in, or of a stranger."""
        context = self.browser.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
        if username:
            cookie = signed_in(self.app, username).get_cookie("session")
            assert cookie is not None
            context.add_cookies([{"name": "session", "value": cookie.value, "url": self.url}])
        return context.new_page()

    def go(self, page: Page, address: str) -> None:
        """Open a page of the language; nothing on it may keep anybody out."""
        page.goto(f"{self.url}{self.root}{address}")
        self.look(page)

    def look(self, page: Page) -> None:
        """See that the page is open to everybody and fits a phone."""
        assert self.check(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")

    def act(self, page: Page, name: str, /, **fields: str) -> None:
        """Fill in the form of an act and send it; choices are named by their value."""
        panel = page.locator(f"#act-{name}")
        if panel.locator("summary").first.is_visible() and not panel.get_attribute("open"):
            panel.locator("summary").first.click()
        for field, text in fields.items():
            choice = panel.locator(f'[name={field}][value="{text}"]') if text.isascii() else None
            if choice is not None and choice.count():
                choice.check()
            else:
                panel.locator(f"[name={field}]").fill(text)
        panel.locator("button").last.click()
        page.wait_for_load_state()
        assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
        if not self.root:
            self.look(page)


@pytest.mark.parametrize("root", ["", "/en"])
def test_from_a_finding_to_a_repaired_entry(
    app: Flask,
    site_url: str,
    chromium: Browser,
    axe: Callable[[Page], list[str]],
    engine: Engine,
    root: str,
) -> None:
    institution(engine, "T1")
    for name in ("first", "second"):
        person(engine, name, Role.REGULATOR)
    person(engine, "clerk", Role.INSTITUTION, institution_code="T1")
    walk = Walk(app, chromium, site_url, root, axe)
    first, second, clerk, stranger = (walk.page(n) for n in ("first", "second", "clerk", ""))
    inspect(walk, first)
    address = decide(walk, first, clerk)
    no = publish(walk, address, second, stranger)
    repair(walk, address, first, second, clerk)
    answer = stranger.goto(f"{site_url}{root}/issues/{no}")
    assert answer is not None
    assert answer.status == GONE
    walk.look(stranger)
    for page in (f"/issues/{no}", "/issues", f"/api/v1/issues/{no}", "/issues/feed", "/i/T1"):
        stranger.goto(f"{site_url}{root}{page}")
        assert FOUND not in stranger.content()


def inspect(walk: Walk, page: Page) -> None:
    """Plan an inspection, tick the list on site, note a finding, and finish."""
    now = today().isoformat()
    walk.go(page, "/desk/inspections")
    page.locator("[name=plan-planned_on]").fill(now)
    page.locator("[name=plan-departments]").fill("应急管理局、人力资源和社会保障局")
    page.locator("[name=plan-subject]").select_option("T1")
    page.locator("[name=plan-checklist]").select_option("institutions")
    page.locator("form", has=page.locator("[name=plan-checklist]")).get_by_role("button").click()
    page.wait_for_load_state()
    for key in ("training", "outline", "separation", "premises", "equipment"):
        page.locator(f"[name=item_{key}][value=ok]").check()
    walk.act(page, "results")
    page.locator("#act-finding [name=item]").select_option("files")
    walk.act(page, "finding", words=FOUND, evidence="照片一至四")
    walk.act(page, "finish", inspectors="示例甲、示例乙")
    page.locator("main li a.button").click()
    page.wait_for_load_state()


def decide(walk: Walk, page: Page, clerk: Page) -> str:
    """Bring the case from its facts to a decision; return its address."""
    assert page.locator("[name=facts]").input_value() == FOUND
    page.locator("[name=ground]").select_option("files_missing")
    page.locator("[name=severity][value=minor]").check()
    page.locator("main form").get_by_role("button").click()
    page.wait_for_load_state()
    address = page.url
    walk.act(page, "evidence", **{f"evidence_{kind}": "卷一" for kind in EVIDENCE})
    now = today().isoformat()
    walk.act(page, "serve", served_on=now, how="in_person", proof="回证一号")
    walk.go(clerk, "/my/cases")
    clerk.locator("main .rows a").first.click()
    clerk.wait_for_load_state()
    walk.act(clerk, "reply", words="已经补了一份。")
    page.goto(address)
    walk.act(page, "answer", adopted_1="no", reasons_1="没有签字。")
    walk.act(page, "decide", number="决一", decided_on=now, words="责令补齐", penalty="warning")
    walk.act(page, "propose")
    return address


def publish(walk: Walk, address: str, second: Page, stranger: Page) -> str:
    """Publish as the second person; return the entry's number."""
    walk.go(stranger, "/issues")
    assert FOUND not in stranger.content()
    second.goto(address)
    walk.act(second, "publish")
    walk.go(stranger, "/issues")
    assert FOUND in stranger.content()
    link = stranger.locator(".entries a").first
    no = (link.get_attribute("href") or "").rpartition("/")[2]
    link.click()
    stranger.wait_for_load_state()
    walk.look(stranger)
    assert "已经补了一份。" in stranger.content()
    for page in ("/penalties", f"/issues/{no}/history", "/inspections", "/issues/bulletins"):
        walk.go(stranger, page)
    return no


def repair(walk: Walk, address: str, first: Page, second: Page, clerk: Page) -> None:
    """Correct, re-check, ask for repair, and end the entry by two persons."""
    clerk.reload()
    walk.act(clerk, "rectify", words="日志已经补齐。")
    first.goto(address)
    walk.act(first, "confirm", words="复查合格。")
    clerk.reload()
    walk.act(clerk, "ask_repair", words="已经整改。")
    first.goto(address)
    walk.act(first, "propose_end", reason="repaired", document_no="复一", words="复查合格。")
    second.goto(address)
    walk.act(second, "end")
