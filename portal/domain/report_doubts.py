"""What in a report cannot well be true together, within it and across institutions.

A doubt is no fault: it is what a reviewer should look at. The answers are known by their keys in
the form; a form without them raises no doubt.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.domain.identity import is_sealed
from portal.domain.period import Period
from portal.domain.reports import Content

LONGEST_DAY_HOURS = 8
"""Hours that a teacher or a class can fill on one day."""
_MINUTES = 60

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing to look at: the key of its sentence, its facts, and where it stands."""

    key: str
    path: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    trade: str = ""
    """The trade it is about; empty where it is about none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What doubts are measured by.

    ``others`` maps the names of other institutions to their newest reports; ``seat_area_m2`` None:
    no rule is known.
    """

    period: Period
    day: date
    lease_warning_days: int
    seat_area_m2: float | None
    others: Mapping[str, Content]


def doubts_about(content: Content, ground: Ground) -> tuple[Doubt, ...]:
    """Return every doubt about a report, those across institutions first."""
    return (
        *_full_time_twice(content, ground),
        *_venues_twice(content, ground),
        *_seats(content, ground),
        *_leases(content, ground),
        *_hours(content, ground),
        *_trades_without_teacher(content),
    )


def _rows(content: Content, section: str, item: str) -> list[tuple[int, Row]]:
    rows = content.get(section, {}).get(item) or []
    return list(enumerate(rows, 1))


def _full_time_twice(content: Content, ground: Ground) -> Iterator[Doubt]:
    elsewhere = {
        _hash(row): name
        for name, other in ground.others.items()
        for _, row in _rows(other, "teachers", "teachers")
        if row.get("engagement") == "full_time" and _hash(row)
    }
    for at, row in _rows(content, "teachers", "teachers"):
        other = elsewhere.get(_hash(row))
        if other and row.get("engagement") == "full_time":
            facts = {"name": row.get("name", ""), "other": other}
            path = f"teachers.teachers.{at}"
            yield Doubt(key="doubt.full_time_twice", path=path, facts=facts)


def _hash(row: Row) -> str:
    number = str(row.get("identity", ""))
    return number.rpartition("~")[2] if is_sealed(number) else ""


def _venues_twice(content: Content, ground: Ground) -> Iterator[Doubt]:
    elsewhere = {
        _place(row): name
        for name, other in ground.others.items()
        for _, row in _rows(other, "venues", "venues")
        if _place(row)
    }
    for at, row in _rows(content, "venues", "venues"):
        other = elsewhere.get(_place(row))
        if other:
            facts = {"name": row.get("name", ""), "address": row.get("address", ""), "other": other}
            yield Doubt(key="doubt.venue_twice", path=f"venues.venues.{at}", facts=facts)


def _place(row: Row) -> str:
    """Return an address and use by which a room is known again, however it is spaced."""
    address = unicodedata.normalize("NFKC", str(row.get("address", "")))
    plain = "".join(address.split()).casefold()
    return f"{plain}|{row.get('use', '')}" if plain else ""


def _seats(content: Content, ground: Ground) -> Iterator[Doubt]:
    if ground.seat_area_m2 is None:
        return
    venues = content.get("venues", {})
    told = [
        (f"venues.venues.{at}", row.get("name", ""), row.get("seats"), row.get("area_m2"))
        for at, row in _rows(content, "venues", "venues")
        if row.get("use") in {"classroom", "computer_room"}
    ]
    total = (venues.get("classroom_seats"), venues.get("classroom_area_m2"))
    told.append(("venues.classroom_seats", "", *total))
    for path, name, seats, area in told:
        if seats and area is not None and area < seats * ground.seat_area_m2:
            facts = {"seats": seats, "area": float(area), "least": ground.seat_area_m2}
            key = "doubt.seats_in_room" if name else "doubt.seats_in_all"
            yield Doubt(key=key, path=path, facts=facts | ({"name": name} if name else {}))


def _leases(content: Content, ground: Ground) -> Iterator[Doubt]:
    soon = ground.day + timedelta(days=ground.lease_warning_days)
    for at, row in _rows(content, "venues", "venues"):
        if row.get("tenure") != "leased" or not row.get("lease_end_on"):
            continue
        ends_on = date.fromisoformat(row["lease_end_on"])
        if ends_on <= soon:
            key = "doubt.lease_over" if ends_on < ground.day else "doubt.lease_ending"
            facts = {"name": row.get("name", ""), "ends_on": ends_on}
            yield Doubt(key=key, path=f"venues.venues.{at}", facts=facts)


def _hours(content: Content, ground: Ground) -> Iterator[Doubt]:
    days = (ground.period.ends_on - ground.period.starts_on).days + 1
    minutes = content.get("teaching", {}).get("class_minutes_offline") or 0
    told = _rows(content, "teaching", "outline_hours")
    for at, row in told:
        hours = row.get("delivered_hours", 0) * minutes / _MINUTES
        path = f"teaching.outline_hours.{at}"
        if hours > days * LONGEST_DAY_HOURS:
            facts = {"hours": round(hours), "days": days}
            yield Doubt(key="doubt.beyond_the_clock", path=path, facts=facts, trade=row["trade"])
        if row.get("delivered_hours", 0) < row.get("required_hours", 0):
            facts = {"hours": row["delivered_hours"], "least": row["required_hours"]}
            yield Doubt(key="doubt.hours_missing", path=path, facts=facts, trade=row["trade"])
    teachers = len(_rows(content, "teachers", "teachers"))
    total = sum(row.get("delivered_hours", 0) for _, row in told) * minutes / _MINUTES
    if told and total > teachers * days * LONGEST_DAY_HOURS:
        facts = {"hours": round(total), "teachers": teachers, "days": days}
        yield Doubt(key="doubt.beyond_the_teachers", path="teaching.outline_hours", facts=facts)


def _trades_without_teacher(content: Content) -> Iterator[Doubt]:
    taught = {
        trade
        for _, row in _rows(content, "teachers", "teachers")
        for trade in row.get("trades") or ()
    }
    for at, row in _rows(content, "teaching", "outline_hours"):
        trade = row.get("trade", "")
        if trade and trade not in taught:
            path = f"teaching.outline_hours.{at}"
            yield Doubt(key="doubt.no_teacher", path=path, trade=trade)
