"""What sealed editions say, read for pages and programs: never a draft, never recomputed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portal.store.editions import Edition, EditionStanding, EditionTrade

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A sealed edition's head: what every page of its figures names.

    ``replaced_by`` and ``withdrawn_by`` are the numbers of the editions that did so.
    """

    id: int
    number: int
    period: str
    sealed_at: datetime
    by_operator: bool
    manifest_sha256: str
    replaced_by: int | None
    withdrawn_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One trade's ranking in an edition; ``counts`` maps band to number of institutions.

    ``totals`` sums the published counts; ``limits`` maps a reason to the limit that it names.
    """

    trade: str
    measure: str
    window: tuple[str, ...]
    average: float | None
    satisfaction_average: float | None
    satisfaction_source: str
    spread: float | None
    rankability: float | None
    order_publishable: bool
    institutions: int
    counts: dict[str, int]
    totals: dict[str, int | None]
    limits: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One institution in one ranking, exactly as published (rates 0 to 1, 4 decimals)."""

    trade: str
    position: int
    code: str
    name: str
    name_en: str | None
    area_code: str
    registered: int | None
    sat: int | None
    passed: int | None
    sat_first: int | None
    passed_first: int | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    rank_low: int | None
    rank_high: int | None
    p_above_average: float | None
    band: str
    effective_n: float | None
    satisfaction_rate: float | None
    satisfaction_low: float | None
    satisfaction_high: float | None
    satisfaction_rank_low: int | None
    satisfaction_rank_high: int | None
    answered: int | None
    invited: int | None
    satisfied_answers: int | None
    response_low: float | None
    response_high: float | None
    answers: tuple[int, ...] | None
    withheld: dict[str, str]
    trend: tuple[dict[str, Any], ...]
    disputed: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """The little of a standing by which a list is filtered, sorted and drawn."""

    code: str
    area_code: str
    band: str
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    satisfaction: float | None


def latest(session: Session) -> Head | None:
    """Return the edition of the newest period whose figures stand; None before any."""
    newest = _standing_ones().order_by(Edition.period.desc(), Edition.number.desc())
    return _head(session, newest.limit(1))


def of_period(session: Session, period: str) -> Head | None:
    """Return the newest sealed edition of a period, withdrawn or not; None if there is none."""
    newest = _sealed().where(Edition.period == period).order_by(Edition.number.desc())
    return _head(session, newest.limit(1))


def numbered(session: Session, number: int) -> Head | None:
    """Return the sealed edition with this number; None if there is none."""
    return _head(session, _sealed().where(Edition.number == number))


def periods(session: Session) -> list[str]:
    """Return the periods that have a sealed edition, newest first."""
    found = select(Edition.period).where(Edition.state == "sealed", _HAS_FIGURES).distinct()
    return sorted(session.scalars(found), reverse=True)


def rankings(session: Session, edition: Head) -> list[Ranking]:
    """Return the edition's rankings by trade."""
    query = select(EditionTrade).where(EditionTrade.edition_id == edition.id)
    return [_ranking(row) for row in session.scalars(query.order_by(EditionTrade.trade))]


def ranking(session: Session, edition: Head, trade: str) -> Ranking | None:
    """Return the edition's ranking of one trade; None if it has none."""
    query = select(EditionTrade).where(EditionTrade.edition_id == edition.id)
    row = session.scalar(query.where(EditionTrade.trade == trade))
    return _ranking(row) if row else None


def earlier_definition(
    session: Session, edition: Head, found: Ranking
) -> tuple[Head, Ranking] | None:
    """Return the last edition before this one that ranked the trade by another measure.

    With it comes that ranking; None where the definition never changed.
    """
    changed = (
        _standing_ones()
        .join(EditionTrade, EditionTrade.edition_id == Edition.id)
        .where(EditionTrade.trade == found.trade, EditionTrade.measure != found.measure)
        .where(Edition.period < edition.period)
        .order_by(Edition.period.desc(), Edition.number.desc())
    )
    before = _head(session, changed.limit(1))
    then = ranking(session, before, found.trade) if before else None
    return (before, then) if before and then else None


