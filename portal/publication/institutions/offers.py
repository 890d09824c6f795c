"""Fees and coming classes of many institutions at once, as they were stated by a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.store.institutions import Institution
from portal.store.offers import ClassDate, Fee


@dataclass(frozen=True, slots=True)
class Coming:
    """A class that has not started yet."""

    starts_on: date
    schedule: str


@dataclass(slots=True)
class Offer:
    """What one institution asks for one trade and when it teaches; classes next first.

    ``fee_cents`` None: it has not stated a fee.
    """

    fee_cents: int | None = None
    includes: str = ""
    stated_on: date | None = None
    classes: list[Coming] = field(default_factory=list)

    @property
    def is_stated(self) -> bool:
        """Tell whether the institution has stated anything."""
        return self.fee_cents is not None or bool(self.classes)

    def next_of(self, schedule: str | None = None) -> Coming | None:
        """Return the next class, of one schedule where given; None if there is none."""
        fitting = (one for one in self.classes if schedule in {None, "", one.schedule})
        return next(fitting, None)


def offers_on(
    session: Session, day: date, trade: str, codes: Iterable[str] | None = None
) -> dict[str, Offer]:
    """Return what holds on ``day`` for one trade, by institution code; of some where given."""
    found: dict[str, Offer] = defaultdict(Offer)
    classes, fees = _classes(day, trade), _fees(day, trade)
    if codes is not None:
        some = Institution.code.in_(list(codes))
        classes, fees = classes.where(some), fees.where(some)
    for code, starts_on, schedule in session.execute(classes):
        found[code].classes.append(Coming(starts_on, schedule))
    for code, cents, includes, stated_on in session.execute(fees):
        offer = found[code]
        offer.fee_cents, offer.includes, offer.stated_on = cents, includes, stated_on
    return dict(found)


def _fees(day: date, trade: str) -> Any:  # noqa: ANN401  # a select of four columns
    wanted = select(Institution.code, Fee.total_cents, Fee.includes, Fee.stated_on)
    return (
        wanted.join(Institution, Institution.id == Fee.institution_id)
        .where(Fee.trade == trade, *_holding(Fee.stated_on, Fee.ended_on, day))
        .order_by(Fee.id)
    )


def _classes(day: date, trade: str) -> Any:  # noqa: ANN401  # a select of three columns
    wanted = select(Institution.code, ClassDate.starts_on, ClassDate.schedule)
    return (
        wanted.join(Institution, Institution.id == ClassDate.institution_id)
        .where(
            ClassDate.trade == trade,
            ClassDate.starts_on >= day,
            *_holding(ClassDate.stated_on, ClassDate.withdrawn_on, day),
        )
        .order_by(ClassDate.starts_on, ClassDate.id)
    )


def _holding(
    since: InstrumentedAttribute[date], until: InstrumentedAttribute[date | None], day: date
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return since <= day, or_(until.is_(None), until > day)
