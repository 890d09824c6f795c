"""Where a request meets the portal: clock, session, rules, office and the person who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from flask_login import current_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.exceptions import ServiceUnavailable

from portal.domain.people import Actor
from portal.rules.office import Office, load_office
from portal.rules.rulebook import Rulebook, rules_on
from portal.settings import Settings, machine_clock
from portal.store.session import reading, transaction
from portal.store.site import Site, clock, site_of

NOBODY = Actor(person_id=None, name="", role=None)
EXTENSION = "portal"


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the factory wired: settings and the engines to write to and to read from."""

    settings: Settings
    engine: Engine
    read_engine: Engine


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for a whole request: the site, its office, the instant, the office's date."""

    site: Site
    office: Office
    at: datetime
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one act stands on; ``day`` is the date at the office, ``at`` the instant in UTC."""

    session: Session
    rules: Rulebook
    site: Site
    office: Office
    at: datetime
    day: date
    actor: Actor


def wiring() -> Wiring:
    """Return what the factory wired for this application."""
    return wiring_of(current_app)


def wiring_of(app: Flask) -> Wiring:
    """Return what the factory wired for ``app``."""
    wired: Wiring = app.extensions[EXTENSION]
    return wired


@contextmanager
def act() -> Iterator[Act]:
    """Open the one transaction of this request; it is committed when the block ends well."""
    with transaction(wiring().engine) as session:
        yield _act_on(session)


@contextmanager
def look() -> Iterator[Act]:
    """Open a consistent view for a page that changes nothing.

    Who has signed in may have just changed something, so nothing is read from a replica for them.
    """
    wired = wiring()
    behind = actor() is NOBODY
    with reading(wired.read_engine if behind else wired.engine) as session:
        yield _act_on(session)


@contextmanager
def look_for_everybody() -> Iterator[Act]:
    """Open a consistent view for an answer that is the same for everybody: no session is read."""
    with reading(wiring().read_engine) as session:
        yield _act_on(session, NOBODY)


def surroundings() -> Surroundings:
    """Return what holds for this request, read once.

    Raises:
        ServiceUnavailable: the database was not set up yet.

    """
    if "surroundings" not in g:
        with reading(wiring().read_engine) as session:
            g.surroundings = _surroundings_in(session)
    found: Surroundings = g.surroundings
    return found


def actor() -> Actor:
    """Return the person who asks, or nobody."""
    person: Actor | None = getattr(current_user, "actor", None)
    return person or NOBODY


def act_as(session: Session, person: Actor) -> Act:
    """Return what an act in ``session`` stands on, done for a person who is not signed in now."""
    return _act_on(session, person)


def _act_on(session: Session, person: Actor | None = None) -> Act:
    if "surroundings" not in g:
        g.surroundings = _surroundings_in(session)
    here: Surroundings = g.surroundings
    return Act(
        session=session,
        rules=rules_on(here.day, wiring().settings.local_rules),
        site=here.site,
        office=here.office,
        at=here.at,
        day=here.day,
        actor=person or actor(),
    )


def _surroundings_in(session: Session) -> Surroundings:
    site = site_of(session)
    if site is None:
        raise ServiceUnavailable
    session.expunge(site)
    office = _office(site.office_toml)
    at = clock(site, wiring().settings.now, machine_clock(), office.time_zone)
    return Surroundings(site, office, at, at.astimezone(ZoneInfo(office.time_zone)).date())


@cache
def _office(text: str) -> Office:
    return load_office(text)
