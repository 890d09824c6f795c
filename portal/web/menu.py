"""The menu of a signed-in desk: what this person may open, of what is there to be opened."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from portal.domain.people import Actor, Permission
from portal.web.boundary import actor
from portal.web.language import gettext, mark


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a desk: its endpoint, its words, and what one must be allowed to do to open it."""

    endpoint: str
    words: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as the page shows it."""

    href: str
    text: str
    current: bool


ENTRIES = (
    Entry("institution.desk", mark("工作台"), Permission.MY_DESK),
    Entry("institution.reports", mark("专项报告"), Permission.MY_DESK),
    Entry("institution.profile", mark("收费、班期和电话"), Permission.EDIT_PROFILE),
    Entry("institution.cases", mark("收到的告知书"), Permission.ANSWER_CASE),
    Entry("institution.figures", mark("公布前核对"), Permission.CHECK_FIGURES),
    Entry("institution.help", mark("请求帮助"), Permission.MY_DESK),
    Entry("institution.users", mark("本机构人员"), Permission.MANAGE_COLLEAGUES),
    Entry("regulator.desk", mark("工作台"), Permission.DESK),
    Entry("regulator.reports", mark("专项报告"), Permission.REVIEW_REPORT),
    Entry("regulator.cases", mark("案件"), Permission.HANDLE_CASE),
    Entry("regulator.signals", mark("监管信号"), Permission.SEE_CASES),
    Entry("regulator.inspections", mark("监督检查"), Permission.DESK),
    Entry("regulator.traces", mark("事故倒查"), Permission.SEE_CASES),
    Entry("regulator.letters", mark("反映和求助"), Permission.HANDLE_CASE),
    Entry("regulator.bulletins", mark("通报"), Permission.HANDLE_CASE),
    Entry("regulator.editions", mark("排名版次"), Permission.COMPOSE_EDITION),
    Entry("regulator.institutions", mark("机构名册"), Permission.DESK),
    Entry("regulator.imports", mark("考试数据"), Permission.SEE_IMPORTS),
    Entry("regulator.surveys", mark("满意度调查"), Permission.SEE_SURVEYS),
    Entry("regulator.notices", mark("公告"), Permission.WRITE_NOTICE),
    Entry("regulator.people", mark("人员"), Permission.MANAGE_PEOPLE),
    Entry("regulator.audit", mark("操作留痕"), Permission.SEE_AUDIT),
    Entry("authority.desk", mark("考试数据"), Permission.AUTHORITY_DESK),
    Entry("authority.slips", mark("满意度凭条"), Permission.HAND_OUT_SLIPS),
)


def menu() -> list[Item]:
    """Return the entries for the person who asks; empty for nobody."""
    person = actor()
    here = [entry for entry in ENTRIES if person.may(entry.permission) and is_open(entry.endpoint)]
    addresses = {entry.endpoint: url_for(entry.endpoint) for entry in here}
    current = _current(list(addresses.values()))
    return [
        Item(address, gettext(entry.words), address == current)
        for entry, address in zip(here, addresses.values(), strict=True)
    ]


def home_of(person: Actor) -> str:
    """Return the address of the person's own desk, or of the account where there is none."""
    desks = (entry for entry in ENTRIES if entry.endpoint.endswith(".desk"))
    mine = (entry.endpoint for entry in desks if person.may(entry.permission))
    return url_for(next((desk for desk in mine if is_open(desk)), "account.account"))


def address_of(endpoint: str) -> str | None:
    """Return the address of a menu's page if the person who asks may open it, else None."""
    may = (entry for entry in ENTRIES if actor().may(entry.permission))
    open_here = any(entry.endpoint == endpoint for entry in may) and is_open(endpoint)
    return url_for(endpoint) if open_here else None


def is_open(endpoint: str) -> bool:
    """Tell whether the site has the page."""
    return endpoint in current_app.view_functions


def _current(addresses: list[str]) -> str | None:
    """Return the longest address that this page stands under."""
    path = request.script_root + request.path
    above = (each for each in addresses if path == each or path.startswith(f"{each}/"))
    return max(above, key=len, default=None)
