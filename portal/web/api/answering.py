"""How a program is answered: one object or a list, as JSON or CSV, with a strong ETag."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, json, request
from werkzeug.exceptions import BadRequest, NotFound

from portal.domain.formulas import harmless
from portal.rules.words import say
from portal.web.api.asking import Page, asked, cursor_for, page_asked, wants_csv
from portal.web.language import language

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as the public gets it: ``head`` stands once, ``items`` page by page.

    ``place`` gives the place of an item in the order, from which the next page goes on;
    ``columns`` are those of the CSV, nested names joined by ``_``.
    """

    items: Iterable[Mapping[str, Any]]
    place: Callable[[Mapping[str, Any]], Any]
    columns: tuple[str, ...]
    head: Mapping[str, Any]


def listed(listing: Listing, page: Page) -> Response:
    """Return the list as it was asked for; CSV brings all of it, JSON one page."""
    items = list(listing.items)
    if wants_csv():
        return finished(_csv(items, listing.columns), "text/csv; charset=utf-8")
    if page.after is not None:
        items = [item for item in items if _after(listing.place(item), page.after)]
    shown = items[: page.size]
    more = len(items) > page.size
    address = _next(cursor_for(listing.place(shown[-1]))) if more else None
    return one({**listing.head, "items": shown, "next": address})


def one(body: Mapping[str, Any]) -> Response:
    """Return one object as JSON."""
    return finished(json.dumps(body, ensure_ascii=False, sort_keys=False), "application/json")


def finished(body: str | bytes, content_type: str) -> Response:
    """Return the body with its ETag, or 304 where the asker has it already."""
    response = Response(body, content_type=content_type)
    response.add_etag()
    # What ends on a day is gone at its first minute: a cache asks again each time and gets a 304.
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept"
    response.make_conditional(request)
    return response


def listing_asked(*names: str) -> tuple[dict[str, str], Page]:
    """Return the parameters of a list and the page asked for."""
    given = asked(*names, "cursor", "per_page", *(("bom",) if wants_csv() else ()))
    if given.get("bom", "1") != "1":
        raise BadRequest(say("api.bom", language()))
    return given, page_asked(given)


def _after(place: Any, other: Any) -> bool:  # noqa: ANN401  # places of one list compare
    try:
        return bool(place > other)
    except TypeError as error:
        raise NotFound(say("api.cursor", language())) from error


def _next(cursor: str) -> str:
    kept = [(name, value) for name, value in request.args.items() if name != "cursor"]
    return f"{request.script_root}{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _csv(items: list[Mapping[str, Any]], columns: tuple[str, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(_flat(item).get(column)) for column in columns] for item in items)
    return (BOM if request.args.get("bom") == "1" else "") + text.getvalue()


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}_")
        else:
            flat[prefix + name] = value
    return flat


def _part(one: Any) -> str:  # noqa: ANN401  # a value of JSON
    """Return a member of a list in one line; that of an object, name by name."""
    if isinstance(one, Mapping):
        return " · ".join(f"{name} {_cell(value)}" for name, value in one.items())
    return str(one)


def _cell(value: Any) -> str:  # noqa: ANN401  # a value of JSON
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return harmless("; ".join(_part(one) for one in value))
    return harmless(value) if isinstance(value, str) else str(value)
