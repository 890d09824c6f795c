"""Setting up: the schema, the office, and the first persons."""

from __future__ import annotations

from pathlib import Path

import click

from portal.casework.setting_up import set_up
from portal.cli.ground import both, engine_of, refuse
from portal.rules.office import OfficeError
from portal.settings import ROOT, machine_clock, settings_from
from portal.store.schema import upgrade
from portal.store.session import transaction
from portal.store.site import site_of

OFFICES = ROOT / "data" / "office"


@click.command()
@click.option("--office", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def init(office: Path | None) -> None:
    """Create or upgrade the schema and load the office file."""
    settings = settings_from()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = engine_of(settings)
    upgrade(engine)
    with transaction(engine) as session:
        known = site_of(session)
        if office is None and known is not None:
            return
        file = office or OFFICES / "putuo.toml"
        try:
            set_up(session, file.read_text("utf-8"), machine_clock())
        except OfficeError as error:
            refuse(both("operator.office_file", file=str(file), reason=str(error)))
