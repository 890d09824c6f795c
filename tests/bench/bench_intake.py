"""Taking in exam files, against the bare tools: sqlite3's import, COPY, and a workbook's parser.

Each measure is a process of its own, so that its CPU and its memory are its own; this file is also
two of them: ``bench_intake.py read|bare FILE``. With ``--full`` it measures a million rows, and new
rows onto ten million.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve()
if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2])]

from exam_files import HEADER, Spent, rows, set_up, spent_by, started, taken_in, write  # noqa: E402
from figures import ROUNDS, Figure  # noqa: E402 -- found once the path is set

FULL = bool(os.environ.get("PORTAL_BENCH_FULL"))
MANY = 1_000_000 if FULL else 200_000
STORED = (10_000_000, 1_000_000) if FULL else (400_000, 40_000)
NEW, CELLS = 10_000, 100_000
MOST_MEGABYTES = 300
SQLITE = shutil.which("sqlite3") or "sqlite3"


def read(file: Path) -> None:
    """Read a workbook as the portal does, every row."""
    from portal.intake.files.reading import sheets_of  # noqa: PLC0415 -- the yardstick starts without it
    from portal.intake.files.source import Source  # noqa: PLC0415

    for sheet in sheets_of(Source.at(file), lambda _rows: 0):
        assert sum(1 for _ in sheet.rows) == CELLS + 1


def bare(file: Path) -> None:
    """Read a workbook with the parser alone."""
    import python_calamine  # noqa: PLC0415 -- measured on its own

    book = python_calamine.CalamineWorkbook.from_path(str(file))
    assert len(book.get_sheet_by_index(0).to_python()) == CELLS + 1


def imported(folder: Path) -> list[Figure]:
    """Return what a checked import costs, beside sqlite3's own import of the same file."""
    file, ready = folder / "many.csv", folder / "ready.db"
    write(file, 0, MANY)
    set_up(f"sqlite:///{ready}", folder)
    ours, bares = [], []
    for number in range(ROUNDS):
        copy, plain = folder / f"{number}.db", folder / f"bare{number}.db"
        shutil.copyfile(ready, copy)
        ours.append(taken_in(f"sqlite:///{copy}", file))
        bares.append(spent_by([SQLITE, str(plain), ".mode csv", f".import {file} exam"]))
        copy.unlink()
        plain.unlink()
    name = f"checked import of {MANY:,} rows of CSV"
    alone = "sqlite3 .import, nothing checked"
    peak = median(one.peak for one in ours)
    return [
        _line(name, _cpu(ours), alone, _cpu(bares), 2),
        _line("… its peak memory", peak, "allowed", MOST_MEGABYTES, 1, "MB"),
    ]


def grown(folder: Path) -> list[Figure]:
    """Return what new rows cost where much is stored, beside where little is."""
    new = folder / "new.csv"
    write(new, max(STORED), NEW)
    stores = [folder / f"stored{number}.db" for number in STORED]
    peaks = []
    for store, count in zip(stores, STORED, strict=True):
        set_up(f"sqlite:///{store}", folder)
        write(folder / "stored.csv", 0, count)
        peaks.append(taken_in(f"sqlite:///{store}", folder / "stored.csv").peak)
    taken: tuple[list[float], ...] = ([], [])
    for _ in range(ROUNDS):
        for store, spent in zip(stores, taken, strict=True):
            copy = shutil.copyfile(store, folder / "copy.db")
            spent.append(started(f"sqlite:///{copy}", new))
            copy.unlink()
    much, little = map(median, taken)
    return [
        _line(f"{NEW:,} new rows onto {STORED[0]:,}", much, f"onto {STORED[1]:,}", little, 1.2),
        _line(f"peak at {STORED[0]:,} rows", peaks[0], "allowed", MOST_MEGABYTES, 1, "MB"),
    ]


def workbooks(folder: Path) -> list[Figure]:
    """Return what reading a workbook costs, beside its parser alone."""
    from workbooks import xlsx  # noqa: PLC0415 -- only where files are made

    file = folder / "many.xlsx"
    table = [HEADER, *([str(cell) for cell in row] for row in rows(0, CELLS))]
    file.write_bytes(xlsx({"成绩": table}))
    taken: dict[str, list[Spent]] = {"read": [], "bare": []}
    for _ in range(ROUNDS):
        for what, spent in taken.items():
            spent.append(spent_by([sys.executable, str(HERE), what, str(file)]))
    ours, alone = taken.values()
    peak, least = (median(one.peak for one in spent) for spent in taken.values())
    name = "python-calamine alone"
    return [
        _line(f"XLSX of {CELLS:,} rows read", _cpu(ours), name, _cpu(alone), 2),
        _line("… its peak memory", peak, name, least, 1.3, "MB"),
    ]


def figures() -> list[Figure]:
    """Return what taking in costs, beside the bare tools."""
    found = []
    for part in (imported, grown, workbooks):
        with tempfile.TemporaryDirectory() as made:
            found += part(Path(made))
    return found


def _cpu(spent: list[Spent]) -> float:
    return median(one.cpu for one in spent)


def _line(
    name: str, value: float, yardstick: str, least: float, goal: float, unit: str = "s CPU"
) -> Figure:
    return Figure(
        name=name, value=value, unit=unit, yardstick=yardstick, yardstick_value=least, goal=goal
    )


if __name__ == "__main__":
    {"read": read, "bare": bare}[sys.argv[1]](Path(sys.argv[2]))
