"""Sealed figures laid out for reading: the rows that pages and the API show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.metrics.disputes import MARKED
from portal.metrics.figures import StandingFigures, TradeFigures
from portal.metrics.inputs import Listed
from portal.publication.editions import tables
from portal.publication.editions.shelving_beside import BANDS, shelve_all_round, shelve_beside
from portal.rules.figures import STEPS
from portal.rules.rulebook import Rulebook
from portal.store.editions import EditionStanding, EditionTrade

_DERIVED = ("passed_of_sat", "passed_of_registered", "no_show")
"""Columns that follow from the counts; pages work them out again."""
_COUNTS = ("registered", "sat", "sat_first", "passed_first", "passed")


def shelve(
    session: Session, edition_id: int, members: Mapping[str, bytes], rules: Rulebook
) -> None:
    """Write the rows of a sealed edition, all from the bundle's own tables."""
    rows = tables.rows_of(tables.STANDINGS, members)
    bands = Counter((row.trade, row.band) for row in rows)
    limits = limits_of(rules)
    for one in tables.rows_of(tables.TRADE_FIGURES, members):
        of_trade = {band: bands[one.trade, band] for band in BANDS}
        session.add(_trade(edition_id, one, of_trade, limits))
    session.flush()
    names = {one.institution: one for one in tables.rows_of(tables.INSTITUTIONS, members)}
    reasons, trends = _reasons(members), _trends(members)
    marked = _marked(members)
    standings: list[dict[str, Any]] = []
    for row in rows:
        key = (row.trade, row.institution)
        told = {"edition_id": edition_id, "withheld": reasons[key], "trend": trends[key]}
        told["disputed"] = key in marked
        standings.append(_standing(row, names[row.institution]) | told)
    # One statement for all, whatever is withheld.
    at_once = {"render_nulls": True}
    session.execute(insert(EditionStanding), standings, execution_options=at_once)
    shelve_beside(session, edition_id, members)
    shelve_all_round(session, edition_id, members, names, reasons)


def _reasons(members: Mapping[str, bytes]) -> dict[tuple[str, str], dict[str, str]]:
    """Return (trade, institution) → figure → why it is withheld."""
    found: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for one in tables.rows_of(tables.WITHHELD, members):
        found[one.trade, one.institution][one.figure] = one.reason
    return found


def _marked(members: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """Return (trade, institution) of the figures that stand with the mark of an objection."""
    disputes = tables.rows_of(tables.DISPUTES, members)
    return {(one.trade, one.institution) for one in disputes if one.treatment == MARKED}


def _trends(members: Mapping[str, bytes]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return (trade, institution) → its periods, oldest first."""
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for cell in tables.rows_of(tables.TREND, members):
        counts = {"trials": cell.trials, "successes": cell.successes}
        told = {"reason": cell.reason} if cell.reason else counts
        found[cell.trade, cell.institution].append({"period": cell.period} | told)
    return found


def limits_of(rules: Rulebook) -> dict[str, int]:
    """Return reason → the limit that its sentence names."""
    ranking, satisfaction = rules.ranking, rules.satisfaction
    return {
        "withheld.fewer_than_10": ranking.min_published,
        "withheld.fewer_than_30": ranking.min_effective_n,
        "withheld.fewer_than_30_effective": ranking.min_effective_n,
        "withheld.fewer_than_10_answers": satisfaction.min_answers,
        "withheld.fewer_than_30_answers": satisfaction.min_answers_for_order,
    }


def _trade(
    edition_id: int, one: TradeFigures, bands: dict[str, int], limits: dict[str, int]
) -> EditionTrade:
    return EditionTrade(
        edition_id=edition_id,
        trade=one.trade,
        measure=one.measure,
        window=one.window.split(),
        average=one.average,
        satisfaction_average=one.satisfaction_average,
        satisfaction_scope=one.satisfaction_scope,
        satisfaction_source=one.satisfaction_source,
        spread=one.spread,
        rankability=one.rankability,
        order_publishable=one.order_publishable,
        institutions=one.institutions,
        counts=bands,
        totals={name: getattr(one, name) for name in _COUNTS},
        limits=limits,
    )


def _standing(row: StandingFigures, listed: Listed) -> dict[str, Any]:
    """Return the row's columns: the figures under the same names, the steps as one list."""
    columns = asdict(row)
    steps = [columns.pop(step) for step in STEPS]
    for name in _DERIVED:
        del columns[name]
    return columns | {
        "institution_code": columns.pop("institution"),
        "name": listed.name,
        "name_en": listed.name_en,
        "area_code": listed.area,
        "answers": None if None in steps else steps,
    }
