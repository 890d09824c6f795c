"""The first page: find a place to learn, and see at a glance what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, render_template, request

from portal.casework.editions.edition_calendar import dues, missing
from portal.publication.institutions.directory import institutions_on
from portal.publication.listing.problem_list import entries_on
from portal.publication.standings import rankings
from portal.publication.standings.rankings import Brief, Head, Ranking
from portal.store.notices import notices_on
from portal.web.boundary import Act, look
from portal.web.finding import area_options, trade_options
from portal.web.language import CHINESE, ENGLISH, language
from portal.web.public import telling

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

NEWEST = 4
TRADES_SHOWN = 9
_WARNING_PHONES = ("safety", "complaints")


def home() -> Response | AnyResponse:
    """Show the first page; a reader who prefers English and chose nothing goes to English."""
    if language() == CHINESE and _prefers_english():
        response: Response | AnyResponse = redirect(f"{request.script_root}/en/", 302)
    else:
        with look() as here:
            response = make_response(render_template("public/home.html", **_facts(here)))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _prefers_english() -> bool:
    wished = request.args.get("lang") or request.cookies.get("lang")
    if wished in {CHINESE, ENGLISH}:
        return wished == ENGLISH
    return request.accept_languages.best_match((CHINESE, ENGLISH)) == ENGLISH


def _facts(here: Act) -> dict[str, Any]:
    edition = rankings.latest(here.session)
    listed = institutions_on(here.session, here.day)
    entries = entries_on(here.session, here.day)
    return {
        "edition": edition,
        "next_on": here.office.calendar.next_edition_on(here.day),
        "missed": missing(dues(here.session, here.office, here.site, here.day)),
        "open_count": sum(one.state_on(here.day) != "closed" for one in listed),
        "entries": entries,
        "notices": notices_on(here.session, here.day, "notice")[:NEWEST],
        "trades": trade_options(here.office),
        "areas": area_options(here.office),
        "warning_phone": warning_phone(here),
        **_figures(here, edition),
    }


def warning_phone(here: Act) -> str:
    """Return the number to call about a promised pass; "" where the office names none."""
    found = (here.office.phone(key) for key in _WARNING_PHONES)
    return next((phone.number for phone in found if phone), "")


def _figures(here: Act, edition: Head | None) -> dict[str, Any]:
    found = rankings.rankings(here.session, edition) if edition else []
    compared = [one for one in found if one.average is not None]
    if edition is None or not compared:
        return {"main": None, "jobs": [], "trade_count": len(found)}
    main = max(compared, key=lambda one: (_ranked(one), one.institutions))
    largest = sorted(found, key=lambda one: -one.institutions)[:TRADES_SHOWN]
    rows = rankings.briefs(here.session, edition, main.trade)
    return {
        "main": main,
        "main_name": telling.trade_short(here.office, main.trade),
        "measure": telling.measure_name(main.measure),
        "letters": telling.letters(here, edition, main),
        "rows": sorted(filter(_is_ranked, rows), key=_best_first),
        "span": telling.span_of(main.window, is_latest=True),
        "trials": _trials(found, main.measure),
        "trials_name": telling.trials_name(main.measure),
        "jobs": [(telling.trade_name(here.office, one.trade), one) for one in largest],
        "trade_count": len(found),
    }


def _ranked(ranking: Ranking) -> int:
    return ranking.institutions - ranking.counts.get("withheld", 0)


def _is_ranked(row: Brief) -> bool:
    return row.rate is not None and row.band != "withheld"


def _best_first(row: Brief) -> tuple[int, float]:
    return ("above", "near", "below").index(row.band), -(row.rate or 0)


def _trials(found: list[Ranking], measure: str) -> int | None:
    known = [telling.trials_total(one) for one in found if one.measure == measure]
    return sum(one for one in known if one is not None) or None
