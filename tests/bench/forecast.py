"""How well do rates of one year tell the next? Real counts, every method on the same schools.

``forecast.py [DOCUMENT]`` prints the tables; with a document it writes them between its marks.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log
from pathlib import Path

from portal.domain.ranking.intervals import wilson
from portal.domain.ranking.model import figures
from portal.domain.ranking.values import Cell, settings_of
from portal.rules.rulebook import rules_on

ROOT = Path(__file__).parents[2]
COUNTS = ROOT / "data" / "real" / "pt_imt_driving_school_exams_2015_2019.csv"
PARTS = {"theory": "t", "practical": "d"}
BEGIN, END = "<!-- forecast: begin -->", "<!-- forecast: end -->"
SIZES = ((1, 9), (10, 29), (30, 99), (100, 299), (300, None))
NEAREST = 0.001
"""How near to 0 or 1 a forecast may come: the log loss of a certain error is infinite."""
METHODS = (
    "everybody's average",
    "raw rate",
    "Wilson lower bound",
    "Wilson middle",
    "this method, the year alone",
    "this method, its window",
)
Years = Mapping[int, Mapping[str, tuple[int, int]]]
"""Year → school → trials and successes."""


@dataclass(slots=True)
class Loss:
    """Sums over candidates of the year foretold; ``schools`` counts schools and years."""

    schools: int = 0
    candidates: int = 0
    log_loss: float = 0.0
    squares: float = 0.0

    def add(self, forecast: float, trials: int, successes: int) -> None:
        """Hold a forecast against what came."""
        p = min(1 - NEAREST, max(NEAREST, forecast))
        self.schools += 1
        self.candidates += trials
        self.log_loss -= successes * log(p) + (trials - successes) * log(1 - p)
        self.squares += trials * (successes / trials - forecast) ** 2


Losses = dict[tuple[int, str], Loss]


def counts_of(part: str) -> Years:
    """Return the counts of one part of the exam; empty and zero cells are no data."""
    found: dict[int, dict[str, tuple[int, int]]] = {}
    with COUNTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            done, passed = row[f"{part}_done"], row[f"{part}_passed"]
            if done and passed and float(done) > 0:
                of_year = found.setdefault(int(row["year"]), {})
                of_year[row["inst_key"]] = (int(float(done)), int(float(passed)))
    return found


def forecasts(years: Years, year: int) -> dict[str, Callable[[str], float]]:
    """Return each method's forecast for a school, from what was known at the end of ``year``."""
    known = years[year]
    alone = fitted({school: [(1.0, *counts)] for school, counts in known.items()})
    window = fitted({school: _window(years, year, school) for school in known})
    trials, successes = (sum(each) for each in zip(*known.values(), strict=True))

    def bounds(school: str) -> tuple[float, float]:
        return wilson(known[school][1], known[school][0], 0.95)

    return {
        "everybody's average": lambda _: successes / trials,
        "raw rate": lambda school: known[school][1] / known[school][0],
        "Wilson lower bound": lambda school: bounds(school)[0],
        "Wilson middle": lambda school: sum(bounds(school)) / 2,
        "this method, the year alone": alone.__getitem__,
        "this method, its window": window.__getitem__,
    }


def _window(years: Years, year: int, school: str) -> list[tuple[float, int, int]]:
    rules = rules_on(date(2026, 1, 1)).ranking
    back = range(rules.window_periods)
    return [
        (rules.discount_per_year**steps, *years[year - steps][school])
        for steps in back
        if school in years.get(year - steps, {})
    ]


def fitted(told: Mapping[str, list[tuple[float, int, int]]]) -> dict[str, float]:
    """Return the published rate of each school from its discounted counts."""
    settings = settings_of(rules_on(date(2026, 1, 1)).ranking)
    cells = [
        Cell(school, "", sum(w * n for w, n, _ in rows), sum(w * y for w, _, y in rows))
        for school, rows in told.items()
    ]
    return {one.institution: one.rate or 0.0 for one in figures(cells, settings).items}


def losses(years: Years) -> Losses:
    """Return the losses of every size and method over all pairs of years."""
    found = {(at, name): Loss() for at in range(len(SIZES) + 1) for name in METHODS}
    for year in sorted(years):
        if year + 1 not in years:
            continue
        methods = forecasts(years, year)
        for school in sorted(years[year].keys() & years[year + 1].keys()):
            came = years[year + 1][school]
            for place in (0, 1 + size_of(years[year][school][0])):
                for name, method in methods.items():
                    found[place, name].add(method(school), *came)
    return found


def size_of(trials: int) -> int:
    """Return the place of the size among the sizes."""
    return next(at for at, (_, most) in enumerate(SIZES) if most is None or trials <= most)


def table(part: str, found: Losses) -> str:
    """Return the table of one part of the exam in Markdown; the smallest loss of a row is bold."""
    heads = ["candidates this year", "schools × years", *METHODS]
    lines = [f"**{part.capitalize()}**", ""]
    for title, digits, of in (
        ("log loss per candidate", 4, lambda one: one.log_loss / one.candidates),
        (
            "mean squared error, percentage points²",
            1,
            lambda one: 1e4 * one.squares / one.candidates,
        ),
    ):
        lines += [f"{title.capitalize()}:", "", _row(heads), _row(["---"] + ["--:"] * 7)]
        lines += [_of_size(at, found, (of, digits)) for at in range(len(SIZES) + 1)]
        lines.append("")
    return "\n".join(lines)


def _of_size(at: int, found: Losses, what: tuple[Callable[[Loss], float], int]) -> str:
    named = "all" if at == 0 else _named(*SIZES[at - 1])
    of, digits = what
    values = [of(found[at, name]) for name in METHODS]
    told = [f"{value:.{digits}f}" for value in values]
    best = min(range(len(values)), key=values.__getitem__)
    told[best] = f"**{told[best]}**"
    return _row([named, f"{found[at, METHODS[0]].schools:,}", *told])


def _named(least: int, most: int | None) -> str:
    return f"{least}–{most}" if most else f"{least} or more"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def report() -> str:
    """Return all tables."""
    return "\n".join(table(name, losses(counts_of(part))) for name, part in PARTS.items())


def main() -> None:
    """Print the tables, or write them into the document."""
    text = report()
    if len(sys.argv) < 2:  # no document
        sys.stdout.write(text)
        return
    document = Path(sys.argv[1])
    before, _, rest = document.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    document.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
