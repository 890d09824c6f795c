"""From an empty site to a sealed edition and a listed case, in the browser alone.

Only the first administrator is added at the command line, as the handbook says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from signing import PASSWORD, person
from site_day import today
from sqlalchemy import select

from portal.domain.people import Role
from portal.domain.period import Period
from portal.store.factual_checks import FigureCheck
from portal.store.session import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

TRADE = "低压电工作业"
FACTS = "抽查两个班次，签到表与视频记录不一致。"
TODAY = today()
LAST = Period.of(TODAY).after(-1)
HEADER = (
    "ticket_no,person_id,name,institution_code,institution_name,trade,exam_kind,attempt,"
    "registered_on,theory_on,theory_score,practical_on,practical_score,site,status"
)


@dataclass
class Town:
    """The site and everybody's browser."""

    browser: Browser
    url: str
    engine: Engine
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, username: str) -> Page:
        """Return that person's browser, signed in."""
        if username not in self.pages:
            page = self.browser.new_context(locale="zh-CN").new_page()
            page.goto(f"{self.url}/login")
            page.locator("[name=username]").fill(username)
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main").get_by_role("button", name="登录").click()
            page.wait_for_load_state()
            self.pages[username] = page
        return self.pages[username]

    def stranger(self) -> Page:
        """Return the browser of somebody without an account."""
        if "" not in self.pages:
            self.pages[""] = self.browser.new_context(locale="zh-CN").new_page()
        return self.pages[""]

    def stranger_home(self) -> str:
        """Return the text of the home page."""
        page = self.stranger()
        page.goto(f"{self.url}/")
        return page.locator("main").inner_text()

    def add(self, by: str, username: str, role: str, institution: str = "") -> None:
        """Let ``by`` add a person, who sets a password with the slip."""
        page = self.page(by)
        page.goto(f"{self.url}/desk/people/new")
        page.get_by_label("姓名").fill(f"示例{username}")
        page.locator("[name=username]").fill(username)
        page.get_by_label("角色").select_option(role)
        page.get_by_label("机构编号").fill(institution)
        page.get_by_role("button", name="保存并开凭条").click()
        code = page.locator(".slip .code").nth(1).inner_text()
        fresh = self.browser.new_context(locale="zh-CN").new_page()
        fresh.goto(f"{self.url}/signup")
        fresh.get_by_label("凭条码").fill(code)
        fresh.get_by_role("button", name="继续").click()
        fresh.get_by_label("新密码", exact=True).fill(PASSWORD)
        fresh.get_by_label("再输一次新密码").fill(PASSWORD)
        fresh.get_by_role("button", name="设置密码").click()
        fresh.wait_for_load_state()
        fresh.context.close()


def register(town: Town, code: str) -> None:
    """Register an institution at the desk."""
    page = town.page("first")
    page.goto(f"{town.url}/desk/institutions/new")
    page.get_by_label("机构编号").fill(code)
    page.get_by_label("机构全称").fill(f"示例{code}安全培训中心")
    page.get_by_label("所在街道（镇）").select_option(index=1)
    page.get_by_label("地址").fill("示例路1号")
    page.get_by_label("电话").fill("000-00000001")
    page.get_by_label(TRADE, exact=True).check()
    page.locator("main form").get_by_role("button").first.click()
    page.wait_for_load_state()
    assert f"示例{code}安全培训中心" in page.content()


def results(file: Path) -> None:
    """Write the exam results of three institutions, 60 candidates each."""
    day = LAST.ends_on - timedelta(days=30)
    lines = [HEADER]
    for place, code in enumerate(("T1", "T2", "T3")):
        for number in range(60):
            passed = number % 10 >= place * 2
            score = 90 if passed else 60
            practical = f"{day},88" if passed else ","
            lines.append(
                f"{code}-{number},DEMO{place}{number:07d},示例学员,{code},示例{code}安全培训中心,"
                f"{TRADE},initial,1,{day - timedelta(days=20)},{day},{score},{practical},"
                "示例考点,normal"
            )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def hand_in(town: Town, file: Path) -> None:
    """Let the authority's officer upload the results and take them in."""
    page = town.page("examiner")
    page.goto(f"{town.url}/authority")
    page.get_by_label("考试成绩").first.check()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="接收全部 180 行").click()
    page.wait_for_load_state()
    assert "已经接收" in page.content()


