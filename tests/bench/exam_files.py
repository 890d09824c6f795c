"""Exam files of invented candidates for the benchmarks, and the command that takes them in.

This file is also a process of its own: ``exam_files.py FILE`` takes a file in and tells the CPU of
that alone, without what Python needs to start.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
PLACES = 50
HEADER = (
    "ticket_no", "person_id", "name", "institution_code", "institution_name", "trade", "exam_kind",
    "attempt", "registered_on", "theory_on", "theory_score", "practical_on", "practical_score",
    "site", "status",
)  # fmt: skip
CODES = [f"P{number + 1:03d}" for number in range(PLACES)]
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"


def rows(first: int, count: int) -> Iterator[tuple[object, ...]]:
    """Yield results of invented candidates, every number valid; one in ten sits a second time."""
    for number in range(first, first + count):
        again = number % 10 == 9
        yield _row(number - 1 if again else number, 2 if again else 1)


def _row(number: int, attempt: int) -> tuple[object, ...]:
    born = date(1950, 1, 1) + timedelta(days=number // 999)
    body = f"310107{born:%Y%m%d}{number % 999 + 1:03d}"
    check = (1 - 2 * int(body, 13)) % 11
    day = date(2026, 1, 5) + timedelta(days=number % 120 + 30 * (attempt - 1))
    failed = number % 10 > 7 and attempt == 1
    signs = (_SURNAMES[number % 16], _GIVEN[number // 16 % 20], _GIVEN[number // 320 % 20])
    return (
        f"T{attempt}{number:09d}",
        body + ("X" if check == 10 else str(check)),
        "".join(signs),
        CODES[number % PLACES],
        "",
        "low-voltage-electrician" if number % 3 else "fusion-welding",
        "initial",
        attempt,
        day - timedelta(days=20),
        day,
        60 + number % 20 if failed else 80 + number % 21,
        day + timedelta(days=1),
        80 + number // 7 % 21,
        f"第{number % 7}考点",
        "normal",
    )


def write(file: Path, first: int, count: int) -> None:
    """Write a CSV file of ``count`` rows, the candidates numbered from ``first``."""
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows(first, count))


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: CPU seconds (user and system), wall seconds, peak megabytes."""

    cpu: float
    wall: float
    peak: float


def spent_by(command: list[str], **environment: str) -> Spent:
    """Run a command to its good end."""
    begun = perf_counter()
    process = subprocess.Popen(
        command, env=os.environ | environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(used.ru_utime + used.ru_stime, perf_counter() - begun, used.ru_maxrss / 1024)


def portal(address: str, *arguments: str) -> Spent:
    """Run a command of the portal on the database at ``address``."""
    return spent_by([sys.executable, "-m", "portal.cli.main", *arguments], **_site(address))


def set_up(address: str, folder: Path) -> None:
    """Make a site whose institutions are those of the files."""
    portal(address, "init", "--office", str(ROOT / "data/office/putuo.toml"))
    register = folder / "register.csv"
    lines = [f"{code},示例{code}安全培训中心,310107005" for code in CODES]
    register.write_text("\n".join(["institution_code,name,area_code", *lines, ""]), "utf-8")
    portal(address, "take-in", "institutions", str(register))


def taken_in(address: str, file: Path) -> Spent:
    """Take an exam file in, as the command does."""
    return portal(address, "take-in", "exams", str(file), "--json")


def started(address: str, file: Path) -> float:
    """Return the CPU seconds of taking a file in, once the command has started."""
    command = [sys.executable, __file__, str(file)]
    told = subprocess.check_output(command, env=os.environ | _site(address), cwd=ROOT)
    return float(told.split()[-1])


def _site(address: str) -> dict[str, str]:
    return {
        "PORTAL_DATABASE_URL": address,
        "PORTAL_PERSON_KEY": "person key of a benchmark",
        "PYTHONPATH": str(ROOT),
    }


def _here(file: str) -> float:
    from portal.cli.taking_in import take_in_command  # noqa: PLC0415 -- only in this process

    before = getrusage(RUSAGE_SELF)
    take_in_command.main(["exams", file, "--json"], standalone_mode=False)
    after = getrusage(RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.stdout.write(f"{_here(sys.argv[1])}\n")
