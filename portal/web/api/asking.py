"""What a program asks: known parameters only, pages by cursor, JSON or CSV."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, NotAcceptable, NotFound

from portal.rules.words import say
from portal.web.language import language

PER_PAGE = 50
MOST_PER_PAGE = 100
_NEVER_EMPTY = frozenset({"bom", "per_page", "period", "since", "state"})


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: those after the cursor's place, at most ``size``."""

    after: Any
    size: int


def asked(*known: str) -> dict[str, str]:
    """Return the query's parameters; of one given twice, the first.

    Raises:
        BadRequest: there is a parameter that is not among ``known``.

    """
    unknown = sorted(set(request.args) - set(known))
    if unknown:
        raise BadRequest(say("api.unknown_parameter", language(), names=", ".join(unknown)))
    if any("\0" in value for value in request.args.values()):
        raise BadRequest(say("api.unreadable", language()))
    args = request.args
    return {
        name: args[name] for name in known if args.get(name) or name in args.keys() & _NEVER_EMPTY
    }


def page_asked(given: dict[str, str]) -> Page:
    """Return which page is asked for; a size beyond the limit is the limit.

    Raises:
        BadRequest: the size cannot be read.
        NotFound: nothing stands after such a cursor.

    """
    size = given.get("per_page", str(PER_PAGE))
    if not (size.isascii() and size.isdecimal()) or int(size) < 1:
        raise BadRequest(say("api.per_page", language(), most=MOST_PER_PAGE))
    after = _opened(given["cursor"]) if "cursor" in given else None
    return Page(after, min(int(size), MOST_PER_PAGE))


def cursor_for(place: object) -> str:
    """Return the cursor that goes on after ``place``."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def wants_csv() -> bool:
    """Tell whether CSV is asked for, by the address or by ``Accept``.

    Raises:
        NotAcceptable: neither JSON nor CSV would do.

    """
    if request.path.endswith(".csv"):
        return True
    best = request.accept_mimetypes.best_match(
        ["application/json", "text/csv"], default="application/json"
    )
    if request.accept_mimetypes and request.accept_mimetypes.quality(best) <= 0:
        raise NotAcceptable
    return best == "text/csv"


def _opened(cursor: str) -> Any:  # noqa: ANN401  # whatever place was put in
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise NotFound(say("api.cursor", language())) from error
    if place is None:
        raise NotFound(say("api.cursor", language()))
    return place