def publish(town: Town) -> None:
    """Compose the edition, approve it, and seal it as the second person."""
    page = town.page("first")
    page.goto(f"{town.url}/desk/editions")
    page.get_by_label("统计期").select_option(str(LAST))
    page.get_by_role("button", name="编制草稿").click()
    page.wait_for_load_state()
    address = page.url
    page.locator("form[action$='/check'] button").click()
    page.wait_for_load_state()
    assert "机构核对到" in page.locator("main").inner_text()
    ten_days_pass(town.engine)
    page.goto(address)
    page.locator("form[action$='/approve'] button").click()
    page.wait_for_load_state()
    assert page.locator("form[action$='/seal']").count() == 0
    assert "%" not in town_rank(town, "/low-voltage-electrician")
    second = town.page("second")
    second.goto(address)
    second.locator("form[action$='/seal'] button").click()
    second.wait_for_load_state()
    assert "%" in town_rank(town, "/low-voltage-electrician")


def ten_days_pass(engine: Engine) -> None:
    """Let the institutions' days to check their figures go by in silence."""
    with transaction(engine) as session:
        for check in session.scalars(select(FigureCheck)):
            check.opened_on -= timedelta(days=30)
            check.closes_on = TODAY - timedelta(days=1)


def town_rank(town: Town, more: str = "") -> str:
    """Return the text that a stranger reads under /rank."""
    page = town.stranger()
    page.goto(f"{town.url}/rank{more}")
    return page.locator("main").inner_text()


def bring_case(town: Town) -> str:
    """Walk a case from its facts to the list, with a reply; return its address at the desk."""
    page = town.page("first")
    page.goto(f"{town.url}/desk/cases/new")
    page.get_by_label("机构或单位").select_option("T3")
    page.get_by_label("问题类型").select_option("outline_not_followed")
    page.get_by_label("一般", exact=True).check()
    page.get_by_label("查明的事实").fill(FACTS)
    page.locator("main").get_by_role("button", name="立案").click()
    page.wait_for_load_state()
    address = page.url
    files = ("现场检查记录", "班次签到和授课记录", "视频资料", "学员询问笔录")
    act(page, "evidence", dict.fromkeys(files, "见卷宗"))
    act(page, "serve", {"送达日期": str(TODAY), "送达凭证": "回证1号"}, "直接送达")
    clerk = town.page("clerk")
    clerk.goto(f"{town.url}/my/cases")
    clerk.get_by_role("link", name="未按照培训大纲培训").click()
    clerk.locator("#act-reply [name=words]").fill("已经安排补课。")
    clerk.get_by_role("button", name="提交陈述", exact=True).click()
    clerk.wait_for_load_state()
    page.goto(address)
    act(page, "answer", {"理由": "没有补课记录。"}, "不采纳")
    decision = {"决定文号": "示例〔1〕号", "决定日期": str(TODAY), "决定内容": "责令改正"}
    act(page, "decide", decision)
    act(page, "propose", {"撤下日期": str(TODAY + timedelta(days=200))})
    return address


def act(page: Page, name: str, texts: dict[str, str], choice: str = "") -> None:
    """Fill in and send the form of one act."""
    panel = page.locator(f"#act-{name}")
    if panel.evaluate("it => it.tagName === 'DETAILS' && !it.open"):
        panel.locator("summary").click()
    for label, text in texts.items():
        panel.get_by_label(label).fill(text)
    if choice:
        panel.get_by_label(choice, exact=True).check()
    panel.get_by_role("button").click()
    page.wait_for_load_state()
    assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()


def test_from_nothing_to_a_sealed_edition_and_a_listed_case(
    site_url: str, chromium: Browser, engine: Engine, tmp_path: Path
) -> None:
    person(engine, "admin", Role.ADMIN)
    town = Town(chromium, site_url, engine)
    assert "首期" in town.stranger_home()
    for name in ("first", "second"):
        town.add("admin", name, "regulator")
    town.add("admin", "examiner", "authority")
    for code in ("T1", "T2", "T3"):
        register(town, code)
    town.add("first", "clerk", "institution", "T3")
    results(tmp_path / "results.csv")
    hand_in(town, tmp_path / "results.csv")
    publish(town)
    address = bring_case(town)
    stranger = town.stranger()
    stranger.goto(f"{site_url}/issues")
    assert FACTS not in stranger.content()
    second = town.page("second")
    second.goto(address)
    act(second, "publish", {})
    stranger.goto(f"{site_url}/issues")
    assert FACTS in stranger.content()
    stranger.goto(f"{site_url}/i/T3")
    assert "未按照培训大纲培训" in stranger.content()
    for page in town.pages.values():
        page.context.close()
