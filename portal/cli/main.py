"""The command ``portal``: every act of an operator is one word behind it."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import DatabaseError

from portal.cli.demonstration import demo
from portal.cli.editions import compose, publish, verify
from portal.cli.ground import REFUSED, both
from portal.cli.people import add_person_command
from portal.cli.rank import rank
from portal.cli.setting_up import init
from portal.cli.taking_in import take_in_command
from portal.domain.errors import PortalError
from portal.settings import SettingsError


@click.group()
def portal() -> None:
    """Run the training-institution transparency portal."""


portal.add_command(compose)
portal.add_command(demo)
portal.add_command(init)
portal.add_command(rank)
portal.add_command(add_person_command)
portal.add_command(take_in_command)
portal.add_command(publish)
portal.add_command(verify)


def main() -> None:
    """Run a command; what goes wrong is said in words, never as a traceback."""
    try:
        portal()
    except PortalError as error:
        click.echo(both(error.key, **error.facts), err=True)
        sys.exit(REFUSED)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(REFUSED)
    except DatabaseError as error:
        click.echo(both("operator.database", reason=str(error.orig)), err=True)
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
