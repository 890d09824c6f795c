"""Connected sets: institutions that can be compared because common trades link them."""

from collections.abc import Sequence

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, sums_by
from portal.domain.ranking.counts import byte_order
from portal.domain.ranking.values import Cell


def connected_sets(cells: Sequence[Cell], institutions: Sequence[str]) -> list[Ints]:
    """Index arrays into ``institutions`` (in canonical order), the largest set first.

    Institutions are linked when they have trials in a common stratum. One without any trials
    belongs to the largest set among its strata. Size counts institutions with trials, then trials;
    equal sets stand in the order of their first institution.
    """
    place = {name: at for at, name in enumerate(institutions)}
    strata = sorted({cell.stratum for cell in cells}, key=byte_order)
    column = {name: at for at, name in enumerate(strata)}
    row = np.array([place[cell.institution] for cell in cells])
    side = np.array([column[cell.stratum] for cell in cells])
    trials = np.array([float(cell.trials) for cell in cells])
    known = trials > 0
    label, of_stratum = _labels(row[known], side[known], len(place), len(strata))
    sums = sums_by(row, trials, len(place))
    order = _by_size(label, sums)
    rank = np.full(len(place) + 1, len(order))
    rank[order] = np.arange(len(order))
    home = np.where(sums > 0, rank[label], len(order))
    np.minimum.at(home, row, np.where(sums[row] > 0, home[row], rank[of_stratum[side]]))
    return [np.flatnonzero(home == at) for at in range(len(order))]


def _labels(row: Ints, side: Ints, institutions: int, strata: int) -> tuple[Ints, Ints]:
    """Return the first institution of each one's set, and that of each stratum's set."""
    label = np.arange(institutions)
    while True:
        of_stratum = np.full(strata, institutions)
        np.minimum.at(of_stratum, side, label[row])
        spread = label.copy()
        np.minimum.at(spread, row, of_stratum[side])
        if np.array_equal(spread, label):
            return label, of_stratum
        label = spread


def _by_size(label: Ints, trials: Floats) -> Ints:
    """Labels of the sets with trials, the largest first."""
    with_trials = trials > 0
    heads = np.unique(label[with_trials])
    members = np.bincount(label[with_trials], minlength=len(label))[heads]
    volume = sums_by(label, trials, len(label))[heads]
    return heads[np.lexsort((heads, -volume, -members))]
