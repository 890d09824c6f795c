"""The reference values that the method is held to, and its edge cases."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from portal.domain.ranking.draws import draw_rates
from portal.domain.ranking.funnel import Q95, Q998, adjusted_scores, funnel, limits
from portal.domain.ranking.intervals import wilson
from portal.domain.ranking.model import figures
from portal.domain.ranking.posterior import posterior
from portal.domain.ranking.ranks import Question, rank_draws
from portal.domain.ranking.rates import rate_ranges
from portal.domain.ranking.values import Cell, settings_of
from portal.rules.rulebook import rules_on

USUAL = settings_of(rules_on(date(2026, 6, 1)).ranking)

REFERENCE = Path(__file__).parents[1] / "reference"
# The reference takes the level for normal. Where 5 of 5 passed that matters: the exact mean, which
# test_ranking_exact checks by brute force, is .9667, the reference's .959.
SKEWED = {("all_pass_small_vs_large", "i1"): 0.008}


def reference(name: str) -> dict[str, Any]:
    """Return a reference file."""
    found: dict[str, Any] = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    return found


NEWCOMBE = reference("newcombe_intervals.json")
FUNNEL = reference("funnel_funnelplotr.json")
CASES: dict[str, Any] = reference("edge_cases.json")["cases"]


@pytest.mark.parametrize("row", NEWCOMBE["rows"] + NEWCOMBE["secondary_rows"])
def test_wilson_as_published(row: dict[str, float]) -> None:
    assert wilson(row["k"], row["n"], 0.95) == pytest.approx((row["lo"], row["hi"]), abs=5e-5)


@pytest.mark.parametrize("row", NEWCOMBE["computed_here"])
def test_wilson_at_other_levels(row: dict[str, Any]) -> None:
    assert wilson(row["k"], row["n"], row["conf"]) == pytest.approx(row["wilson"], abs=1e-6)


def test_wilson_without_trials_knows_nothing() -> None:
    assert wilson(0, 0, 0.95) == (0.0, 1.0)


def test_funnel_as_funnelplotr() -> None:
    found = funnel(FUNNEL["surgical_survivors"], FUNNEL["surgical_n"])
    known = FUNNEL["output"]["surgical_survival_PR"]
    assert found.scores == pytest.approx(known["z"], abs=1e-6)
    assert found.winsorised == pytest.approx(known["wz"], abs=1e-6)
    assert found.dispersion == pytest.approx(known["phi"], abs=1e-6)
    assert found.between == pytest.approx(known["tau2"], abs=1e-6)


@pytest.mark.parametrize("q", [Q95, Q998])
def test_funnel_limits_as_funnelplotr(q: float) -> None:
    found = funnel(FUNNEL["surgical_survivors"], FUNNEL["surgical_n"])
    name = "95" if q == Q95 else "998"
    for row in FUNNEL["output"]["limits_od"]:
        low, high = limits(found, row["number_seq"], q)
        assert (low, high) == pytest.approx((row[f"odll{name}"], row[f"odul{name}"]), abs=1e-6)


@pytest.mark.parametrize("q", [Q95, Q998])
def test_unadjusted_funnel_limits_as_funnelplotr(q: float) -> None:
    """The 95 % limits of FunnelPlotR pass a right angle at n = 10; ours stop at a share of 1."""
    found = funnel(FUNNEL["surgical_survivors"], FUNNEL["surgical_n"])
    name = "95" if q == Q95 else "998"
    for row in FUNNEL["output"]["limits_unadjusted"]:
        low, high = limits(found, row["number_seq"], q, adjusted=False)
        past = np.arcsin(np.sqrt(found.centre)) + q * row["s"] > np.pi / 2
        assert low == pytest.approx(row[f"ll{name}"], abs=1e-6)
        assert high == pytest.approx(1.0 if past else row[f"ul{name}"], abs=1e-6)


def test_adjusted_scores_divide_by_both_errors() -> None:
    trials = FUNNEL["surgical_n"]
    found = funnel(FUNNEL["surgical_survivors"], trials)
    assert adjusted_scores(found, trials) == pytest.approx(FUNNEL["own_z_od"], abs=1e-6)


def cells(case: dict[str, Any]) -> list[Cell]:
    """Return the cells of an edge case."""
    return [Cell(name, stratum, n, y) for name, stratum, n, y in case["input"]]


@pytest.mark.parametrize("name", CASES)
def test_edge_case(name: str) -> None:
    case = CASES[name]
    found = posterior(cells(case), omega=0.0)
    ranges = rate_ranges(found.fit, 0.9)
    count = len(found.counts.institutions)
    everyone = Question([np.arange(count)], found.counts.pattern, found.trials, 20_000, 0.9, 10)
    ranks = rank_draws(draw_rates(found.fit, 20_000, 1), everyone)
    for at, institution in enumerate(found.counts.institutions):
        off = SKEWED.get((name, institution), 0.005)
        rate = ranges.mean[found.counts.pattern[at]]
        assert rate == pytest.approx(case["rate_mean"][at], abs=off + 5e-4)
        if count > 1:
            assert ranks.mean[at] == pytest.approx(case["rank_mean"][at], abs=0.05)


def test_five_of_five_does_not_tie_with_five_hundred_of_five_hundred() -> None:
    small, large, _ = sorted(
        figures(cells(CASES["all_pass_small_vs_large"]), USUAL).items,
        key=lambda figure: figure.institution,
    )
    assert small.rate is not None
    assert large.rate is not None
    assert large.rate - small.rate > 0.02


def test_when_everybody_passes_no_order_is_published() -> None:
    found = figures(cells(CASES["all_pass_everyone"]), USUAL)
    assert not found.order_publishable
    reasons = {figure.institution: figure.withheld["rank"] for figure in found.items}
    assert reasons["i1"] == "withheld.fewer_than_30_effective"
    assert reasons["i2"] == reasons["i3"] == "withheld.gate"
    assert {figure.band for figure in found.items} == {None, "near"}


def test_equal_data_get_equal_figures() -> None:
    first, *others = figures(cells(CASES["exact_ties"]), USUAL).items
    for other in others:
        assert (other.rate, other.mean_rank, other.p_above_average, other.rank) == (
            first.rate,
            first.mean_rank,
            first.p_above_average,
            first.rank,
        )
    assert first.mean_rank == 2.0


def test_without_data_there_are_no_figures_and_the_last_place_in_the_list() -> None:
    *_, last = figures(cells(CASES["n0_added"]), USUAL).items
    assert (last.institution, last.rate, last.rank, last.band) == ("i5", None, None, None)
    assert set(last.withheld.values()) == {"withheld.no_data"}


@pytest.mark.parametrize("name", ["one_institution", "one_institution_two_cats"])
def test_one_institution_has_no_rank(name: str) -> None:
    found = figures(cells(CASES[name]), USUAL)
    (only,) = found.items
    assert only.rate is not None
    assert (only.rank, only.rank_low, only.p_above_average, only.band) == (None,) * 4
    assert only.withheld["rank"] == "withheld.alone"
    assert not found.order_publishable


def test_trades_without_common_institutions_are_not_compared() -> None:
    for figure in figures(cells(CASES["disjoint_categories"]), USUAL).items:
        assert figure.rank is None
        assert figure.band is None
