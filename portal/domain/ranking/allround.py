"""The all-round order: standardised components, weighted and ranked draw by draw.

Weights are a choice, so everything is asked twice: under the published weights, and under other
reasonable ones (Dirichlet around them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, contract
from portal.domain.ranking.ranks import Question, Ranks, rank_draws

STEADY = 1e-9
"""A spread between institutions below this is none: the component says nothing."""


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """How components are weighed.

    ``weights`` maps component to share; ``concentration`` says how close the other weights keep
    to these, ``others`` how many of them are tried; ``group`` is the size of the top and of the
    bottom group.
    """

    weights: Mapping[str, float]
    concentration: float
    others: int
    group: int
    level: float
    seed: int


@dataclass(frozen=True)
class AllRound:
    """What the draws say, by institution in the order of the components' columns.

    ``parts`` (components, institutions) mean standardised values in the order of the weights;
    ``score`` (institutions,) their weighted sum; ``places`` under the published weights, ``wide``
    under the others; ``above`` the share of draws above the middle, 0. ``top_kept`` and
    ``bottom_kept``: which share of each group stays in it under other weights, on average.
    """

    parts: Floats
    score: Floats
    places: Ranks
    wide: Ranks
    above: Floats
    top_kept: float
    bottom_kept: float


def all_round(components: Mapping[str, Floats], weighing: Weighing, twins: Ints) -> AllRound:
    """Return the order of institutions that have every weighed component.

    A component has draws (draws, institutions), or one row where nothing is uncertain.
    """
    names = [name for name, share in weighing.weights.items() if share > 0]
    draws = max(len(components[name]) for name in names)
    whole = [standardised(components[name]) for name in names]
    share = np.array([weighing.weights[name] for name in names])
    other = np.random.Generator(np.random.PCG64(weighing.seed)).dirichlet(
        share * weighing.concentration, draws + weighing.others
    )
    parts = np.array([each.mean(axis=0) for each in whole])
    score = _weighed(whole, np.broadcast_to(share, (draws, len(share))))
    wide = _weighed(whole, other[:draws])
    top, bottom = kept_groups(parts, share, other[draws:], weighing.group)
    return AllRound(
        parts=parts,
        score=contract("c,ci->i", share, parts),
        places=_ranked(score, weighing, twins),
        wide=_ranked(wide, weighing, twins),
        above=(score > 0).mean(axis=0),
        top_kept=top,
        bottom_kept=bottom,
    )


def standardised(values: Floats) -> Floats:
    """Return each draw with mean 0 and spread 1 over the institutions; all 0 without a spread."""
    centred = values - values.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True))
    return np.asarray(np.where(spread > STEADY, centred / np.maximum(spread, STEADY), 0.0))


def kept_groups(parts: Floats, share: Floats, others: Floats, group: int) -> tuple[float, float]:
    """Return which share of the top and of the bottom group stays in it under other weights."""
    order = np.argsort(-contract("c,ci->i", share, parts), kind="stable")
    orders = np.argsort(-contract("wc,ci->wi", others, parts), axis=1, kind="stable")
    top = np.isin(orders[:, :group], order[:group]).mean()
    bottom = np.isin(orders[:, -group:], order[-group:]).mean()
    return float(top), float(bottom)


def logit(rates: Floats) -> Floats:
    """Return the logits of rates, kept away from 0 and 1."""
    inside = np.clip(rates, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))


def _weighed(whole: Sequence[Floats], shares: Floats) -> Floats:
    out: Floats = np.zeros((len(shares), whole[0].shape[1]))
    for at, each in enumerate(whole):
        out += shares[:, at, None] * each
    return out


def _ranked(score: Floats, weighing: Weighing, twins: Ints) -> Ranks:
    draws, count = score.shape
    everybody = Question(
        sets=[np.arange(count)],
        twins=twins,
        trials=np.ones(count),
        draws=draws,
        level=weighing.level,
        top=weighing.group,
    )
    between_0_and_1: Floats = 1 / (1 + np.exp(-score))
    return rank_draws([between_0_and_1], everybody)
