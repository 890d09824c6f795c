"""Loading a demonstration: the invented Putuo world, or the real Portuguese counts."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from portal.casework.setting_up import make_room
from portal.cli.ground import both, engine_of
from portal.cli.setting_up import OFFICES
from portal.demonstration.building import build_putuo
from portal.demonstration.doors import Place
from portal.demonstration.people import Account
from portal.demonstration.portugal import build_portugal
from portal.domain.errors import PortalError
from portal.settings import machine_clock, settings_from
from portal.store.schema import upgrade
from portal.store.session import transaction


@click.command()
@click.option("--portugal", is_flag=True, help="The real Portuguese counts of 2015 to 2019.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The date that the clock reads.")
@click.option("--accounts", type=click.Path(path_type=Path), help="Write the accounts here.")
def demo(*, portugal: bool, on: date | None, accounts: Path | None) -> None:
    """Load a demonstration world into an empty database, which it sets up where needed."""
    place = _place("portugal" if portugal else "putuo")
    given: list[Account] = []
    with Console(stderr=True).status(place.office.title_zh) as status:
        if portugal:
            build_portugal(place, status.update)
        else:
            day = on.date() if on is not None and hasattr(on, "date") else None
            given = build_putuo(place, day, status.update)
    if accounts:
        _write(accounts, given)
    click.echo(both("operator.demo_loaded", count=len(given)))
    for account in () if accounts else given:
        click.echo(f"{account.role}\t{account.username}\t{account.password}")


def _place(world: str) -> Place:
    settings = settings_from()
    if not settings.person_key:
        raise PortalError("operator.no_person_key")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine, machine = engine_of(settings), machine_clock()
    upgrade(engine)
    with transaction(engine) as session:
        office = make_room(session, (OFFICES / f"{world}.toml").read_text("utf-8"), machine)
    return Place(
        engine=engine,
        office=office,
        person_key=settings.person_key,
        data_dir=settings.data_dir,
        machine=machine,
    )


def _write(file: Path, accounts: list[Account]) -> None:
    """Write the accounts where only the operator reads them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(account) for account in accounts]
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    file.chmod(0o600)
