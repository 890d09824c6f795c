"""Single sittings: when and where, and what each institution's counts would be without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.metrics.counts import FIRST_CERTIFICATES
from portal.metrics.inputs import Count, Inputs
from portal.store.exams import ExamResult
from portal.store.institutions import Institution

_COUNTED = ("registered", "sat", "sat_first", "passed_first", "passed")
_Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An exam of one day at one site, and how many sat there."""

    on: date
    site: str
    sat: int


def sittings(session: Session, periods: Iterable[str]) -> list[Sitting]:
    """Return the sittings of first certificates in these periods, newest first."""
    asked = (
        select(ExamResult.theory_on, ExamResult.site, _number(ExamResult.sat))
        .where(_first_certificates(), ExamResult.period.in_(list(periods)))
        .where(ExamResult.theory_on.is_not(None))
        .group_by(ExamResult.theory_on, ExamResult.site)
        .order_by(ExamResult.theory_on.desc(), ExamResult.site)
    )
    rows = session.execute(asked)
    return [Sitting(on=on, site=site, sat=sat) for on, site, sat in rows if on is not None and sat]


def without(session: Session, inputs: Inputs, on: date, site: str) -> Inputs:
    """Return the inputs as if a sitting had not been held."""
    less = _counts_of(session, on, site)
    return replace(inputs, counts=tuple(_less(one, less) for one in inputs.counts))


def _less(count: Count, less: dict[_Cell, tuple[int, ...]]) -> Count:
    found = less.get((count.institution, count.trade, count.period))
    if found is None:
        return count
    left: dict[str, Any] = {
        name: None if (now := getattr(count, name)) is None else max(now - gone, 0)
        for name, gone in zip(_COUNTED, found, strict=True)
    }
    return replace(count, **left)


def _counts_of(session: Session, on: date, site: str) -> dict[_Cell, tuple[int, ...]]:
    first_passed = and_(ExamResult.first, ExamResult.passed, ExamResult.attempt == 1)
    asked = (
        select(
            Institution.code,
            ExamResult.trade,
            ExamResult.period,
            func.count(),
            _number(ExamResult.sat),
            _number(ExamResult.first),
            _number(first_passed),
            _number(ExamResult.passed),
        )
        .join(Institution, Institution.id == ExamResult.institution_id)
        .where(_first_certificates(), ExamResult.theory_on == on, ExamResult.site == site)
        .group_by(Institution.code, ExamResult.trade, ExamResult.period)
    )
    rows = session.execute(asked)
    return {(code, trade, period): tuple(counts) for code, trade, period, *counts in rows}


def _first_certificates() -> ColumnElement[bool]:
    return ExamResult.exam_kind == FIRST_CERTIFICATES


def _number(condition: ColumnElement[bool] | Any) -> ColumnElement[int]:  # noqa: ANN401  # mapped
    return func.sum(case((condition, 1), else_=0))
