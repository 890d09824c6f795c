"""Changing the key that signs editions."""

from __future__ import annotations

import click

from portal.cli.ground import both, ground, refuse, tell
from portal.domain.errors import PortalError
from portal.domain.people import OPERATOR
from portal.publication.editions.rotation import rotate


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rotate_key(*, as_json: bool) -> None:
    """Let a new key sign editions from now on; the present one vouches for it."""
    try:
        with ground() as here:
            row = rotate(here.session, OPERATOR, here.settings.data_dir, here.at)
            facts: dict[str, object] = {
                "key": row.public_key,
                "before": row.before,
                "endorsement": row.endorsement,
            }
    except PortalError as error:
        refuse(both(error.key, **error.facts), as_json=as_json)
    words = both("key.rotated", new=str(facts["key"]), before=str(facts["before"]))
    tell(facts, words, as_json=as_json)
