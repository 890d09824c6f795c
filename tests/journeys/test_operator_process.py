"""The command as an operator calls it: a process of its own, on a machine with nothing yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.settings import ROOT

REGISTER = """\
institution_code,name,name_en,former_names,credit_code,area_code,address,phone,opened_on,closed_on,trades
A01,示例甲安全培训中心,,,,310107005,示例路1号,000-1,2010-01-01,,low-voltage-electrician
"""


class Machine:
    """A folder with its own environment, and ``portal`` in it."""

    def __init__(self, folder: Path) -> None:
        """Name database, data folder and secrets."""
        self.folder = folder
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "PORTAL_DATA_DIR": str(folder / "data"),
            "PORTAL_SECRET_KEY": "s" * 32,
            "PORTAL_PERSON_KEY": "p" * 32,
        }

    def __call__(self, *words: str, said: str = "") -> tuple[int, str, str]:
        """Return the exit status and what came out on both channels."""
        done = subprocess.run(
            [sys.executable, "-m", "portal.cli.main", *words],
            cwd=self.folder,
            env=self.environ,
            input=said,
            text=True,
            capture_output=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    def facts(self, *words: str, status: int = 0) -> dict[str, Any]:
        """Return the one JSON object of a command that ends with ``status``."""
        ended, told, _ = self(*words, "--json")
        assert ended == status
        found: dict[str, Any] = json.loads(told)
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine that has nothing yet."""
    return Machine(tmp_path)


def test_before_it_is_set_up_every_command_says_what_to_run(machine: Machine) -> None:
    assert "portal init" in machine.facts("compose", "2025-H1", status=1)["error"]


def test_a_wrong_setting_is_said_as_json_too(machine: Machine) -> None:
    machine.environ["PORTAL_NOW"] = "tomorrow"
    assert "PORTAL_NOW" in machine.facts("compose", "2025-H1", status=1)["error"]


def test_from_nothing_to_a_register_and_a_person(machine: Machine) -> None:
    file = machine.folder / "register.csv"
    file.write_text(REGISTER, "utf-8")
    assert machine("init")[0] == 0
    first = machine.facts("take-in", "institutions", str(file))
    assert (first["accepted"], first["already_taken_in"]) == (1, False)
    again = machine.facts("take-in", "institutions", str(file))
    assert (again["receipt"], again["already_taken_in"]) == (first["receipt"], True)
    status, told, _ = machine("add-person", "ann", "--role", "institution", "--institution", "A01")
    assert status == 0
    assert "凭条码" in told
    assert "A01" not in machine("demo", "--portugal")[1]
    assert machine("demo", "--portugal")[0] == 1
