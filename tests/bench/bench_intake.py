"""Taking in exam files, against the bare tools: sqlite3's import, and the parser of workbooks.

Each measure runs in a process of its own, so that its CPU and its memory are its own. This file is
also that process: ``bench_intake.py WHAT FOLDER``.
"""

from __future__ import annotations

import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve()
if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2])]

from figures import Figure  # noqa: E402 -- found once the path is set

MANY, MORE, FEW = 100_000, 10_000, 1_000
ROUNDS = 3
PLACES = 50
SQLITE = shutil.which("sqlite3") or "sqlite3"


def rows(first: int, count: int) -> Iterator[tuple[object, ...]]:
    """Yield results of invented candidates, every number valid."""
    start = date(2026, 1, 5)
    for number in range(first, first + count):
        born = date(1960, 1, 1) + timedelta(days=number // 999)
        body = f"310107{born:%Y%m%d}{number % 999 + 1:03d}"
        check = (1 - 2 * int(body, 13)) % 11
        person = body + ("X" if check == 10 else str(check))
        day, good = start + timedelta(days=number % 150), number % 10 < 8
        trade = "low-voltage-electrician" if number % 3 else "fusion-welding"
        code = f"P{number % PLACES + 1:03d}"
        known = (f"T{number:09d}", person, "示例学员", code, "", trade, "initial", 1)
        scores = (day, 85 if good else 62, day + timedelta(days=1), 88 if good else 70)
        yield (*known, day - timedelta(days=20), *scores, f"第{number % 7}考点", "normal")


def write(folder: Path) -> None:
    """Write the files that are taken in."""
    from handed import EXAM_HEADER  # noqa: PLC0415 -- only where files are made
    from workbooks import xlsx  # noqa: PLC0415

    for name, first, count in (("many", 0, MANY), ("more", MANY, MORE), ("few", 0, FEW)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(EXAM_HEADER)
            writer.writerows(rows(first, count))
    table = [EXAM_HEADER, *([str(cell) for cell in row] for row in rows(0, MANY))]
    (folder / "many.xlsx").write_bytes(xlsx({"成绩": table}))


def spent() -> float:
    """Return the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def take(folder: Path, *names: str) -> float:
    """Take files in, one after the other, into a new database; return the CPU of the last one."""
    from handed import AT, Hand  # noqa: PLC0415 -- the yardsticks start without the portal

    from portal.casework.setting_up import set_up  # noqa: PLC0415
    from portal.domain.people import OPERATOR  # noqa: PLC0415
    from portal.intake.files.formats import Kind  # noqa: PLC0415
    from portal.intake.files.source import Source  # noqa: PLC0415
    from portal.intake.taking_in import check_file, take_in  # noqa: PLC0415
    from portal.rules.office import load_office  # noqa: PLC0415
    from portal.store.schema import upgrade  # noqa: PLC0415
    from portal.store.session import make_engine, reading, transaction  # noqa: PLC0415

    engine = make_engine(f"sqlite:///{tempfile.mkdtemp(dir=folder)}/portal.db")
    upgrade(engine)
    text = (HERE.parents[2] / "data/office/putuo.toml").read_text("utf-8")
    with transaction(engine) as session:
        set_up(session, text, AT)
    hand = Hand(engine, load_office(text))
    hand.register(*(f"P{number + 1:03d}" for number in range(PLACES)))
    begun = spent()
    for name in names:
        begun = spent()
        with reading(engine) as session:
            source = Source.at(folder / name)
            handed = check_file(session, hand.counter(), Kind.EXAMS, source)
        with transaction(engine) as session:
            assert take_in(session, OPERATOR, hand.counter(), handed).refused == 0
    used = spent() - begun
    engine.dispose()
    return used


def read(folder: Path) -> float:
    """Read the workbook as the portal does, every row; return the CPU."""
    from portal.intake.files.reading import sheets_of  # noqa: PLC0415 -- the yardstick starts without it
    from portal.intake.files.source import Source  # noqa: PLC0415

    begun = spent()
    for sheet in sheets_of(Source.at(folder / "many.xlsx"), lambda _rows: 0):
        assert sum(1 for _ in sheet.rows) == MANY + 1
    return spent() - begun


def bare(folder: Path) -> float:
    """Read the workbook with the parser alone; return the CPU."""
    import python_calamine  # noqa: PLC0415 -- measured on its own

    begun = spent()
    book = python_calamine.CalamineWorkbook.from_path(str(folder / "many.xlsx"))
    assert len(book.get_sheet_by_index(0).to_python()) == MANY + 1
    return spent() - begun


MEASURES: dict[str, Any] = {
    "take": lambda folder: take(folder, "many.csv"),
    "onto many": lambda folder: take(folder, "many.csv", "more.csv"),
    "onto few": lambda folder: take(folder, "few.csv", "more.csv"),
    "read": read,
    "bare": bare,
}


def measured(what: str, folder: Path) -> tuple[float, float]:
    """Return the median CPU seconds, and the peak megabytes, of a measure."""
    command = [sys.executable, str(HERE), what, str(folder)]
    told = [json.loads(subprocess.check_output(command)) for _ in range(ROUNDS)]
    return median(one[0] for one in told), median(one[1] for one in told)


def imported(folder: Path) -> float:
    """Return the median CPU seconds of sqlite3's own import of the same file."""
    taken = []
    for number in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        script = [".mode csv", f".import {folder / 'many.csv'} exam"]
        subprocess.run([SQLITE, str(folder / f"bare{number}.db"), *script], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(taken)


def figures() -> list[Figure]:
    """Return what taking in costs, beside the bare tools."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        subprocess.run([sys.executable, str(HERE), "write", made], check=True)
        found = {what: measured(what, folder) for what in MEASURES}
        yardstick = imported(folder)
    (cpu, mb), (bare_cpu, bare_mb) = found["read"], found["bare"]
    alone = "python-calamine alone"
    return [
        _line(f"checked import of {MANY:,} rows of CSV", found["take"][0], _BARE, yardstick, 2),
        _line(
            f"{MORE:,} new rows onto {MANY:,}",
            found["onto many"][0],
            f"onto {FEW:,}",
            found["onto few"][0],
            1.2,
        ),
        _line(f"XLSX of {MANY:,} rows read", cpu, alone, bare_cpu, 2),
        replace(_line("… its peak memory", mb, alone, bare_mb, 1.3), unit="MB"),
    ]


_BARE = "sqlite3 .import, nothing checked"


def _line(name: str, value: float, yardstick: str, yardstick_value: float, goal: float) -> Figure:
    return Figure(
        name=name,
        value=value,
        unit="s CPU",
        yardstick=yardstick,
        yardstick_value=yardstick_value,
        goal=goal,
    )


if __name__ == "__main__":
    what, place = sys.argv[1], Path(sys.argv[2])
    if what == "write":
        write(place)
    else:
        used = MEASURES[what](place)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps([used, peak]))
