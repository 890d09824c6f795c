"""The all-round order: standardised, weighted and ranked per draw, honest about its weights."""

from __future__ import annotations

import numpy as np
import pytest

from portal.domain.ranking.allround import Weighing, all_round, kept_groups, standardised


def weighing(**weights: float) -> Weighing:
    return Weighing(weights=weights, concentration=50.0, others=200, group=1, level=0.9, seed=1)


def sure(*values: float) -> np.ndarray:
    return np.array([values], dtype=np.float64)


def apart(count: int) -> np.ndarray:
    return np.arange(count)


def test_each_draw_is_standardised_and_no_spread_says_nothing() -> None:
    found = standardised(np.array([[1.0, 2.0, 3.0], [4.0, 4.0, 4.0]]))
    assert found[0].mean() == pytest.approx(0)
    assert (found[0] ** 2).mean() == pytest.approx(1)
    assert found[1].tolist() == [0, 0, 0]


def test_a_component_without_weight_is_not_even_needed() -> None:
    found = all_round({"a": sure(3, 2, 1)}, weighing(a=1.0, b=0.0), apart(3))
    assert found.places.middle.tolist() == [1, 2, 3]
    assert found.above.tolist() == [1, 0, 0]


def test_weights_decide_between_two_opposite_components() -> None:
    parts = {"a": sure(1, 0), "b": sure(0, 1)}
    assert all_round(parts, weighing(a=0.6, b=0.4), apart(2)).places.middle.tolist() == [1, 2]
    assert all_round(parts, weighing(a=0.4, b=0.6), apart(2)).places.middle.tolist() == [2, 1]


def test_near_equal_weights_let_the_groups_flip_and_clear_ones_do_not() -> None:
    draws = np.random.default_rng(1).normal(size=(500, 2)) * 0.01 + [1, 0]
    parts = {"a": draws, "b": sure(0, 1)}
    close = all_round(parts, weighing(a=0.51, b=0.49), apart(2))
    clear = all_round(parts, weighing(a=0.9, b=0.1), apart(2))
    assert close.top_kept < 0.7 < clear.top_kept
    assert (close.wide.low[0], close.wide.high[0]) == (1, 2)
    assert (clear.wide.low[0], clear.wide.high[0]) == (1, 1)


def test_equal_data_get_equal_places() -> None:
    draws = np.random.default_rng(2).normal(size=(400, 3))
    found = all_round({"a": draws}, weighing(a=1.0), np.array([0, 0, 0]))
    assert len(set(found.places.mean.tolist())) == 1


def test_groups_are_told_from_the_ends() -> None:
    parts = np.array([[4.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0]])
    same = np.array([[0.9, 0.1], [0.8, 0.2]])
    turned = np.array([[0.1, 0.9]])
    share = np.array([0.9, 0.1])
    assert kept_groups(parts, share, same, 1) == (1.0, 1.0)
    assert kept_groups(parts, share, turned, 1) == (0.0, 0.0)
