"""The directory of institutions, and the question whether one of them is registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for

from portal.publication.institutions.directory import Listed, institutions_on
from portal.publication.institutions.search import (
    LONGEST,
    former_name,
    matching,
    near,
    trades_matching,
)
from portal.publication.listing.problem_list import entries_on
from portal.rules.catalogue import Trade
from portal.web.addresses import own_host
from portal.web.boundary import Act, look
from portal.web.finding import area_options, trade_options
from portal.web.language import CHINESE, gettext, language
from portal.web.public.editions.badge import asked_badge
from portal.web.public.home import warning_phone
from portal.web.public.rank.ranking_rows import name_lang
from portal.web.public.telling import area_name, trade_name, trade_short
from portal.web.shape import capital, label

PER_PAGE = 50
_FEW_TRADES = 6
FEW = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One institution in a list; ``states`` are tags as (words, kind)."""

    href: str
    name: str
    name_lang: str | None
    former: str | None
    area: str
    address: str
    phone: str
    trades: list[str]
    states: list[tuple[str, str]]


def institutions() -> str:
    """Show the directory, searched and filtered as the address says."""
    query = request.args.get("q", "").strip()[:LONGEST]
    trade, area = request.args.get("trade", ""), request.args.get("area", "")
    with look() as here:
        trade, area = (
            trade if here.office.trade(trade) else "",
            area if here.office.area(area) else "",
        )
        wished = {"q": query, "trade": trade, "area": area}
        listed = institutions_on(here.session, here.day, area=area or None, trade=trade or None)
        like = trades_matching(here.office.offered(), query)
        named = matching(listed, query)
        found = named or _teaching(listed, like)
        start = _start(found, request.args.get("after", ""))
        part = found[start : start + PER_PAGE]
        return render_template(
            "public/institutions.html",
            query=query,
            like=like[:_FEW_TRADES],
            by_trade=bool(found) and not named,
            lines=lines_of(here, part, query),
            count=len(found),
            is_empty=not listed and not (trade or area),
            near=lines_of(here, near(listed, query), query) if query and not found else [],
            fields=_fields(here, trade, area),
            chosen=_chosen(here, wished),
            next=_address(wished, part[-1].code) if len(found) > start + PER_PAGE else None,
            first=_address(wished) if start else None,
        )


def check() -> str:
    """Tell whether an institution is registered, and what to do where it is not."""
    query = request.args.get("q", "").strip()[:LONGEST]
    with look() as here:
        listed = institutions_on(here.session, here.day) if query else []
        found = matching(listed, query) if query else []
        return render_template(
            "public/check.html",
            query=query,
            badge=asked_badge(here),
            host=own_host().partition("://")[2],
            lines=lines_of(here, found[:FEW], query),
            more=len(found) - FEW,
            near=lines_of(here, near(listed, query), query) if not found else [],
            phone=warning_phone(here),
            office_phone=here.office.phone("office"),
        )


def _teaching(listed: list[Listed], trades: list[Trade]) -> list[Listed]:
    wanted = {trade.slug for trade in trades}
    return [one for one in listed if wanted.intersection(one.trades)]


def lines_of(here: Act, listed: list[Listed], query: str = "") -> list[Line]:
    """Return institutions as a list shows them."""
    entries = {entry.institution_code for entry in entries_on(here.session, here.day)}
    return [
        Line(
            href=url_for("public.institution", code=one.code),
            name=one.name if language() == CHINESE else one.name_en or one.name,
            name_lang=name_lang(one.name, one.name_en),
            former=former_name(one, query),
            area=area_name(here.office, one.area_code),
            address=one.address,
            phone=one.phone,
            trades=[trade_short(here.office, slug) for slug in one.trades],
            states=_states(here, one, is_listed=one.code in entries),
        )
        for one in listed
    ]


def _states(here: Act, one: Listed, *, is_listed: bool) -> list[tuple[str, str]]:
    state = one.state_on(here.day)
    found = [] if state == "enrolling" else [(capital(label(f"institution.{state}")), "warn")]
    return [*found, (capital(label("institution.listed")), "warn")] if is_listed else found


def _start(found: list[Listed], after: str) -> int:
    return next((at + 1 for at, one in enumerate(found) if one.code == after), 0)


def _address(wished: dict[str, str], after: str = "") -> str:
    query = urlencode([(k, v) for k, v in {**wished, "after": after}.items() if v])
    base = url_for("public.institutions")
    return f"{base}?{query}" if query else base


def _fields(here: Act, trade: str, area: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "trade",
            "label": gettext("工种"),
            "options": [("", gettext("全部工种")), *trade_options(here.office)],
            "value": trade,
        },
        {
            "name": "area",
            "label": gettext("上课地点"),
            "options": [("", gettext("都可以")), *area_options(here.office)],
            "value": area,
        },
    ]


def _chosen(here: Act, wished: dict[str, str]) -> list[dict[str, str]]:
    words = {
        "trade": wished["trade"] and trade_name(here.office, wished["trade"]),
        "area": wished["area"] and area_name(here.office, wished["area"]),
    }
    return [
        {"text": text, "href": _address({**wished, name: ""})}
        for name, text in words.items()
        if text
    ]
