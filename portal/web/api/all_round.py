"""The all-round order for programs: the rankings of no single trade."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.publication.standings.all_round import (
    COMPONENTS,
    AllRound,
    AllRoundRow,
    all_round,
    all_round_rows,
    counts_over,
)
from portal.publication.standings.provenance import Behalf, behind_trade
from portal.publication.standings.rankings import Head
from portal.web.api.answering import Listing
from portal.web.api.letters import letter_of
from portal.web.boundary import Act

_COUNTS = ("registered", "sat", "passed", "sat_first", "passed_first")
_FIGURES = (
    "rate",
    "rate_low",
    "rate_high",
    "rank_low",
    "rank_high",
    "wide_low",
    "wide_high",
    "p_above_average",
    "band",
    "effective_n",
    "conditions_met",
    "conditions_not_met",
    "conditions_not_verified",
    "penalty_points",
    "score",
)
_SATISFACTION = ("rate", "rate_low", "rate_high", "answered", "invited")
_PLACES = ("band", "rank_high", "rank_low", "wide_high", "wide_low")
COLUMNS = (
    "position",
    "institution",
    "name",
    "name_en",
    "area",
    *_COUNTS,
    *_FIGURES,
    *(f"satisfaction_{name}" for name in _SATISFACTION),
    *(f"parts_{name}" for name in COMPONENTS),
    "provenance",
    *(f"withheld_{name}" for name in _PLACES),
)


def all_round_listing(here: Act, edition: Head | None, area: str | None) -> Listing:
    """Return the all-round order of an edition; ``area`` chooses rows and recomputes nothing."""
    found = all_round(here.session, edition) if edition else None
    rows = all_round_rows(here.session, edition) if edition and found else []
    letters = behind_trade(here.session, edition, None) if edition and found else {}
    counts = counts_over(here.session, edition, found.trades) if edition and found else {}
    items = [
        _item(row, counts.get(row.institution_code, {}), letters.get(row.institution_code, ()))
        for row in rows
        if area in (None, row.area_code)
    ]
    return Listing(items, lambda item: item.get("position"), COLUMNS, _head(edition, found))


def _head(edition: Head | None, found: AllRound | None) -> dict[str, Any]:
    head: dict[str, Any] = {
        "edition": edition and edition.number,
        "trade": None,
        "period": edition and edition.period,
        "measure": "all_round",
        "window": [],
        "average": None,
        "order_publishable": bool(found and found.reason is None),
    }
    if edition is None:
        return head | {"reason": "no_edition"}
    if found is None:
        return head | {"reason": "no_all_round_order"}
    return head | {
        "reason": found.reason,
        "rate_measure": found.measure,
        "trades": found.trades,
        "weights": found.weights,
        "compared": found.compared,
        "group": found.group_size,
        "top_kept": found.top_kept,
        "bottom_kept": found.bottom_kept,
    }


def _item(row: AllRoundRow, counts: dict[str, int], letters: Iterable[Behalf]) -> dict[str, Any]:
    return {
        "position": row.position,
        "institution": row.institution_code,
        "name": row.name,
        "name_en": row.name_en,
        "area": row.area_code,
        **{name: counts.get(name) for name in _COUNTS},
        **{name: getattr(row, name) for name in _FIGURES},
        "satisfaction": {
            "rate": row.satisfaction_rate,
            "rate_low": row.satisfaction_low,
            "rate_high": row.satisfaction_high,
            "answered": None,
            "invited": None,
        },
        "parts": {name: row.parts.get(name) for name in COMPONENTS},
        "provenance": [letter_of(one) for one in letters],
        "withheld": row.withheld,
    }
