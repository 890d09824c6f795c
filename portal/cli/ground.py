"""What a command stands on: settings, engine, site, clock and rules, and how it answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from portal.domain.errors import PortalError
from portal.rules.office import Office, load_office
from portal.rules.rulebook import Rulebook, rules_on
from portal.rules.words import say
from portal.settings import Settings, machine_clock, settings_from
from portal.store.session import make_engine, reading, transaction
from portal.store.site import Site, clock, site_of

REFUSED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The one transaction of a command, and what holds while it runs."""

    session: Session
    settings: Settings
    office: Office
    rules: Rulebook
    at: datetime
    day: date


@contextmanager
def ground() -> Iterator[Ground]:
    """Open the transaction of a command on the database that the environment names."""
    settings = settings_from()
    engine = engine_of(settings)
    try:
        with transaction(engine) as session:
            yield ground_on(session, settings)
    finally:
        engine.dispose()


@contextmanager
def looking() -> Iterator[Ground]:
    """Open one consistent view of that database; nothing is locked and nothing is written."""
    settings = settings_from()
    engine = engine_of(settings)
    try:
        with reading(engine) as session:
            yield ground_on(session, settings)
    finally:
        engine.dispose()


def ground_on(session: Session, settings: Settings) -> Ground:
    """Return what holds in ``session``'s database.

    Raises:
        PortalError: ``portal init`` has not been run.

    """
    made = inspect(session.connection()).has_table(Site.__tablename__)
    site = site_of(session) if made else None
    if site is None:
        raise PortalError("operator.not_set_up")
    office = load_office(site.office_toml)
    at = clock(site, settings.now, machine_clock(), office.time_zone)
    day = at.astimezone(ZoneInfo(office.time_zone)).date()
    rules = rules_on(day, settings.local_rules)
    return Ground(session=session, settings=settings, office=office, rules=rules, at=at, day=day)


def engine_of(settings: Settings) -> Engine:
    """Return the engine for the settings' database."""
    return make_engine(settings.database_url)


def both(key: str, **facts: object) -> str:
    """Return a sentence in Chinese and English, one after the other."""
    return f"{say(key, 'zh', **facts)}\n{say(key, 'en', **facts)}"


def refuse(words: str, *, as_json: bool = False, **facts: object) -> NoReturn:
    """Say why nothing was done and leave with status 1; with ``as_json`` as one JSON object."""
    if as_json:
        click.echo(json.dumps({"error": words, **facts}, ensure_ascii=False, default=str))
    click.echo(words, err=True)
    sys.exit(REFUSED)


def tell(facts: dict[str, object], words: str, *, as_json: bool) -> None:
    """Print the answer: one JSON object, or words."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else words)
