"""What the interface answers with, as JSON schemas."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
_MAYBE_NUMBER = {"type": ["number", "null"]}
_MAYBE_COUNT = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
DAY = {"type": "string", "format": "date"}
_MAYBE_DAY = {"type": ["string", "null"], "format": "date"}
_TEXTS = {"type": "array", "items": TEXT}
_PENALTY = {"enum": ["none", "warning", "fine", "suspension", "revocation"]}
_BAND = {"enum": ["above", "near", "below", "withheld"]}


def structure(**properties: Any) -> dict[str, Any]:  # noqa: ANN401  # a schema
    """Return the schema of an object that has all of these."""
    return {"type": "object", "properties": properties, "required": sorted(properties)}


_LETTER = structure(
    receipt=TEXT,
    sender=TEXT,
    document_no=TEXT,
    received_on=DAY,
    entered_by=TEXT,
    confirmed_by=TEXT,
    scan_sha256=TEXT,
    periods=_TEXTS,
) | {"description": "Results that regulators entered for the exam authority: the letter, and who"}

_POINT = structure(number=_MAYBE_COUNT, words=TEXT, adopted={"type": "boolean"}, reasons=TEXT)
_FIGURES = {
    **dict.fromkeys(("registered", "sat", "passed", "sat_first", "passed_first"), _MAYBE_COUNT),
    **dict.fromkeys(("rate", "rate_low", "rate_high", "p_above_average"), _MAYBE_SHARE),
    **dict.fromkeys(("rank_low", "rank_high"), _MAYBE_COUNT),
    "band": _BAND,
    "effective_n": _MAYBE_NUMBER,
    "satisfaction": structure(
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
    "withheld": {"type": "object", "additionalProperties": TEXT},
}

_ONE_TRADE = frozenset({"disputed", "satisfaction"})
"""What only a trade's ranking tells in full."""

SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT,
            "status": {"type": "integer"},
            "title": TEXT,
            "detail": TEXT,
        },
        "required": ["status", "title", "type"],
    },
    "Trade": structure(
        trade=TEXT,
        name_zh=MAYBE_TEXT,
        name_en=MAYBE_TEXT,
        category=MAYBE_TEXT,
        measure=MAYBE_TEXT,
        average=_MAYBE_SHARE,
        institutions={"type": "integer", "minimum": 0},
        order_publishable={"type": "boolean"},
        counts={"type": "object", "additionalProperties": {"type": "integer"}},
    ),
    "Standing": structure(
        position={"type": "integer"},
        institution=TEXT,
        name=TEXT,
        name_en=MAYBE_TEXT,
        area=TEXT,
        **dict.fromkeys(("passed_of_sat", "passed_of_registered", "no_show"), _MAYBE_SHARE),
        **_FIGURES,
    ),
    "AllRoundStanding": structure(
        position={"type": "integer"},
        institution=TEXT,
        name=TEXT,
        name_en=MAYBE_TEXT,
        area=TEXT,
        **{name: told for name, told in _FIGURES.items() if name not in _ONE_TRADE},
        **dict.fromkeys(("wide_low", "wide_high"), _MAYBE_COUNT),
        **dict.fromkeys(
            ("conditions_met", "conditions_not_met", "conditions_not_verified"), _MAYBE_COUNT
        ),
        penalty_points={"type": "number", "minimum": 0},
        score=_MAYBE_NUMBER,
        parts={"type": "object", "additionalProperties": _MAYBE_NUMBER},
        satisfaction=structure(rate=_MAYBE_SHARE, rate_low=_MAYBE_SHARE, rate_high=_MAYBE_SHARE),
    ),
    "Institution": structure(
        institution=TEXT,
        name=TEXT,
        name_en=MAYBE_TEXT,
        former_names=_TEXTS,
        area=TEXT,
        address=TEXT,
        phone=TEXT,
        opened_on=_MAYBE_DAY,
        closed_on=_MAYBE_DAY,
        trades=_TEXTS,
        state={"enum": ["enrolling", "suspended", "closed"]},
    ),
    "Issue": structure(
        no=TEXT,
        institution=MAYBE_TEXT,
        subject=TEXT,
        subject_en=MAYBE_TEXT,
        trade=MAYBE_TEXT,
        ground=TEXT,
        severity={"enum": ["minor", "general", "serious"]},
        area=TEXT,
        state={"enum": ["published", "rectifying", "corrected"]},
        disputed={"type": "boolean"},
        ordered={"type": "boolean"},
        correct_until_on=_MAYBE_DAY,
        penalty=_PENALTY,
        amount=_MAYBE_COUNT,
        facts=TEXT,
        decision_no=TEXT,
        decided_on=DAY,
        decision=TEXT,
        statement=MAYBE_TEXT,
        statement_adopted={"type": ["boolean", "null"]},
        statement_answer=MAYBE_TEXT,
        statement_points={"type": "array", "items": _POINT},
        from_on=DAY,
        until_on=DAY,
    ),
    "Change": structure(
        kind={"enum": ["publication", "correction", "withdrawal", "key", "listing", "delisting"]},
        on=DAY,
        at={"type": ["string", "null"], "format": "date-time"},
        edition=_MAYBE_COUNT,
        period=MAYBE_TEXT,
        replaces=_MAYBE_COUNT,
        withdraws=_MAYBE_COUNT,
        why_zh=MAYBE_TEXT,
        why_en=MAYBE_TEXT,
        issue=MAYBE_TEXT,
        institution=MAYBE_TEXT,
        subject=MAYBE_TEXT,
        reason=MAYBE_TEXT,
        chain_number=_MAYBE_COUNT,
        digest=MAYBE_TEXT,
        head=MAYBE_TEXT,
        statement=MAYBE_TEXT,
        salt=MAYBE_TEXT,
    ),
    "Penalty": structure(
        no=TEXT,
        institution=MAYBE_TEXT,
        subject=TEXT,
        subject_en=MAYBE_TEXT,
        ground=TEXT,
        basis=MAYBE_TEXT,
        decision_no=TEXT,
        decided_on=DAY,
        penalty=_PENALTY,
        amount=_MAYBE_COUNT,
        from_on=DAY,
        until_on=DAY,
    ),
    "Edition": {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "period": TEXT,
            "published_at": {"type": "string", "format": "date-time"},
            "sha256": TEXT,
            "bundle_sha256": TEXT,
            "previous": MAYBE_TEXT,
        },
        "required": ["bundle_sha256", "number", "period", "previous", "published_at", "sha256"],
    },
}
