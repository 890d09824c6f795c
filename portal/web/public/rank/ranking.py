"""A trade's ranking: the newest edition's, or that of an older period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.domain.period import Period
from portal.publication.institutions.directory import institutions_on
from portal.publication.standings import rankings
from portal.publication.standings.rankings import Head, Ranking
from portal.web.boundary import Act, look
from portal.web.language import gettext
from portal.web.public import telling
from portal.web.public.rank.ranking_fields import fields_of
from portal.web.public.rank.ranking_places import Place, measure_from, places_of, sorted_places
from portal.web.public.rank.ranking_rows import Row, newcomer, rows_of, today
from portal.web.public.rank.ranking_wishes import (
    Wishes,
    chosen,
    loosenings,
    schedule_words,
    wishes_in,
)

PER_PAGE = 100
BANDS = ("above", "near", "below", "withheld")
_AIR = 0.01
"""Room left beyond the widest ranges."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one page shows of the places; ``after`` is the code its successor starts at."""

    places: list[Place]
    after: str | None


def ranking(trade: str) -> str:
    """Show the newest ranking of a trade."""
    with look() as here:
        require_trade(here, trade)
        edition = rankings.latest(here.session)
        found = ranking_in(here, edition, trade)
        if edition is None or found is None:
            return _without_figures(here, trade, edition)
        base = url_for("public.ranking", trade=trade)
        return _shown(here, edition, found, base, is_latest=True)


def ranking_period(trade: str, period: str) -> str:
    """Show the ranking that was published for an older period."""
    with look() as here:
        require_trade(here, trade)
        _require_period(period)
        edition = rankings.of_period(here.session, period)
        found = ranking_in(here, edition, trade)
        if edition is None or found is None:
            raise NoSuchPage
        newest = rankings.latest(here.session)
        base = url_for("public.ranking_period", trade=trade, period=period)
        return _shown(here, edition, found, base, is_latest=newest == edition)


def ranking_in(here: Act, edition: Head | None, trade: str) -> Ranking | None:
    """Return an edition's ranking of a trade; None where there is no such edition or ranking."""
    return rankings.ranking(here.session, edition, trade) if edition else None


def require_trade(here: Act, trade: str) -> None:
    """Let only a trade of the office or of the newest edition through.

    Raises:
        NotFound: nobody knows the trade.

    """
    if here.office.trade(trade) is None:
        raise NoSuchPage


def _require_period(period: str) -> None:
    try:
        Period.parse(period)
    except ValueError as cause:
        raise NoSuchPage from cause


def _shown(here: Act, edition: Head, found: Ranking, base: str, *, is_latest: bool) -> str:
    wishes = wishes_in(request.args, here.office)
    everybody = places_of(here, edition, found, is_latest=is_latest)
    measure_from(everybody, here.office, wishes.near)
    kept = sorted_places((one for one in everybody if wishes.keeps(one)), wishes)
    page = _page(kept, wishes.after)
    return render_template(
        "public/ranking.html",
        edition=edition,
        ranking=found,
        is_latest=is_latest,
        base=base,
        wishes=wishes,
        rows=_rows(here, edition, found, wishes, page.places),
        everybody=everybody,
        scale=scale_of(everybody),
        kept=kept,
        counts={band: sum(row.band == band for row in kept) for band in BANDS},
        next=page.after and wishes.address(base, after=page.after),
        chosen=chosen(wishes, base, here.office),
        loosenings=loosenings(wishes, base, here.office, everybody) if not kept else [],
        fields=fields_of(here, wishes, everybody),
        sorts=_orders(wishes, base),
        has_facts=_has_facts(everybody),
        before=rankings.earlier_definition(here.session, edition, found),
        others=[one for one in rankings.periods(here.session) if one != edition.period],
        **_words(here, edition, found, is_latest=is_latest),
    )


def _words(here: Act, edition: Head, found: Ranking, *, is_latest: bool) -> dict[str, Any]:
    return {
        "trade_name": telling.trade_name(here.office, found.trade),
        "trade_short": telling.trade_short(here.office, found.trade),
        "measure": telling.measure_name(found.measure),
        "measure_name": telling.measure_name,
        "counts_name": telling.counts_name(found.measure),
        "counts_short": telling.counts_short(found.measure),
        "span": telling.span_of(found.window, is_latest=is_latest),
        "months": telling.months_of(found.window),
        "letters": telling.letters(here, edition, found),
        "in_100": found.average and telling.in_100(found, found.average, is_latest=is_latest),
    }


def _page(places: list[Place], after: str) -> Page:
    start = next((at + 1 for at, place in enumerate(places) if place.code == after), 0)
    part = places[start : start + PER_PAGE]
    return Page(part, part[-1].code if len(places) > start + PER_PAGE else None)


def _rows(
    here: Act, edition: Head, found: Ranking, wishes: Wishes, places: list[Place]
) -> list[Row]:
    far = {place.code: place.far for place in places}
    rows = rows_of(here, edition, found, list(far))
    for row in rows:
        row.far = far[row.code]
        _show_wished_class(row, wishes)
    return rows


def scale_of(places: Iterable[Place]) -> tuple[float, float]:
    """Return the ends of the axis that all ranges share, in twentieths."""
    known = [place for place in places if place.rate_low is not None]
    low = min((one.rate_low or 0 for one in known), default=0.0)
    high = max((one.rate_high or 1 for one in known), default=1.0)
    return max(floor((low - _AIR) * 20) / 20, 0), min(ceil((high + _AIR) * 20) / 20, 1)


def _show_wished_class(row: Row, wishes: Wishes) -> None:
    wished = row.offer.next_of(wishes.schedule)
    if wishes.schedule and row.next_on and wished:
        row.next_on, row.next_note = wished.starts_on, schedule_words(wished.schedule)


def _has_facts(places: list[Place]) -> bool:
    return any(one.satisfaction is not None or one.offer.is_stated for one in places)


def _orders(wishes: Wishes, base: str) -> list[dict[str, Any]]:
    words = {
        "distance": gettext("由近到远"),
        "rate": gettext("按通过率分组"),
        "satisfaction": gettext("满意率从高到低"),
        "fee": gettext("学费从低到高"),
        "next": gettext("开班从早到晚"),
    }
    return [
        {
            "text": words[name],
            "href": wishes.address(base, sort=name),
            "current": name == wishes.order,
        }
        for name in words
        if wishes.near or name != "distance"
    ]


def _without_figures(here: Act, trade: str, edition: Head | None) -> str:
    teaching = institutions_on(here.session, here.day, trade=trade)[:PER_PAGE]
    now = today(here, trade, [one.code for one in teaching])
    return render_template(
        "public/ranking_none.html",
        edition=edition,
        trade=trade,
        trade_name=telling.trade_name(here.office, trade),
        rows=[newcomer(here, one, now) for one in teaching],
        next_on=here.office.calendar.next_edition_on(here.day),
    )
