"""Pairs: how probable it is that one institution's rate is the higher of two."""

from __future__ import annotations

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, contract

PIECE = 8_000_000
"""Comparisons made at once."""


def better(draws: Floats, twins: Ints) -> Floats:
    """Return P(row's rate > column's rate) as (institutions, institutions), from draws of rates.

    ``twins`` (institutions,) are equal for institutions with equal data: they share every figure,
    and neither is the better one (one half).
    """
    count = draws.shape[1]
    wins: Floats = np.zeros((count, count))
    step = max(1, PIECE // count**2)
    for first in range(0, len(draws), step):
        some = draws[first : first + step]
        wins += (some[:, :, None] > some[:, None, :]).sum(axis=0)
    pooled = _over_twins(wins / len(draws), twins)
    return np.asarray(np.where(twins[:, None] == twins, 0.5, pooled))


def _over_twins(wins: Floats, twins: Ints) -> Floats:
    kinds, place = np.unique(twins, return_inverse=True)
    of_kind = (place[:, None] == np.arange(len(kinds))).astype(np.float64)
    of_kind /= of_kind.sum(axis=0)
    between = contract("ia,ij,jb->ab", of_kind, wins, of_kind)
    return np.asarray(between[place][:, place])
