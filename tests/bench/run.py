"""The runner behind ``scripts/bench``: ``run.py [--json FILE] [--full] [SECTION…]``.

A section is a file ``bench_<section>.py`` beside this one with ``figures() -> list[Figure]``. Each
runs in a process of its own, so that none pays for what another has loaded.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PREFIX = "bench_"
sys.path.append(str(HERE.parent))
VERDICTS = {True: "reached", False: "missed", None: ""}
Line = dict[str, Any]


def sections() -> list[str]:
    """Return the names of all sections."""
    return sorted(path.stem.removeprefix(PREFIX) for path in HERE.glob(f"{PREFIX}*.py"))


def measured_here(section: str) -> list[Line]:
    """Return the section's figures, measured in this process."""
    found = import_module(PREFIX + section).figures()
    return [
        {"section": section, **asdict(figure), "ratio": figure.ratio, "reached": figure.reached}
        for figure in found
    ]


def measured(section: str) -> list[Line]:
    """Return the section's figures, measured in a process of its own."""
    command = [sys.executable, __file__, "--measure", section]
    lines: list[Line] = json.loads(subprocess.check_output(command))
    return lines


def table(lines: list[Line]) -> str:
    """Return the figures as aligned text."""
    rows = [("", "measured", "yardstick", "", "ratio", "goal", "")]
    rows += [
        (
            f"{line['section']}: {line['name']}",
            f"{line['value']:.4g} {line['unit']}",
            f"{line['yardstick_value']:.4g} {line['unit']}",
            line["yardstick"],
            f"{line['ratio']:.2f}",
            "" if line["goal"] is None else f"{line['goal']:.2f}",
            VERDICTS[line["reached"]],
        )
        for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligned = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return "\n".join("  ".join(row).rstrip() for row in aligned) + "\n"


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(sections()))
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--full", action="store_true", help="files of millions of rows: an hour")
    parser.add_argument("--measure", choices=sections(), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.full:
        os.environ["PORTAL_BENCH_FULL"] = "1"
    if wanted.measure:
        sys.stdout.write(json.dumps(measured_here(wanted.measure)))
        return
    unknown = set(wanted.sections) - set(sections())
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    lines = [line for section in wanted.sections or sections() for line in measured(section)]
    sys.stdout.write(table(lines))
    if wanted.json:
        wanted.json.write_text(json.dumps(lines, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