def briefs(session: Session, edition: Head, trade: str) -> list[Brief]:
    """Return a trade's institutions in the edition's own order, in brief."""
    table = EditionStanding
    columns = (table.institution_code, table.area_code, table.band, table.rate)
    wanted = select(*columns, table.rate_low, table.rate_high, table.satisfaction_rate).where(
        table.edition_id == edition.id, table.trade == trade
    )
    return [Brief(*row) for row in session.execute(wanted.order_by(table.position))]


def standings(
    session: Session, edition: Head, trade: str, codes: Iterable[str] | None = None
) -> list[Standing]:
    """Return a trade's institutions in the edition's own order.

    With ``codes`` only those, and without their trend, which no row shows.
    """
    columns = _standings(edition, lean=codes is not None).where(EditionStanding.trade == trade)
    if codes is not None:
        columns = columns.where(EditionStanding.institution_code.in_(list(codes)))
    return [_standing(row) for row in session.execute(columns.order_by(EditionStanding.position))]


def standings_of(session: Session, edition: Head, code: str) -> list[Standing]:
    """Return one institution's standings in all trades of the edition."""
    columns = _standings(edition).where(EditionStanding.institution_code == code)
    return [_standing(row) for row in session.execute(columns.order_by(EditionStanding.trade))]


def standing_of(session: Session, edition: Head, trade: str, code: str) -> Standing | None:
    """Return one institution's standing in one trade of the edition; None if it has none."""
    asked = _standings(edition).where(
        EditionStanding.trade == trade, EditionStanding.institution_code == code
    )
    row = session.execute(asked).one_or_none()
    return _standing(row) if row else None


def _sealed() -> Rows:
    wanted = (
        Edition.id,
        Edition.number,
        Edition.period,
        Edition.sealed_at,
        Edition.by_operator,
        Edition.manifest_sha256,
        _after(_LATER.replaces).label("replaced_by"),
        _after(_LATER.withdraws).label("withdrawn_by"),
    )
    return select(*wanted).where(Edition.state == "sealed", _HAS_FIGURES)


def _standing_ones() -> Rows:
    return _sealed().where(_after(_LATER.replaces).is_(None), _after(_LATER.withdraws).is_(None))


_LATER = aliased(Edition)
_HAS_FIGURES = Edition.kind == "figures"


def _after(names: InstrumentedAttribute[int | None]) -> ScalarSelect[int | None]:
    """Return the number of the newest sealed edition that ``names`` this one."""
    newest = select(func.max(_LATER.number)).where(
        names == Edition.number, _LATER.state == "sealed"
    )
    return newest.correlate(Edition).scalar_subquery()


def _head(session: Session, query: Rows) -> Head | None:
    row = session.execute(query).one_or_none()
    return Head(**row._mapping) if row else None  # noqa: SLF001  # the documented mapping of a row


def _ranking(row: EditionTrade) -> Ranking:
    return Ranking(
        trade=row.trade,
        measure=row.measure,
        window=tuple(row.window),
        average=row.average,
        satisfaction_average=row.satisfaction_average,
        satisfaction_source=row.satisfaction_source,
        spread=row.spread,
        rankability=row.rankability,
        order_publishable=row.order_publishable,
        institutions=row.institutions,
        counts=row.counts,
        totals=row.totals,
        limits=row.limits,
    )


_COLUMNS = ("code", *(name for name in Standing.__dataclass_fields__ if name != "code"))


def _standings(edition: Head, *, lean: bool = False) -> Rows:
    # Core columns, no ORM objects: a ranking page must stay cheap with thousands of rows.
    table = EditionStanding.__table__
    own = [null() if lean and name == "trend" else table.c[name] for name in _COLUMNS[1:]]
    wanted = select(table.c.institution_code.label("code"), *own)
    return wanted.where(EditionStanding.edition_id == edition.id)


def _standing(row: Any) -> Standing:  # noqa: ANN401  # a row of the columns above
    values = dict(zip(_COLUMNS, row, strict=True))
    values["answers"] = values["answers"] and tuple(values["answers"])
    values["trend"] = tuple(values["trend"] or ())
    return Standing(**values)
