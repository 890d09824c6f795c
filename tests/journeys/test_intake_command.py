"""The command ``portal take-in``: its JSON, its exit status, its list of refusals."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from handed import EXAM_HEADER, Hand, csv_of, exam, identity_number

from portal.cli.main import portal
from portal.domain.errors import PortalError
from portal.settings import ROOT, Settings

Command = Callable[..., tuple[int, str, str]]
CELL = ("low-voltage-electrician", "2026-H1")
KEYS = {
    "receipt", "sha256", "rows_read", "accepted", "merged", "refused", "skipped",
    "already_taken_in",
}  # fmt: skip


@pytest.fixture
def command(settings: Settings, hand: Hand) -> Command:
    """Return what runs ``portal`` on the test's database."""
    del hand
    environ = {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_PERSON_KEY": settings.person_key or "",
    }

    def run(*words: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(portal, words, env=environ)
        if isinstance(result.exception, PortalError):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


def facts(said: str) -> dict[str, Any]:
    """Return the JSON object, which must reconcile."""
    found: dict[str, Any] = json.loads(said)
    assert found.keys() >= KEYS
    assert found["rows_read"] == found["accepted"] + found["merged"] + found["refused"]
    return found


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return a file of three good rows."""
    path = tmp_path / "good.csv"
    path.write_bytes(csv_of([exam(1), exam(2), exam(3)]))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Return a file with one good row of three."""
    path = tmp_path / "bad.csv"
    rows = [exam(4), exam(5, person_id=identity_number(5)[:17]), exam(6, site="=cmd|'/C calc'!A0")]
    path.write_bytes(csv_of(rows))
    return path


def test_a_good_file_and_the_same_again(command: Command, good: Path, hand: Hand) -> None:
    status, said, _ = command("take-in", "exams", str(good), "--json")
    first = facts(said)
    assert status == 0
    assert (first["accepted"], first["already_taken_in"]) == (3, False)
    status, said, _ = command("take-in", "exams", str(good), "--json")
    again = facts(said)
    assert status == 0
    assert (again["receipt"], again["accepted"]) == (first["receipt"], 0)
    assert again["already_taken_in"] is True
    assert again["sha256"] == first["sha256"]
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}


def test_a_dry_run_changes_nothing(command: Command, good: Path, bad: Path, hand: Hand) -> None:
    status, said, _ = command("take-in", "exams", str(good), "--dry-run", "--json")
    assert status == 0
    assert facts(said)["receipt"] is None
    status, said, _ = command("take-in", "exams", str(bad), "--dry-run", "--json")
    assert status == 1
    assert facts(said)["refused"] == 2
    assert hand.counted() == {}


def test_refused_rows_stop_the_file_and_partial_takes_the_rest(
    command: Command,
    bad: Path,
    tmp_path: Path,
    hand: Hand,
) -> None:
    out = tmp_path / "refusals.csv"
    status, said, words = command("take-in", "exams", str(bad), "--refusals", str(out), "--json")
    found = facts(said)
    assert status == 1
    assert (found["receipt"], found["accepted"], found["refused"]) == (None, 1, 2)
    assert hand.counted() == {}
    with out.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["row"], line["column"], line["rule"]) for line in lines] == [
        ("3", "person_id", "person.length"), ("4", "site", "cell.formula"),
    ]  # fmt: skip
    assert lines[1]["raw"].startswith("'=cmd")
    text = out.read_text(encoding="utf-8") + said + words
    assert identity_number(5)[:17] not in text
    status, said, _ = command("take-in", "exams", str(bad), "--partial", "--json")
    assert status == 0
    assert facts(said)["refused"] == 2
    assert hand.counted() == {CELL: (1, 1, 1, 1, 1)}


def test_words_in_both_languages_without_json(command: Command, bad: Path) -> None:
    status, said, words = command("take-in", "exams", str(bad))
    assert status == 1
    assert "第 3 行" in words
    assert "line 3" in words
    assert "什么都没有写入" in said
    assert "nothing was written" in said


def test_a_file_that_cannot_be_read_is_refused_with_one_object(
    command: Command,
    tmp_path: Path,
) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    status, said, words = command("take-in", "exams", str(path), "--json")
    found = facts(said)
    assert status == 1
    assert found["error"]["rule"] == "intake.file.empty"
    assert "empty" in words


def test_a_wrong_call_is_told_from_a_refusal(command: Command, good: Path) -> None:
    assert command("take-in", "nonsense", str(good))[0] == 2
    assert command("take-in", "exams", "/no/such/file.csv")[0] == 2


def test_exams_need_the_person_key(settings: Settings, hand: Hand, good: Path) -> None:
    environ = {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_PERSON_KEY": "",
    }
    result = CliRunner().invoke(portal, ["take-in", "exams", str(good), "--json"], env=environ)
    assert result.exit_code == 1
    assert "PORTAL_PERSON_KEY" in result.stderr
    assert hand.counted() == {}


def test_the_command_runs_in_a_process_of_its_own(
    settings: Settings, hand: Hand, good: Path
) -> None:
    # Only so is it seen that the command brings every table that it needs with it.
    environ = os.environ | {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_PERSON_KEY": settings.person_key or "",
    }
    words = [sys.executable, "-m", "portal.cli.main", "take-in", "exams", str(good), "--json"]
    run = subprocess.run(words, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert facts(run.stdout)["accepted"] == 3
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}


def test_a_corrected_file_and_taking_back_at_the_command_line(
    command: Command, good: Path, tmp_path: Path, hand: Hand
) -> None:
    number = facts(command("take-in", "exams", str(good), "--json")[1])["receipt"]
    new = tmp_path / "new.csv"
    new.write_bytes(csv_of([exam(1), exam(2, theory_score=60)]))
    words = ("take-in", "exams", str(new), "--corrects", number, "--json")
    status, said, _ = command(*words)
    assert (status, json.loads(said)["error"]["rule"]) == (1, "intake.no_reason")
    second = facts(command(*words, "--reason", "示例")[1])
    assert (second["accepted"], second["merged"], second["withdrawn"]) == (1, 1, 1)
    assert hand.counted() == {CELL: (2, 2, 2, 1, 1)}
    status, said, _ = command("take-back", second["receipt"], "--reason", "示例", "--json")
    assert (status, json.loads(said)["undone"]) == (0, True)
    assert hand.counted() == {CELL: (3, 3, 3, 3, 3)}
    assert command("take-back", second["receipt"], "--reason", "示例", "--json")[0] == 1


def test_a_file_s_own_words_are_learned_at_the_command_line(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "strange.csv"
    header = [key.replace("person_id", "本人编号") for key in EXAM_HEADER]
    row = exam(1, institution_code="", institution_name="示例简称")
    file.write_bytes(csv_of([row | {"本人编号": row["person_id"]}], header))
    assert command("take-in", "exams", str(file), "--json")[0] == 1
    learned = ("--column", "本人编号=person_id", "--name", "示例简称=P001")
    status, said, _ = command("take-in", "exams", str(file), "--json", *learned)
    assert (status, facts(said)["accepted"]) == (0, 1)
    assert command("take-in", "exams", str(file), "--name", "无等号")[0] == 2
