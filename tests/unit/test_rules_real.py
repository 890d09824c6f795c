"""The real figures carried in data/real add up to what their README says."""

from __future__ import annotations

import csv
from collections import defaultdict
from statistics import median

import pytest

from portal.settings import ROOT

REAL = ROOT / "data" / "real"

PORTUGAL = {
    2015: (176_487, 126_312, 181_441, 126_184),
    2016: (171_613, 122_415, 188_410, 131_204),
    2017: (182_951, 130_744, 195_042, 136_162),
    2018: (183_869, 131_381, 198_780, 139_566),
    2019: (182_599, 129_075, 201_243, 140_915),
}


def rows(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_is_named_in_the_readme() -> None:
    readme = (REAL / "README.md").read_text("utf-8")
    for file in REAL.glob("*.csv"):
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{file.name}`"))
        assert line.split("|")[2].strip() == f"{len(rows(file.name)):,}"


def test_portugal_adds_up_by_year_and_part() -> None:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows("pt_imt_driving_school_exams_2015_2019.csv"):
        for place, column in enumerate(("t_done", "t_passed", "d_done", "d_passed")):
            sums[int(row["year"])][place] += int(row[column] or 0)
    assert {year: tuple(found) for year, found in sums.items()} == PORTUGAL
    readme = (REAL / "README.md").read_text("utf-8")
    for t_sat, t_passed, d_sat, d_passed in PORTUGAL.values():
        assert f"| {t_sat:,} / {t_passed:,} | {d_sat:,} / {d_passed:,} |" in readme


def test_the_directory_names_every_district() -> None:
    directory = rows("pt_imt_driving_school_directory_2024-01.csv")
    assert len({row["district"] for row in directory}) == 18
    assert len({row["municipality"] for row in directory}) == 249


def test_satisfaction_adds_up() -> None:
    counts = [
        int(row["n_completed"]) for row in rows("us_cms_hcahps_satisfaction_2016q4_2017q3.csv")
    ]
    assert (sum(counts), median(counts)) == (2_957_668, 426)


def test_xiangyang_is_the_weighted_mean_of_its_categories() -> None:
    xiangyang = [row for row in rows("cn_public_exam_facts.csv") if row["region"] == "襄阳市"]
    whole, *rest = xiangyang
    parts = [row for row in rest if row["category"] not in {"主要负责人", "安全生产管理人员"}]
    sat = [int(row["sat"]) for row in parts]
    rates = [float(row["published_rate_pct"]) for row in parts]
    assert sum(sat) == int(whole["sat"]) == 25_588
    mean = sum(n * rate for n, rate in zip(sat, rates, strict=True)) / sum(sat)
    assert mean == pytest.approx(float(whole["published_rate_pct"]), abs=0.005)
