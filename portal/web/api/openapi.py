"""The description of the interface: OpenAPI 3.1, built from the same tables that answer."""

from __future__ import annotations

from typing import Any

from flask import Response, json

from portal.web.api.answering import finished
from portal.web.api.asking import MOST_PER_PAGE, PER_PAGE, asked
from portal.web.api.schemas import DAY, MAYBE_TEXT, SCHEMAS, TEXT, structure

_NO_NUL = {"type": "string", "pattern": r"^[^\x00]*$"}
_QUERY: dict[str, Any] = {
    "trade": _NO_NUL | {"description": "slug of the trade; see /trades"},
    "area": _NO_NUL | {"description": "code of a street, town or district"},
    "since": DAY,
    "ground": _NO_NUL | {"description": "key of the ground, as in the entries"},
    "state": {"enum": ["published", "rectifying", "corrected"]},
    "period": {"type": "string", "pattern": r"^[12]\d{3}(-(H[12]|Q[1-4]))?$"},
}
_LISTS = {
    "/trades": ("Trade", "Trades and what the newest edition says of each", ()),
    "/rankings": (
        "Standing",
        "One trade's ranking; without a trade the all-round order",
        ("trade", "area", "period"),
    ),
    "/institutions": ("Institution", "The directory as it stands today", ("area", "trade")),
    "/issues": (
        "Issue",
        "Issues published today, newest first",
        ("area", "trade", "ground", "state"),
    ),
    "/penalties": ("Penalty", "Penalties published today, newest first", ()),
    "/editions": ("Edition", "All sealed editions, oldest first", ()),
    "/changes": ("Change", "Everything that changed, newest first", ("since",)),
}
_ALSO = {"Standing": ("Standing", "AllRoundStanding")}
"""What else a list may hold: without a trade, the all-round order."""
_ONES = {
    "/institutions/{code}": ("Institution", "One institution", "code"),
    "/issues/{no}": ("Issue", "One published issue", "no"),
    "/editions/{number}": ("Edition", "One edition with its signature", "number"),
}


def openapi() -> Response:
    """Return the OpenAPI document."""
    asked()
    return finished(json.dumps(document(), ensure_ascii=False), "application/json")


def document() -> dict[str, Any]:
    """Return the OpenAPI document as plain values."""
    paths = {path: _list(*told) for path, told in _LISTS.items()}
    paths |= {f"{path}.csv": _csv(*told) for path, told in _LISTS.items()}
    paths |= {path: _one(*told) for path, told in _ONES.items()}
    paths["/editions/{number}/bundle.zip"] = _bundle()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Training-institution transparency portal",
            "version": "1",
            "description": (
                "Read-only. Figures and orders come from sealed editions; everything else is as it "
                "stands today. Errors are RFC 9457 problem documents."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _list(schema: str, summary: str, names: tuple[str, ...]) -> dict[str, Any]:
    paging: dict[str, dict[str, Any]] = {
        "cursor": _NO_NUL | {"description": "where the page before ended; see next"},
        "per_page": {"type": "integer", "minimum": 1, "default": PER_PAGE},
    }
    kinds = [_ref(one) for one in _ALSO.get(schema, (schema,))]
    body = structure(
        items={"type": "array", "items": {"anyOf": kinds}, "maxItems": MOST_PER_PAGE},
        next=MAYBE_TEXT,
    )
    parameters = [_query(name, _QUERY[name]) for name in names]
    parameters += [_query(name, told) for name, told in paging.items()]
    content = {"application/json": {"schema": body}, "text/csv": {"schema": TEXT}}
    return _get(summary, parameters, content)


def _csv(_schema: str, summary: str, names: tuple[str, ...]) -> dict[str, Any]:
    parameters = [_query(name, _QUERY[name]) for name in names]
    parameters.append(_query("bom", {"enum": ["1"], "description": "a byte order mark for Excel"}))
    return _get(f"{summary}, as CSV", parameters, {"text/csv": {"schema": TEXT}})


def _one(schema: str, summary: str, name: str) -> dict[str, Any]:
    kind = {"type": "integer", "minimum": 1} if name == "number" else TEXT
    parameters = [{"name": name, "in": "path", "required": True, "schema": kind}]
    return _get(summary, parameters, {"application/json": {"schema": _ref(schema)}})


def _bundle() -> dict[str, Any]:
    parameters = [{"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}]
    return _get("The edition's bundle", parameters, {"application/zip": {"schema": {}}})


def _get(summary: str, parameters: list[Any], content: dict[str, Any]) -> dict[str, Any]:
    refused = {"content": {"application/problem+json": {"schema": _ref("Problem")}}}
    answers: dict[str, Any] = {"200": {"description": summary, "content": content}}
    answers |= {
        status: {"description": words} | refused
        for status, words in (
            ("400", "A parameter is unknown or cannot be read"),
            ("404", "There is no such thing"),
            ("406", "Neither form would do"),
            ("410", "It is no longer published: number, day and reason only"),
            ("429", "Too many requests; Retry-After says in how many seconds to come back"),
        )
    }
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}
