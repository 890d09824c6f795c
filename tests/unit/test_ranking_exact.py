"""Rates, ranges and ranks against exact posteriors computed in another way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from ranking_oracles import Array, Metropolis, dense

from portal.domain.ranking.model import figures
from portal.domain.ranking.values import Cell, Figure, settings_of
from portal.rules.rulebook import rules_on

USUAL = settings_of(rules_on(date(2026, 6, 1)).ranking)

REFERENCE = Path(__file__).parents[1] / "reference"


def hospitals() -> tuple[Array, Array]:
    """Return trials and successes of the twelve published hospitals."""
    known = json.loads((REFERENCE / "funnel_funnelplotr.json").read_text(encoding="utf-8"))
    return np.array(known["surgical_n"], float), np.array(known["surgical_survivors"], float)


def small() -> tuple[Array, Array]:
    """Return few and lopsided counts."""
    return np.array([1.0, 3, 5, 8, 12, 20, 40, 500]), np.array([1.0, 2, 5, 3, 12, 17, 22, 500])


def measured(trials: Array, successes: Array, level: float) -> list[Figure]:
    """Return the figures of institutions 00, 01 … in that order."""
    n, y = trials.reshape(len(trials), -1), successes.reshape(len(trials), -1)
    cells = [
        Cell(f"{at:02}", f"s{column}", n[at, column], y[at, column])
        for at in range(len(n))
        for column in range(n.shape[1])
    ]
    found = figures(cells, replace(USUAL, level=level, omega=0.0))
    return sorted(found.items, key=lambda figure: figure.institution)


@pytest.mark.parametrize("counts", [hospitals(), small()], ids=["hospitals", "small"])
def test_rates_of_one_stratum_are_exact(counts: tuple[Array, Array]) -> None:
    means, quantiles, _ = dense(*counts, [0.05, 0.95, 0.025, 0.975])
    for level, columns in ((0.9, slice(0, 2)), (0.95, slice(2, 4))):
        for at, figure in enumerate(measured(*counts, level)):
            low, high = quantiles[at, columns]
            assert figure.rate == pytest.approx(means[at], abs=2e-4)
            assert figure.rate_low == pytest.approx(low, abs=2e-3)
            assert figure.rate_high == pytest.approx(high, abs=2e-3)


@pytest.mark.parametrize(
    ("trials", "successes"),
    [
        ([[20, 40], [10, 50], [30, 0], [25, 60]], [[20, 30], [10, 40], [27, 0], [25, 51]]),
        (
            [[9, 4, 30], [14, 8, 12], [40, 2, 0], [6, 6, 6]],
            [[8, 1, 20], [9, 6, 9], [38, 2, 0], [3, 1, 2]],
        ),
    ],
    ids=["one stratum all pass", "three strata"],
)
def test_rates_and_ranks_of_several_strata_are_exact(
    trials: list[list[float]], successes: list[list[float]]
) -> None:
    n, y = np.array(trials, float), np.array(successes, float)
    draws = Metropolis(n, y, chains=1000, seed=3).draws(kept=100, burn=300)
    share = n.sum(axis=0) / n.sum()
    rate = sum(
        share[at] / (1 + np.exp(-(draws.level[:, [at]] + draws.effect))) for at in range(len(share))
    )
    rank = (rate[:, :, None] < rate[:, None, :]).sum(axis=2) + 1
    average = rate @ (n.sum(axis=1) / n.sum())
    for at, figure in enumerate(measured(n, y, 0.9)):
        assert figure.rate == pytest.approx(rate[:, at].mean(), abs=0.002)
        low, high = np.quantile(rate[:, at], [0.05, 0.95])
        assert figure.rate_low == pytest.approx(low, abs=0.005)
        assert figure.rate_high == pytest.approx(high, abs=0.005)
        assert figure.mean_rank == pytest.approx(rank[:, at].mean(), abs=0.04)
        assert figure.p_above_average == pytest.approx((rate[:, at] > average).mean(), abs=0.015)


def test_ranks_of_twelve_hospitals_are_exact() -> None:
    n, y = hospitals()
    draws = Metropolis(n[:, None], y[:, None], chains=600, seed=5).draws(kept=80, burn=300)
    rank = np.argsort(np.argsort(-draws.effect, axis=1), axis=1) + 1
    for at, figure in enumerate(measured(n, y, 0.9)):
        assert figure.mean_rank == pytest.approx(rank[:, at].mean(), abs=0.08)
        assert figure.rank == np.quantile(rank[:, at], 0.5, method="inverted_cdf")
