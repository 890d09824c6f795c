"""Counts and answers of a period and those before it, gathered from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.metrics.conduct import conditions_on, record_on
from portal.metrics.inputs import (
    Answers,
    Count,
    Inputs,
    Listed,
    OtherKind,
    Place,
    TradeInput,
    window_of,
)
from portal.metrics.suppression import measure_of
from portal.rules.figures import STEPS, Satisfaction
from portal.rules.office import Office
from portal.rules.rulebook import Rulebook
from portal.store.exams import Tally
from portal.store.institutions import Institution, InstitutionTrade
from portal.store.surveys import SurveyTally

FIRST_CERTIFICATES = "initial"
"""The exam kind that figures are about."""


def gathered(
    session: Session, period: Period, rules: Rulebook, office: Office, as_of: date
) -> Inputs:
    """Return what the store holds for an edition of ``period``, before suppression.

    Conditions and cases are those of the day ``as_of``.

    A trade is in it when somebody has counts in its window.
    """
    length = max(rules.ranking.window_periods, rules.ranking.trend_periods)
    periods = tuple(str(one) for one in period.window(length))
    window = frozenset(window_of(period, rules.ranking))
    counts = _counts(session, periods)
    trades = _trades(counts, window, office)
    shown = {trade.trade for trade in trades}
    counts = [count for count in counts if count.trade in shown]
    places = _places(session, period, counts, window, shown)
    answers = [
        one
        for one in _answers(session, periods, rules.satisfaction)
        if one.period in window and one.trade in {"", *shown}
    ]
    standing = {place.institution for place in places}
    return Inputs(
        period=period,
        trades=trades,
        institutions=_institutions(session, standing),
        places=places,
        counts=tuple(one for one in counts if one.institution in standing),
        answers=tuple(one for one in answers if one.institution in standing),
        other_kinds=_other_kinds(session, window, {(one.trade, one.institution) for one in places}),
        conditions=conditions_on(session, as_of, standing, rules),
        record=record_on(session, as_of, standing, rules),
    )


def periods_with_counts(session: Session) -> list[str]:
    """Return the periods in which somebody sat an exam, newest first; a roster alone is none."""
    held = (Tally.exam_kind == FIRST_CERTIFICATES, Tally.sat > 0)
    found = session.scalars(select(Tally.period).where(*held).distinct())
    return sorted(found, reverse=True)


def _counts(session: Session, periods: tuple[str, ...]) -> list[Count]:
    asked = (
        select(
            Tally.trade,
            Institution.code,
            Tally.period,
            Tally.registered,
            Tally.sat,
            Tally.sat_first,
            Tally.passed_first,
            Tally.passed,
        )
        .join(Institution, Institution.id == Tally.institution_id)
        .where(Tally.exam_kind == FIRST_CERTIFICATES, Tally.period.in_(periods))
    )
    rows = session.execute(asked)
    found = [
        Count(
            trade=trade,
            institution=code,
            period=period,
            registered=registered,
            sat=sat,
            sat_first=sat_first,
            passed_first=passed_first,
            passed=passed,
        )
        for trade, code, period, registered, sat, sat_first, passed_first, passed in rows
    ]
    return sorted(found, key=lambda one: (one.trade, one.institution, one.period))


def _other_kinds(
    session: Session, window: frozenset[str], places: set[tuple[str, str]]
) -> tuple[OtherKind, ...]:
    names = (Tally.trade, Institution.code, Tally.exam_kind, Tally.period)
    asked = (
        select(*names, Tally.registered, Tally.sat, Tally.passed)
        .join(Institution, Institution.id == Tally.institution_id)
        .where(Tally.exam_kind != FIRST_CERTIFICATES, Tally.period.in_(window))
    )
    found = [
        OtherKind(
            trade=trade,
            institution=code,
            exam_kind=kind,
            period=period,
            registered=registered,
            sat=sat,
            passed=passed,
        )
        for trade, code, kind, period, registered, sat, passed in session.execute(asked)
        if (trade, code) in places
    ]
    found.sort(key=lambda one: (one.trade, one.institution, one.exam_kind, one.period))
    return tuple(found)


def _trades(
    counts: Iterable[Count], window: frozenset[str], office: Office
) -> tuple[TradeInput, ...]:
    cells: defaultdict[str, list[Count]] = defaultdict(list)
    for count in counts:
        if count.period in window:
            cells[count.trade].append(count)
    return tuple(_trade(slug, cells[slug], office) for slug in sorted(cells))


def _trade(slug: str, cells: list[Count], office: Office) -> TradeInput:
    known = office.trade(slug)
    return TradeInput(
        trade=slug,
        name_zh=known.name_zh if known else slug,
        name_en=known.name_en if known else slug,
        measure=measure_of(cells),
    )


def _places(
    session: Session, period: Period, counts: list[Count], window: frozenset[str], shown: set[str]
) -> tuple[Place, ...]:
    counted = {(one.trade, one.institution) for one in counts if one.period in window}
    teaching = (
        select(InstitutionTrade.trade, Institution.code)
        .join(Institution, Institution.id == InstitutionTrade.institution_id)
        .where(*_open_in(period))
    )
    offered = {(trade, code) for trade, code in session.execute(teaching)}
    pairs = sorted(pair for pair in counted | offered if pair[0] in shown)
    return tuple(Place(trade=trade, institution=code) for trade, code in pairs)


def _open_in(period: Period) -> list[ColumnElement[bool]]:
    opened, closed = Institution.opened_on, Institution.closed_on
    return [
        or_(opened.is_(None), opened <= period.ends_on),
        or_(closed.is_(None), closed > period.ends_on),
    ]


def _institutions(session: Session, codes: set[str]) -> tuple[Listed, ...]:
    asked = select(Institution.code, Institution.name, Institution.name_en, Institution.area_code)
    rows = [row for row in session.execute(asked) if row[0] in codes]
    return tuple(
        Listed(institution=code, name=name, name_en=name_en, area=area)
        for code, name, name_en, area in sorted(rows, key=lambda row: row[0])
    )


def _answers(session: Session, periods: tuple[str, ...], rules: Satisfaction) -> list[Answers]:
    asked = (
        select(SurveyTally, Institution.code)
        .join(Institution, Institution.id == SurveyTally.institution_id)
        .where(SurveyTally.period.in_(periods))
    )
    found = [_answer(tally, code, rules) for tally, code in session.execute(asked)]
    return sorted(found, key=lambda one: (one.trade, one.institution, one.period, one.source))


def _answer(tally: SurveyTally, code: str, rules: Satisfaction) -> Answers:
    steps: dict[str, Any] = {step: getattr(tally, step) for step in STEPS}
    if None in steps.values():
        steps = dict.fromkeys(STEPS)
        share = tally.satisfied_share
        answered = tally.answered if share is not None else 0
        satisfied = int((share or 0) * answered + 0.5)
    else:
        answered = sum(steps[step] or 0 for step in rules.valid_steps)
        satisfied = sum(steps[step] or 0 for step in rules.satisfied_steps)
    return Answers(
        trade=tally.trade,
        institution=code,
        period=tally.period,
        source=tally.source,
        invited=tally.invited,
        answered=answered,
        satisfied_answers=satisfied,
        **steps,
    )
