"""All trades with their rankings, and the way from the finder to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.publication.standings import rankings as sealed
from portal.publication.standings.rankings import Head, Ranking
from portal.web.boundary import Act, look
from portal.web.finding import area_options, trade_options
from portal.web.language import language
from portal.web.public import telling
from portal.web.public.rank import all_round, what_if

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


@dataclass(frozen=True, slots=True)
class Group:
    """The rankings of one category of trades."""

    name: str
    rankings: list[tuple[str, Ranking]]
    """Name of the trade and its ranking."""


def rankings() -> str | Response:
    """Show every trade's ranking in brief, or the all-round order; answer the finder's question."""
    trade, area = request.args.get("trade", ""), request.args.get("area", "")
    with look() as here:
        if here.office.trade(trade):
            known = area if here.office.area(area) else None
            return redirect(url_for("public.ranking", trade=trade, area=known), 302)
        edition = sealed.latest(here.session)
        if request.args.get("view") == all_round.VIEW:
            return all_round.page(here, edition)
        if request.args.get("view") == what_if.VIEW:
            return what_if.page(here, edition)
        return render_template(
            "public/rankings.html",
            edition=edition,
            groups=groups_of(here, edition),
            trades=trade_options(here.office),
            areas=area_options(here.office),
            tabs=all_round.tabs(""),
            next_on=here.office.calendar.next_edition_on(here.day),
        )


def groups_of(here: Act, edition: Head | None) -> list[Group]:
    """Return the edition's rankings by category, both in the order of pages."""
    found = {one.trade: one for one in sealed.rankings(here.session, edition)} if edition else {}
    order = [*here.office.trades, *sorted(found.keys() - set(here.office.trades))]
    groups: dict[str, list[tuple[str, Ranking]]] = {}
    for slug in order:
        if slug in found:
            trade = here.office.trade(slug)
            category = trade and here.office.category_of(trade).name(language())
            named = telling.trade_name(here.office, slug)
            groups.setdefault(category or "", []).append((named, found[slug]))
    return [Group(name, members) for name, members in groups.items()]
