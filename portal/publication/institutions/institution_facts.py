"""What is public of an institution between editions: accepted facts, fees, classes, phone.

Everything is as it stood on a given day; what ended on a day is gone that day. Teachers and other
persons bear their surname only; answers the form does not mark as public never leave the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.casework.special_reports.fact_forms import places_of
from portal.domain.fact_places import FactPlace
from portal.domain.masking import masked_name
from portal.rules.form import FormSection, Item
from portal.rules.rulebook import Rulebook
from portal.store.offers import ClassDate, ContactPhone, Fee
from portal.store.reports import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFact:
    """One accepted fact; a row of a table has a mapping of its public columns as ``value``.

    ``proof`` is declared, document_seen, seen_on_site or contradicted; ``proved_on`` None where it
    is only declared. ``from_on`` is the day since which it stands so. ``version`` is that of the
    form which asked it, where the one in force no longer does; else empty.
    """

    path: str
    item: Item
    value: Any
    proof: str
    proved_on: date | None
    from_on: date
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGroup:
    """The accepted facts of one section of the form, in the form's order, older questions last."""

    section: FormSection
    facts: tuple[PublicFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFee:
    """A fee as the institution states it; amounts in cents."""

    trade: str
    total_cents: int
    includes: str
    retake_cents: int | None
    material_cents: int | None
    stated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicClass:
    """A class that has not started yet; ``free_places`` None where nothing was said."""

    trade: str
    starts_on: date
    schedule: str
    free_places: int | None
    stated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPhone:
    """A phone as the institution states it."""

    phone: str
    stated_on: date


def accepted_facts(
    session: Session, institution_id: int, day: date, rules: Rulebook, local: Path | None = None
) -> tuple[FactGroup, ...]:
    """Return the public facts that stand on ``day``, grouped by section; empty = none accepted.

    ``local`` is the folder of the rules laid over the shipped ones.
    """
    wanted = select(Fact).where(
        Fact.institution_id == institution_id, *_standing(Fact.from_on, Fact.ended_on, day)
    )
    placed = places_of(session, session.scalars(wanted.order_by(Fact.id)), rules.report.form, local)
    shown = [
        (place.section, _told(fact, place, full_names=rules.report.full_teacher_names))
        for fact, place in placed
        if place.item.public
    ]
    return tuple(_groups(rules.report.form.sections, shown))


def _told(fact: Fact, place: FactPlace, *, full_names: bool) -> PublicFact:
    return PublicFact(
        path=fact.path,
        item=place.item,
        value=_public(place.item, fact.value, full_names),
        proof=fact.proof,
        proved_on=fact.proved_on,
        from_on=fact.from_on,
        version=place.version,
    )


def fees_on(session: Session, institution_id: int, day: date) -> dict[str, PublicFee]:
    """Return the fees that hold on ``day``, by trade."""
    columns = (Fee.trade, Fee.total_cents, Fee.includes, Fee.retake_cents, Fee.material_cents)
    wanted = select(*columns, Fee.stated_on).where(
        Fee.institution_id == institution_id, *_standing(Fee.stated_on, Fee.ended_on, day)
    )
    return {
        row.trade: PublicFee(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it
        for row in session.execute(wanted.order_by(Fee.id))
    }


def classes_on(session: Session, institution_id: int, day: date) -> list[PublicClass]:
    """Return the classes that start on ``day`` or later as they were stated by then, next first."""
    wanted = _classes(day).where(ClassDate.institution_id == institution_id)
    return [
        PublicClass(**row._mapping)  # noqa: SLF001  # see fees_on
        for row in session.execute(wanted.order_by(ClassDate.starts_on, ClassDate.id))
    ]


def next_classes(
    session: Session, institution_ids: Iterable[int], day: date, trade: str | None = None
) -> dict[int, date]:
    """Return the next class date of each institution, of one trade or any, by institution."""
    wanted = _classes(day).add_columns(ClassDate.institution_id)
    wanted = wanted.where(ClassDate.institution_id.in_(list(institution_ids)))
    if trade is not None:
        wanted = wanted.where(ClassDate.trade == trade)
    rows = session.execute(wanted.order_by(ClassDate.starts_on.desc()))
    return {row.institution_id: row.starts_on for row in rows}


def phone_on(session: Session, institution_id: int, day: date) -> PublicPhone | None:
    """Return the phone stated last by ``day``; None when none was."""
    wanted = select(ContactPhone.phone, ContactPhone.stated_on).where(
        ContactPhone.institution_id == institution_id,
        *_standing(ContactPhone.stated_on, ContactPhone.ended_on, day),
    )
    row = session.execute(wanted.order_by(ContactPhone.id.desc()).limit(1)).one_or_none()
    return row and PublicPhone(phone=row.phone, stated_on=row.stated_on)


def _classes(day: date) -> Select[str, date, str, int | None, date]:
    columns = (ClassDate.trade, ClassDate.starts_on, ClassDate.schedule, ClassDate.free_places)
    return select(*columns, ClassDate.stated_on).where(
        ClassDate.starts_on >= day,
        *_standing(ClassDate.stated_on, ClassDate.withdrawn_on, day),
    )


def _standing(
    since: InstrumentedAttribute[date], until: InstrumentedAttribute[date | None], day: date
) -> tuple[Any, Any]:
    return since <= day, or_(until.is_(None), until > day)


CONSENT = "name_consent"
"""The column in which a report records a teacher's consent to their full name."""


def _public(item: Item, value: Any, full_names: bool) -> Any:  # noqa: ANN401, FBT001  # JSON; a rule
    if item.kind != "table":
        return masked_name(value) if item.personal else value
    row: Mapping[str, Any] = value
    in_full = full_names and row.get(CONSENT) is True
    return {
        column.key: masked_name(row[column.key])
        if column.personal and not in_full
        else row[column.key]
        for column in item.columns
        if column.public and column.key in row
    }


def _groups(
    sections: tuple[FormSection, ...], shown: list[tuple[FormSection, PublicFact]]
) -> Iterable[FactGroup]:
    known = {section.key: section for section in sections}
    gone = {section.key: section for section, _ in shown if section.key not in known}
    for section in (known | gone).values():
        order = [item.key for item in section.items]
        facts = [fact for own, fact in shown if own.key == section.key]
        if facts:
            facts.sort(key=lambda fact: _order(fact, order))
            yield FactGroup(section=section, facts=tuple(facts))


def _order(fact: PublicFact, asked: list[str]) -> tuple[str, int, str, int]:
    """Return by what a section's facts are sorted: questions asked still, older ones, then rows."""
    last = fact.path.rpartition(".")[2]
    place = len(asked) if fact.version else asked.index(fact.item.key)
    return fact.version, place, fact.item.key, int(last) if last.isdecimal() else 0
