"""Ranks and their ranges from posterior draws, inside each connected set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.domain.ranking.arrays import Floats, Ints, contract, sums_by

FINE = float(2**44)
PIECE = 2_000_000
SMALL = 65_535


@dataclass(frozen=True)
class Ranks:
    """What the draws say about places; each (institutions,), 1 = highest rate of the set.

    ``middle``, ``low`` and ``high`` are lower empirical quantiles; ``above`` the share of draws
    above the set's trial-weighted average; ``top`` and ``bottom`` the share in the first and last
    k places. Sets of one institution have zeros.
    """

    middle: Ints
    low: Ints
    high: Ints
    mean: Floats
    above: Floats
    top: Floats
    bottom: Floats


@dataclass(frozen=True)
class Question:
    """What is asked of the draws.

    ``sets`` are index arrays of the connected sets; ``twins`` (institutions,) equal for
    institutions with equal data, over which everything is averaged; ``trials`` (institutions,).
    """

    sets: Sequence[Ints]
    twins: Ints
    trials: Floats
    draws: int
    level: float
    top: int


def rank_draws(blocks: Iterable[Floats], question: Question) -> Ranks:
    """Return the ranks' summaries over all blocks of draws (draws, institutions) of rates.

    Beyond 65,535 institutions ranks are kept to the nearest two, four …
    """
    kept, shift, above = _all_ranks(blocks, question)
    size = np.zeros(len(question.twins))
    for members in question.sets:
        size[members] = len(members)
    out = _summaries(kept, shift, question, size)
    out[4] = _over_twins(above / question.draws, question.twins)
    whole = [np.rint(values).astype(np.int64) for values in out[:3]]
    return Ranks(whole[0], whole[1], whole[2], out[3], out[4], out[5], out[6])


def _all_ranks(
    blocks: Iterable[Floats], question: Question
) -> tuple[NDArray[np.uint16], int, Floats]:
    count = len(question.twins)
    shift = max(0, count.bit_length() - 16)
    kept = np.zeros((count, question.draws), dtype=np.uint16)
    above = np.zeros(count)
    done = 0
    compared = [members for members in question.sets if len(members) > 1]
    for block in blocks:
        stop = done + len(block)
        for members in compared:
            rates = block if len(members) == count else block[:, members]
            places = descending_ranks(rates)
            kept[members, done:stop] = ((places - 1 >> shift) + 1 if shift else places).T
            average = contract("di,i->d", rates, _shares(question.trials[members]))
            above[members] += (rates > average[:, None]).sum(axis=0)
        done = stop
    return kept, shift, above


def _shares(trials: Floats) -> Floats:
    total = trials.sum()
    return trials / total if total > 0 else np.full(len(trials), 1 / len(trials))


def descending_ranks(rates: Floats) -> NDArray[np.uint32]:
    """Ranks within each row (draws, institutions), 1 = highest; ties by position.

    One sort of whole numbers that carry the rate above and the position below.
    """
    draws, count = rates.shape
    bits = count.bit_length()
    keys = ((1 - rates) * FINE).astype(np.int64)
    keys <<= bits
    keys |= np.arange(count)
    keys.sort(axis=1)
    keys &= (1 << bits) - 1
    keys += (np.arange(draws) * count)[:, None]
    out = np.empty(draws * count, dtype=np.uint32)
    out[keys.ravel()] = np.tile(np.arange(1, count + 1, dtype=np.uint32), draws)
    return out.reshape(draws, count)


def _summaries(
    kept: NDArray[np.uint16], shift: int, question: Question, size: Floats
) -> list[Floats]:
    """Middle, low, high, mean, (empty), top, bottom per institution, twins pooled."""
    out: list[Floats] = [np.zeros(len(kept)) for _ in range(7)]
    order = np.argsort(question.twins, kind="stable")
    copies = np.bincount(question.twins)
    first = np.cumsum(copies) - copies
    for many in np.unique(copies):
        alike = np.flatnonzero(copies == many)
        step = max(1, PIECE // int(many * kept.shape[1]))
        for start in range(0, len(alike), step):
            rows = order[first[alike[start : start + step], None] + np.arange(many)]
            pooled = np.sort(kept[rows].reshape(len(rows), -1), axis=1, kind="stable")
            found = _of_sorted(pooled, shift, question, size[rows[:, 0]])
            for target, values in zip(out, found, strict=True):
                target[rows] = values[:, None]
    return out


def _of_sorted(
    pooled: NDArray[np.uint16], shift: int, question: Question, size: Floats
) -> list[Floats]:
    tail = (1 - question.level) / 2
    marks = [lower_position(pooled.shape[1], share) for share in (0.5, tail, 1 - tail)]
    quantiles = [_unshift(pooled[:, mark].astype(np.float64), shift) for mark in marks]
    mean = _unshift(pooled.mean(axis=1), shift)
    last = (np.maximum(size - question.top, 0).astype(np.int64) - 1 >> shift) + 1
    top = (pooled <= (question.top - 1 >> shift) + 1).mean(axis=1)
    bottom = (pooled > last.astype(np.uint16)[:, None]).mean(axis=1)
    return [*quantiles, mean, np.zeros(len(pooled)), top, bottom]


def _unshift(ranks: Floats, shift: int) -> Floats:
    return np.asarray((ranks - 1) * 2**shift + 1)


def lower_position(count: int, share: float) -> int:
    """Position of the lower empirical quantile among ``count`` sorted values."""
    return min(count - 1, max(0, int(np.ceil(round(share * count, 9))) - 1))


def _over_twins(values: Floats, twins: Ints) -> Floats:
    return np.asarray((sums_by(twins, values) / np.bincount(twins))[twins])
