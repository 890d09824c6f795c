"""Setting the site up for an office, or giving it a newer office file."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict
from portal.domain.people import OPERATOR
from portal.rules.office import Office, load_office
from portal.store.audit import record
from portal.store.editions import Edition
from portal.store.institutions import Institution, Unit
from portal.store.receipts import Receipt
from portal.store.site import Site, site_of


def set_up(session: Session, office_toml: str, at: datetime) -> Site:
    """Make the site for the office of ``office_toml``; an existing site takes the newer file.

    Raises:
        Conflict: the site serves another office.
        OfficeError: the office file is wrong.

    """
    office = load_office(office_toml)
    site = site_of(session)
    if site is None:
        site = Site(office_toml=office_toml, world="real", made_at=at)
        session.add(site)
    elif load_office(site.office_toml).key != office.key:
        raise Conflict("operator.other_office", office=load_office(site.office_toml).key)
    elif site.office_toml == office_toml:
        return site
    else:
        site.office_toml = office_toml
    record(session, OPERATOR, "site.set_up", f"office:{office.key}", at, office=office.key)
    return site


def make_room(session: Session, office_toml: str, at: datetime) -> Office:
    """Return the office that a demonstration plays; an empty site is given it where it has none.

    Raises:
        Conflict: the site already holds another world or anything real.

    """
    office, site = load_office(office_toml), site_of(session)
    if site is None:
        set_up(session, office_toml, at)
        return office
    if site.world != "real" or _holds_anything(session):
        raise Conflict("operator.not_empty")
    known = load_office(site.office_toml)
    if known.key == office.key:
        return known
    site.office_toml = office_toml
    record(session, OPERATOR, "site.set_up", f"office:{office.key}", at, office=office.key)
    return office


def become_demonstration(
    session: Session, world: str, demonstration_on: date | None, at: datetime
) -> None:
    """Turn an empty site into a demonstration world; its clock reads ``demonstration_on``.

    Raises:
        Conflict: the site already holds another world or anything real.

    """
    site = site_of(session)
    if site is None or site.world != "real" or _holds_anything(session):
        raise Conflict("operator.not_empty")
    site.world = world
    site.demonstration_on = demonstration_on
    record(session, OPERATOR, "site.demonstration", f"world:{world}", at, world=world)


def _holds_anything(session: Session) -> bool:
    rooms = (Institution, Unit, Receipt, Edition)
    return any(session.scalar(select(room.id).limit(1)) is not None for room in rooms)
