"""The directory for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response
from werkzeug.exceptions import NotFound

from portal.publication.institutions.directory import Listed, institution_on, institutions_on
from portal.publication.listing.problem_list import Wanted, entries_on
from portal.publication.standings.provenance import behind_institution
from portal.publication.standings.rankings import Head, latest, standings_of
from portal.rules.words import say
from portal.web.api.answering import Listing, listed, listing_asked, one
from portal.web.api.asking import asked
from portal.web.api.rankings import row_of
from portal.web.boundary import Act, look_for_everybody
from portal.web.language import language

INSTITUTION_COLUMNS = (
    "institution",
    "name",
    "name_en",
    "former_names",
    "area",
    "address",
    "phone",
    "opened_on",
    "closed_on",
    "trades",
    "state",
)


def institution_list() -> Response:
    """Return the directory as it stands today."""
    given, page = listing_asked("area", "trade")
    with look_for_everybody() as here:
        if "area" in given and here.office.area(given["area"]) is None:
            raise NotFound(say("api.unknown_area", language(), area=given["area"]))
        found = institutions_on(
            here.session, here.day, area=given.get("area"), trade=given.get("trade")
        )
        items = [_item(row, here.day) for row in found]
        head = {"as_of": here.day.isoformat()}
        place = lambda item: item["institution"]  # noqa: E731  # the order of the list
        return listed(Listing(items, place, INSTITUTION_COLUMNS, head), page)


def institution(code: str) -> Response:
    """Return one institution with its figures in the newest edition and its published issues."""
    asked()
    with look_for_everybody() as here:
        found = institution_on(here.session, code, here.day)
        if found is None:
            raise NotFound(say("api.unknown_institution", language(), code=code))
        edition = latest(here.session)
        entries = entries_on(here.session, here.day, Wanted(institution_code=code))
        return one(
            _item(found, here.day)
            | {
                "states": [
                    {
                        "state": state.state,
                        "trade": state.trade,
                        "from_on": state.from_on.isoformat(),
                        "until_on": state.until_on and state.until_on.isoformat(),
                    }
                    for state in found.states
                ],
                "as_of": here.day.isoformat(),
                "edition": edition and edition.number,
                "rankings": _rankings(here, edition, code),
                "issues": [entry.no for entry in entries],
            }
        )


def _rankings(here: Act, edition: Head | None, code: str) -> list[dict[str, Any]]:
    if edition is None:
        return []
    letters = behind_institution(here.session, edition, code)
    return [
        {"trade": row.trade, **row_of(row, letters.get(row.trade, ()))}
        for row in standings_of(here.session, edition, code)
    ]


def _item(row: Listed, day: date) -> dict[str, Any]:
    return {
        "institution": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "former_names": list(row.former_names),
        "area": row.area_code,
        "address": row.address,
        "phone": row.phone,
        "opened_on": row.opened_on and row.opened_on.isoformat(),
        "closed_on": row.closed_on and row.closed_on.isoformat(),
        "trades": list(row.trades),
        "state": row.state_on(day),
    }
