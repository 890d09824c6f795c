"""The description of the interface: OpenAPI 3.1, built from the same tables that answer."""

from __future__ import annotations

from typing import Any

from flask import Response, json

from portal.web.api.answering import finished
from portal.web.api.asking import MOST_PER_PAGE, PER_PAGE, asked

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_MAYBE_NUMBER = {"type": ["number", "null"]}
_MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_DAY = {"type": "string", "format": "date"}
_MAYBE_DAY = {"type": ["string", "null"], "format": "date"}
_TEXTS = {"type": "array", "items": _TEXT}
_PENALTY = {"enum": ["none", "warning", "fine", "suspension", "revocation"]}
_BAND = {"enum": ["above", "near", "below", "withheld"]}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401  # a schema
    return {"type": "object", "properties": properties, "required": sorted(properties)}


_LETTER = _object(
    receipt=_TEXT,
    sender=_TEXT,
    document_no=_TEXT,
    received_on=_DAY,
    entered_by=_TEXT,
    confirmed_by=_TEXT,
    scan_sha256=_TEXT,
    periods=_TEXTS,
) | {"description": "Results that regulators entered for the exam authority: the letter, and who"}

_FIGURES = {
    **dict.fromkeys(("registered", "sat", "passed", "sat_first", "passed_first"), _MAYBE_COUNT),
    **dict.fromkeys(("rate", "rate_low", "rate_high", "p_above_average"), _MAYBE_SHARE),
    **dict.fromkeys(("rank_low", "rank_high"), _MAYBE_COUNT),
    "band": _BAND,
    "effective_n": _MAYBE_NUMBER,
    "satisfaction": _object(
        rate=_MAYBE_SHARE,
        rate_low=_MAYBE_SHARE,
        rate_high=_MAYBE_SHARE,
        answered=_MAYBE_COUNT,
        invited=_MAYBE_COUNT,
        response_low=_MAYBE_SHARE,
        response_high=_MAYBE_SHARE,
    ),
    "disputed": {"type": "boolean"},
    "provenance": {"type": "array", "items": _LETTER},
    "withheld": {"type": "object", "additionalProperties": _TEXT},
}

_ONE_TRADE = frozenset({"disputed", "satisfaction"})
"""What only a trade's ranking tells in full."""

SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "properties": {
            "type": _TEXT,
            "status": {"type": "integer"},
            "title": _TEXT,
            "detail": _TEXT,
        },
        "required": ["status", "title", "type"],
    },
    "Trade": _object(
        trade=_TEXT,
        name_zh=_MAYBE_TEXT,
        name_en=_MAYBE_TEXT,
        category=_MAYBE_TEXT,
        measure=_MAYBE_TEXT,
        average=_MAYBE_SHARE,
        institutions={"type": "integer", "minimum": 0},
        order_publishable={"type": "boolean"},
        counts={"type": "object", "additionalProperties": {"type": "integer"}},
    ),
    "Standing": _object(
        position={"type": "integer"},
        institution=_TEXT,
        name=_TEXT,
        name_en=_MAYBE_TEXT,
        area=_TEXT,
        **dict.fromkeys(("passed_of_sat", "passed_of_registered", "no_show"), _MAYBE_SHARE),
        **_FIGURES,
    ),
    "AllRoundStanding": _object(
        position={"type": "integer"},
        institution=_TEXT,
        name=_TEXT,
        name_en=_MAYBE_TEXT,
        area=_TEXT,
        **{name: told for name, told in _FIGURES.items() if name not in _ONE_TRADE},
        **dict.fromkeys(("wide_low", "wide_high"), _MAYBE_COUNT),
        **dict.fromkeys(
            ("conditions_met", "conditions_not_met", "conditions_not_verified"), _MAYBE_COUNT
        ),
        penalty_points={"type": "number", "minimum": 0},
        score=_MAYBE_NUMBER,
        parts={"type": "object", "additionalProperties": _MAYBE_NUMBER},
        satisfaction=_object(rate=_MAYBE_SHARE, rate_low=_MAYBE_SHARE, rate_high=_MAYBE_SHARE),
    ),
    "Institution": _object(
        institution=_TEXT,
        name=_TEXT,
        name_en=_MAYBE_TEXT,
        former_names=_TEXTS,
        area=_TEXT,
        address=_TEXT,
        phone=_TEXT,
        opened_on=_MAYBE_DAY,
        closed_on=_MAYBE_DAY,
        trades=_TEXTS,
        state={"enum": ["enrolling", "suspended", "closed"]},
    ),
    "Issue": _object(
        no=_TEXT,
        institution=_MAYBE_TEXT,
        subject=_TEXT,
        subject_en=_MAYBE_TEXT,
        trade=_MAYBE_TEXT,
        ground=_TEXT,
        severity={"enum": ["minor", "general", "serious"]},
        area=_TEXT,
        state={"enum": ["published", "rectifying", "corrected"]},
        disputed={"type": "boolean"},
        ordered={"type": "boolean"},
        correct_until_on=_MAYBE_DAY,
        penalty=_PENALTY,
        amount=_MAYBE_COUNT,
        facts=_TEXT,
        decision_no=_TEXT,
        decided_on=_DAY,
        decision=_TEXT,
        statement=_MAYBE_TEXT,
        statement_adopted={"type": ["boolean", "null"]},
        statement_answer=_MAYBE_TEXT,
        from_on=_DAY,
        until_on=_DAY,
    ),
    "Change": _object(
        kind={"enum": ["publication", "correction", "withdrawal", "key", "listing", "delisting"]},
        on=_DAY,
        at={"type": ["string", "null"], "format": "date-time"},
        edition=_MAYBE_COUNT,
        period=_MAYBE_TEXT,
        replaces=_MAYBE_COUNT,
        withdraws=_MAYBE_COUNT,
        why_zh=_MAYBE_TEXT,
        why_en=_MAYBE_TEXT,
        issue=_MAYBE_TEXT,
        institution=_MAYBE_TEXT,
        subject=_MAYBE_TEXT,
        reason=_MAYBE_TEXT,
        chain_number=_MAYBE_COUNT,
        digest=_MAYBE_TEXT,
        head=_MAYBE_TEXT,
        statement=_MAYBE_TEXT,
        salt=_MAYBE_TEXT,
    ),
    "Penalty": _object(
        no=_TEXT,
        institution=_MAYBE_TEXT,
        subject=_TEXT,
        subject_en=_MAYBE_TEXT,
        ground=_TEXT,
        basis=_MAYBE_TEXT,
        decision_no=_TEXT,
        decided_on=_DAY,
        penalty=_PENALTY,
        amount=_MAYBE_COUNT,
        from_on=_DAY,
        until_on=_DAY,
    ),
    "Edition": {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "period": _TEXT,
            "published_at": {"type": "string", "format": "date-time"},
            "sha256": _TEXT,
            "bundle_sha256": _TEXT,
            "previous": _MAYBE_TEXT,
        },
        "required": ["bundle_sha256", "number", "period", "previous", "published_at", "sha256"],
    },
}

_NO_NUL = {"type": "string", "pattern": r"^[^\x00]*$"}
_QUERY: dict[str, Any] = {
    "trade": _NO_NUL | {"description": "slug of the trade; see /trades"},
    "area": _NO_NUL | {"description": "code of a street, town or district"},
    "since": _DAY,
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
    body = _object(
        items={"type": "array", "items": {"anyOf": kinds}, "maxItems": MOST_PER_PAGE},
        next=_MAYBE_TEXT,
    )
    parameters = [_query(name, _QUERY[name]) for name in names]
    parameters += [_query(name, told) for name, told in paging.items()]
    content = {"application/json": {"schema": body}, "text/csv": {"schema": _TEXT}}
    return _get(summary, parameters, content)


def _csv(_schema: str, summary: str, names: tuple[str, ...]) -> dict[str, Any]:
    parameters = [_query(name, _QUERY[name]) for name in names]
    parameters.append(_query("bom", {"enum": ["1"], "description": "a byte order mark for Excel"}))
    return _get(f"{summary}, as CSV", parameters, {"text/csv": {"schema": _TEXT}})


def _one(schema: str, summary: str, name: str) -> dict[str, Any]:
    kind = {"type": "integer", "minimum": 1} if name == "number" else _TEXT
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
