"""Pairs: who is the higher of two, and with what probability."""

from __future__ import annotations

import numpy as np
import pytest

from portal.domain.ranking.pairs import better


def test_the_share_of_draws_decides() -> None:
    draws = np.array([[0.9, 0.8], [0.7, 0.8], [0.9, 0.5], [0.6, 0.4]])
    found = better(draws, np.array([0, 1]))
    assert found.tolist() == [[0.5, 0.75], [0.25, 0.5]]


def test_equal_data_share_their_figures_and_neither_is_better() -> None:
    draws = np.array([[0.9, 0.8, 0.1], [0.7, 0.8, 0.75]])
    found = better(draws, np.array([0, 0, 1]))
    assert found[0, 1] == 0.5
    assert found[0, 2] == found[1, 2] == pytest.approx(0.75)
    assert found[2, 0] == pytest.approx(0.25)


def test_many_draws_are_counted_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = np.random.default_rng(1).random((50, 4))
    whole = better(draws, np.arange(4))
    monkeypatch.setattr("portal.domain.ranking.pairs.PIECE", 100)
    assert np.array_equal(better(draws, np.arange(4)), whole)
