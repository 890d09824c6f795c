"""Signals from tallies: only what chance hardly explains, and thresholds from the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from invented_counts import Kind, world

from portal.domain.ranking.case_mix import case_mix
from portal.domain.ranking.signal import case_mix_funnel
from portal.metrics.inputs import Count
from portal.metrics.signals import CANDIDATES, Cell, all_passed, crowds_at, drops
from portal.rules.rulebook import rules_on

RULES = rules_on(date(2026, 6, 1)).signals


def count(period: str, registered: int, sat: int, institution: str = "a") -> Count:
    return Count(
        trade="t",
        institution=institution,
        period=period,
        registered=registered,
        sat=sat,
        sat_first=sat,
        passed_first=sat,
        passed=sat,
    )


def test_a_fall_in_participation_is_a_signal_only_beyond_chance() -> None:
    before = [count("2025-H1", 200, 190), count("2025-H2", 200, 188)]
    assert not drops([*before, count("2026-H1", 100, 93)], "2026-H1", RULES)
    (found,) = drops([*before, count("2026-H1", 100, 75)], "2026-H1", RULES)
    assert (found.share, found.share_before) == (0.75, 378 / 400)
    assert not drops([count("2026-H1", 100, 75)], "2026-H1", RULES)
    assert not drops([*before, count("2026-H1", 8, 7)], "2026-H1", RULES)


def test_everybody_passing_is_a_signal_only_where_chance_hardly_explains_it() -> None:
    rest = [Cell(institution=f"{at}", trade="t", trials=100, successes=80) for at in range(5)]
    many = Cell(institution="x", trade="t", trials=60, successes=60)
    few = Cell(institution="y", trade="t", trials=29, successes=29)
    (found,) = all_passed([*rest, many, few], RULES)
    assert (found.institution, found.trials) == ("x", 60)
    assert found.chance == pytest.approx((489 / 589) ** 60)
    easy = [replace(one, successes=99) for one in rest]
    assert not all_passed([*easy, many], RULES)


def test_crowds_compare_both_sides_of_a_threshold() -> None:
    (even,) = crowds_at([10], [6, 7, 9, 10, 11, 13, 40], CANDIDATES, RULES)
    assert (even.below, even.above, even.is_signal) == (3, 3, False)
    (crowd,) = crowds_at([10], [10, 11, 12] * 4, CANDIDATES, RULES)
    assert crowd.is_signal
    assert crowd.chance == pytest.approx(2**-12)
    (nothing,) = crowds_at([10], [], CANDIDATES, RULES)
    assert (nothing.chance, nothing.is_signal) == (1.0, False)


def test_trades_are_allowed_for() -> None:
    """Two institutions that are average in an easy and a hard trade are both average."""
    found = case_mix(
        np.array([0, 1, 2, 3]),
        np.array([0, 1, 0, 1]),
        np.array([100.0, 100, 100, 100]),
        np.array([95.0, 60, 95, 60]),
    )
    assert found.share == pytest.approx(np.full(4, found.centre), abs=0.01)


def test_the_funnel_flags_few_of_identical_institutions() -> None:
    zones = []
    for seed in range(40):
        cells = world(Kind(spread=0.0, cells=0.3), seed).cells
        known = [
            (one.institution, one.stratum, int(one.trials), int(one.successes))
            for one in cells
            if one.trials
        ]
        zones += [place[5] for place in case_mix_funnel(known)[1]]
    flagged = sum(zone.endswith("998") for zone in zones) / len(zones)
    assert flagged <= 0.02


def test_the_farthest_out_comes_first_and_is_outside() -> None:
    cells = [(f"{at:02}", "t", 200, 160 + at % 5) for at in range(20)]
    _, places, limits = case_mix_funnel([*cells, ("worst", "t", 400, 200)])
    assert places[0][0] == "worst"
    assert places[0][5] == "low_998"
    assert all(row[3] <= row[1] <= row[2] <= row[4] for row in limits)
