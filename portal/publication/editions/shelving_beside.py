"""What stands beside the rankings by trade, laid out: the all-round order, pairs, other exams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.metrics.figures import AllRoundStanding
from portal.metrics.inputs import ALL_TRADES, Listed
from portal.publication.editions import tables
from portal.store.editions_beside import (
    EditionAllRound,
    EditionAllRoundStanding,
    EditionOtherKind,
    EditionPair,
    EditionProvenance,
)

BANDS = ("above", "near", "below", "withheld")
Reasons = Mapping[tuple[str, str], dict[str, str]]
_AT_ONCE = {"render_nulls": True}


def shelve_beside(session: Session, edition_id: int, members: Mapping[str, bytes]) -> None:
    """Write the pairs, the other kinds of exam and the provenance of a sealed edition."""
    for table, rows in (
        (EditionPair, _pairs(edition_id, members)),
        (EditionOtherKind, _kinds(edition_id, members)),
        (EditionProvenance, _letters(edition_id, members)),
    ):
        if rows:
            session.execute(insert(table), rows, execution_options=_AT_ONCE)


def _pairs(edition_id: int, members: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "edition_id": edition_id,
            "trade": one.trade,
            "one_code": one.institution,
            "other_code": one.other,
            "p_better": one.p_better,
        }
        for one in tables.rows_of(tables.PAIRS, members)
    ]


def _kinds(edition_id: int, members: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "edition_id": edition_id,
            "institution_code": one.institution,
            "trade": one.trade,
            "exam_kind": one.exam_kind,
            "registered": one.registered,
            "sat": one.sat,
            "passed": one.passed,
        }
        for one in tables.rows_of(tables.OTHER_KIND_FIGURES, members)
    ]


def _letters(edition_id: int, members: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        (told := asdict(one))
        | {
            "edition_id": edition_id,
            "institution_code": told.pop("institution"),
            "received_on": date.fromisoformat(one.received_on),
        }
        for one in tables.rows_of(tables.PROVENANCE, members)
    ]


def shelve_all_round(
    session: Session,
    edition_id: int,
    members: Mapping[str, bytes],
    names: Mapping[str, Listed],
    reasons: Reasons,
) -> None:
    """Write the all-round order of a sealed edition."""
    rows = [
        _all_round_standing(row, names[row.institution])
        | {"edition_id": edition_id, "withheld": reasons.get((ALL_TRADES, row.institution), {})}
        for row in tables.rows_of(tables.ALL_ROUND_STANDINGS, members)
    ]
    session.add(_all_round(edition_id, members, Counter(row["band"] for row in rows)))
    if rows:
        session.execute(insert(EditionAllRoundStanding), rows, execution_options=_AT_ONCE)


def _all_round(
    edition_id: int, members: Mapping[str, bytes], bands: Mapping[str, int]
) -> EditionAllRound:
    (one,) = tables.rows_of(tables.ALL_ROUND, members)
    return EditionAllRound(
        edition_id=edition_id,
        measure=one.measure,
        trades=one.trades.split(),
        satisfaction_source=one.satisfaction_source,
        institutions=one.institutions,
        compared=one.compared,
        group_size=one.group,
        top_kept=one.top_kept,
        bottom_kept=one.bottom_kept,
        weights=_by_component(asdict(one), "weight_"),
        counts={band: bands.get(band, 0) for band in BANDS},
        reason=one.reason,
    )


def _all_round_standing(row: AllRoundStanding, listed: Listed) -> dict[str, Any]:
    columns = asdict(row)
    parts = _by_component(columns, "part_")
    known = {name: value for name, value in columns.items() if not name.startswith("part_")}
    return known | {
        "institution_code": known.pop("institution"),
        "name": listed.name,
        "name_en": listed.name_en,
        "area_code": listed.area,
        "parts": {name: value for name, value in parts.items() if value is not None},
    }


def _by_component(columns: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in columns.items()
        if name.startswith(prefix)
    }
