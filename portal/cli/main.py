"""The command ``portal``: every act of an operator is one word behind it.

A command's module is imported when the command is called: a short one does not wait for the rest.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click
from sqlalchemy.exc import DatabaseError

from portal.cli.ground import both, refuse
from portal.domain.errors import PortalError
from portal.settings import SettingsError

COMMANDS = {
    "init": "portal.cli.setting_up:init",
    "add-person": "portal.cli.people:add_person_command",
    "take-back": "portal.cli.taking_in:take_back_command",
    "take-in": "portal.cli.taking_in:take_in_command",
    "rank": "portal.cli.rank:rank",
    "compose": "portal.cli.editions:compose",
    "publish": "portal.cli.editions:publish",
    "verify": "portal.cli.editions:verify",
    "rotate-key": "portal.cli.keys:rotate_key",
    "demo": "portal.cli.demonstration:demo",
}


class Commands(click.Group):
    """The commands by name, each found in its own module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of an operator's day."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name; None if there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found


@click.command(cls=Commands)
def portal() -> None:
    """Run the training-institution transparency portal."""


def main() -> None:
    """Run a command; what goes wrong is said in words, never as a traceback."""
    as_json = "--json" in sys.argv
    try:
        portal()
    except PortalError as error:
        refuse(both(error.key, **error.facts), as_json=as_json)
    except SettingsError as error:
        refuse(str(error), as_json=as_json)
    except DatabaseError as error:
        refuse(both("operator.database", reason=str(error.orig)), as_json=as_json)


if __name__ == "__main__":
    main()
