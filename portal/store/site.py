"""The site: whose office it serves, which world it holds, and its clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Long, Table, Word


class Site(Table, kw_only=True):
    """The one row that says what this database is.

    ``world`` is "real", "putuo" (the invented demonstration) or "portugal" (real, historical).
    ``demonstration_on`` is the date that the clock of a demonstration reads.
    """

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    office_toml: Mapped[Long]
    world: Mapped[Word]
    demonstration_on: Mapped[date | None] = mapped_column(default=None)
    made_at: Mapped[At]


def site_of(session: Session) -> Site | None:
    """Return the site's row; None before ``portal init``."""
    return session.scalar(select(Site))


def clock(site: Site, moved_to: datetime | None, machine: datetime, zone: str) -> datetime:
    """Return the instant that holds for this site, in UTC.

    A demonstration reads ``moved_to`` where given, else its own date, where it has one, at the
    machine's time of day in ``zone``; every other site reads the machine's clock.
    """
    if moved_to is not None and site.world != "real":
        return moved_to.astimezone(UTC)
    if site.demonstration_on is None:
        return machine
    place = ZoneInfo(zone)
    of_day: time = machine.astimezone(place).time()
    return datetime.combine(site.demonstration_on, of_day, place).astimezone(UTC)
