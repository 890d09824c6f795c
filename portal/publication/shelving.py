"""Sealed figures laid out for reading: the rows that pages and the API show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.metrics.figures import StandingFigures, TradeFigures
from portal.metrics.inputs import Listed
from portal.publication import tables
from portal.rules.figures import STEPS
from portal.rules.rulebook import Rulebook
from portal.store.editions import EditionStanding, EditionTrade

BANDS = ("above", "near", "below", "withheld")
_COUNTS = ("registered", "sat", "sat_first", "passed_first", "passed")


def shelve(
    session: Session, edition_id: int, members: Mapping[str, bytes], rules: Rulebook
) -> None:
    """Write the rows of a sealed edition, all from the bundle's own tables."""
    reasons: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for why in tables.rows_of(tables.WITHHELD, members):
        reasons[why.trade, why.institution][why.figure] = why.reason
    trends: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for cell in tables.rows_of(tables.TREND, members):
        counts = {"trials": cell.trials, "successes": cell.successes}
        told = {"reason": cell.reason} if cell.reason else counts
        trends[cell.trade, cell.institution].append({"period": cell.period} | told)
    names = {one.institution: one for one in tables.rows_of(tables.INSTITUTIONS, members)}
    limits = limits_of(rules)
    rows = tables.rows_of(tables.STANDINGS, members)
    bands = Counter((row.trade, row.band) for row in rows)
    for one in tables.rows_of(tables.TRADE_FIGURES, members):
        of_trade = {band: bands[one.trade, band] for band in BANDS}
        session.add(_trade(edition_id, one, of_trade, limits))
    for row in rows:
        key = (row.trade, row.institution)
        standing = _standing(edition_id, row, names[row.institution])
        standing.withheld = reasons[key]
        standing.trend = trends[key]
        session.add(standing)


def limits_of(rules: Rulebook) -> dict[str, int]:
    """Return reason → the limit that its sentence names."""
    ranking, satisfaction = rules.ranking, rules.satisfaction
    return {
        "withheld.fewer_than_10": ranking.min_published,
        "withheld.fewer_than_10_retakes": ranking.min_published,
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
        rankability=one.rankability,
        order_publishable=one.order_publishable,
        institutions=one.institutions,
        counts=bands,
        totals={name: getattr(one, name) for name in _COUNTS},
        limits=limits,
    )


def _standing(edition_id: int, row: StandingFigures, listed: Listed) -> EditionStanding:
    steps = [getattr(row, step) for step in STEPS]
    return EditionStanding(
        edition_id=edition_id,
        trade=row.trade,
        position=row.position,
        institution_code=row.institution,
        name=listed.name,
        name_en=listed.name_en,
        area_code=listed.area,
        registered=row.registered,
        sat=row.sat,
        passed=row.passed,
        sat_first=row.sat_first,
        passed_first=row.passed_first,
        rate=row.rate,
        rate_low=row.rate_low,
        rate_high=row.rate_high,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        p_above_average=row.p_above_average,
        band=row.band,
        effective_n=row.effective_n,
        satisfaction_rate=row.satisfaction_rate,
        satisfaction_low=row.satisfaction_low,
        satisfaction_high=row.satisfaction_high,
        satisfaction_rank_low=row.satisfaction_rank_low,
        satisfaction_rank_high=row.satisfaction_rank_high,
        answered=row.answered,
        invited=row.invited,
        satisfied_answers=row.satisfied_answers,
        response_low=row.response_low,
        response_high=row.response_high,
        answers=None if None in steps else steps,
        withheld={},
        trend=[],
    )
