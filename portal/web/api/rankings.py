"""Trades and rankings of sealed editions for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response
from werkzeug.exceptions import BadRequest, NotFound

from portal.domain.period import Period
from portal.metrics.beside import other_definitions
from portal.publication.standings.provenance import Behalf, behind_trade
from portal.publication.standings.rankings import (
    Head,
    Ranking,
    Standing,
    latest,
    of_period,
    ranking,
    rankings,
    standings,
)
from portal.rules.words import say
from portal.web.api.all_round import all_round_listing
from portal.web.api.answering import Listing, listed, listing_asked
from portal.web.api.letters import letter_of
from portal.web.boundary import Act, look_for_everybody
from portal.web.language import language

_COUNTS = ("registered", "sat", "passed", "sat_first", "passed_first")
_FIGURES = (
    "rate",
    "rate_low",
    "rate_high",
    "rank_low",
    "rank_high",
    "p_above_average",
    "band",
    "effective_n",
)
_DEFINITIONS = ("passed_of_sat", "passed_of_registered", "no_show")
_SATISFACTION = (
    "rate",
    "rate_low",
    "rate_high",
    "answered",
    "invited",
    "response_low",
    "response_high",
)
RANKING_COLUMNS = (
    "position",
    "institution",
    "name",
    "name_en",
    "area",
    *_COUNTS,
    *_DEFINITIONS,
    *_FIGURES,
    *(f"satisfaction_{name}" for name in _SATISFACTION),
    "disputed",
    "provenance",
    *(f"withheld_{name}" for name in (*_COUNTS, *_FIGURES, "satisfaction", "satisfaction_rank")),
)
TRADE_COLUMNS = (
    "trade",
    "name_zh",
    "name_en",
    "category",
    "measure",
    "average",
    "institutions",
    "order_publishable",
    "counts_above",
    "counts_near",
    "counts_below",
    "counts_withheld",
)


def trades() -> Response:
    """Return the trades with what the newest edition says of each."""
    _, page = listing_asked()
    with look_for_everybody() as here:
        edition = latest(here.session)
        known = {r.trade: r for r in rankings(here.session, edition)} if edition else {}
        items = [_trade(here, slug, known.get(slug)) for slug in here.office.trades]
        head = {"edition": edition and edition.number, "period": edition and edition.period}
        order = {slug: place for place, slug in enumerate(here.office.trades)}
        return listed(Listing(items, lambda item: order[item["trade"]], TRADE_COLUMNS, head), page)


def ranking_list() -> Response:
    """Return one trade's ranking, or the all-round order; filters never recompute ranks."""
    given, page = listing_asked("trade", "area", "period")
    with look_for_everybody() as here:
        _check(here, given)
        edition = _edition(here, given.get("period"))
        trade = given.get("trade")
        if trade is None:
            return listed(all_round_listing(here, edition, given.get("area")), page)
        table = edition and ranking(here.session, edition, trade)
        rows = standings(here.session, edition, trade) if edition and table else []
        letters = behind_trade(here.session, edition, trade) if edition else {}
        chosen = [row for row in rows if given.get("area") in (None, row.area_code)]
        listing = Listing(
            [row_of(row, letters.get(row.code, ())) for row in chosen],
            lambda item: item.get("position"),
            RANKING_COLUMNS,
            _head(edition, trade, table or None),
        )
        return listed(listing, page)


def _check(here: Act, given: Mapping[str, str]) -> None:
    if "trade" in given and given["trade"] not in here.office.trades:
        raise NotFound(say("api.unknown_trade", language(), trade=given["trade"]))
    if "area" in given and here.office.area(given["area"]) is None:
        raise NotFound(say("api.unknown_area", language(), area=given["area"]))


def _edition(here: Act, period: str | None) -> Head | None:
    if period is None:
        return latest(here.session)
    try:
        edition = of_period(here.session, str(Period.parse(period)))
    except ValueError as error:
        raise BadRequest(say("api.period", language())) from error
    if edition is None:
        raise NotFound(say("api.no_edition_of", language(), period=period))
    return edition


def _head(edition: Head | None, trade: str, table: Ranking | None) -> dict[str, Any]:
    head: dict[str, Any] = {
        "edition": edition and edition.number,
        "trade": trade,
        "period": edition and edition.period,
        "measure": table and table.measure,
        "window": list(table.window) if table else [],
        "average": table and table.average,
        "order_publishable": bool(table and table.order_publishable),
    }
    return head if edition else head | {"reason": "no_edition"}


def row_of(row: Standing, letters: Iterable[Behalf] = ()) -> dict[str, Any]:
    """Return one institution's published figures, and the letters behind those entered for it."""
    satisfaction = {
        "rate": row.satisfaction_rate,
        "rate_low": row.satisfaction_low,
        "rate_high": row.satisfaction_high,
        "answered": row.answered,
        "invited": row.invited,
        "response_low": row.response_low,
        "response_high": row.response_high,
    }
    return {
        "position": row.position,
        "institution": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "area": row.area_code,
        **{name: getattr(row, name) for name in _COUNTS},
        **other_definitions({name: getattr(row, name) for name in _COUNTS}),
        **{name: getattr(row, name) for name in _FIGURES},
        "satisfaction": satisfaction,
        "disputed": row.disputed,
        "provenance": [letter_of(one) for one in letters],
        "withheld": row.withheld,
    }


def _trade(here: Act, slug: str, table: Ranking | None) -> dict[str, Any]:
    trade = here.office.trade(slug)
    return {
        "trade": slug,
        "name_zh": trade and trade.name_zh,
        "name_en": trade and trade.name_en,
        "category": trade and trade.category,
        "measure": table and table.measure,
        "average": table and table.average,
        "institutions": table.institutions if table else 0,
        "order_publishable": bool(table and table.order_publishable),
        "counts": table.counts if table else {},
    }
