"""All trades and posts, by category, with what is known of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template

from portal.publication.institutions.directory import institutions_on
from portal.publication.standings import rankings
from portal.rules.catalogue import Trade
from portal.web.boundary import Act, look
from portal.web.language import language


@dataclass(frozen=True, slots=True)
class Group:
    """The trades of one category, each with the number of institutions that teach it."""

    name: str
    trades: list[tuple[Trade, int]]


def trades() -> str:
    """Show the trades that the office offers."""
    with look() as here:
        return render_template(
            "public/trades.html",
            edition=rankings.latest(here.session),
            groups=_groups(here),
        )


def _groups(here: Act) -> list[Group]:
    listed = institutions_on(here.session, here.day)
    teaching = Counter(
        slug for one in listed if one.state_on(here.day) != "closed" for slug in one.trades
    )
    groups: dict[str, list[tuple[Trade, int]]] = {}
    for trade in here.office.offered():
        category = here.office.category_of(trade).name(language())
        groups.setdefault(category, []).append((trade, teaching[trade.slug]))
    return [Group(name, members) for name, members in groups.items()]
