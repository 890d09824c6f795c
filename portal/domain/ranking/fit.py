"""The joint posterior of spread τ and levels α as weighted nodes."""

from dataclasses import dataclass, replace

import numpy as np

from portal.domain.ranking.arrays import Floats, contract
from portal.domain.ranking.counts import Counts
from portal.domain.ranking.nodes import place_nodes
from portal.domain.ranking.profile import Detail, Profile, find_profile, prior
from portal.domain.ranking.quadrature import Nodes
from portal.domain.ranking.sweep import sweep

WORK = 12_000_000
"""Numbers evaluated for one fit; sets how many levels are tried per spread."""
LOST_MASS = 1e-7
ROUGH_LEVELS = 2
FEW = 300
SOME = 2000


@dataclass(frozen=True)
class Fit:
    """The posterior given the (scaled) counts: nodes with weights (nodes,) that sum to 1.

    ``tau`` is the posterior mean of τ; ``detail`` how finely the effects were cut.
    """

    counts: Counts
    detail: Detail
    nodes: Nodes
    weight: Floats
    tau: float


def fit(counts: Counts) -> Fit:
    """Return the posterior of spread and levels as some dozens to thousands of weighted nodes."""
    return _weighed(counts, detail_for(counts))[0]


def first_fit(counts: Counts) -> tuple[Fit, Floats]:
    """Return the fit that ω is estimated from, and each cell's posterior mean pass probability.

    With many institutions the levels hardly vary and a few nodes give their means.
    """
    detail = detail_for(counts)
    if len(counts.copies) > FEW and len(counts.strata) > 1:
        detail = replace(detail, levels=ROUGH_LEVELS)
    found, passed = _weighed(counts, detail, wanted=True)
    return found, passed


def _weighed(counts: Counts, detail: Detail, *, wanted: bool = False) -> tuple[Fit, Floats]:
    around: Profile = find_profile(counts, detail)
    nodes, log = place_nodes(counts, around, detail)
    log += prior(counts, nodes.level, nodes.spread)
    passed = np.zeros((len(counts.owner), len(nodes.spread) if wanted else 0))
    for piece in sweep(counts, nodes, detail.reach, detail.points):
        log[piece.nodes] += piece.evidence()
        if wanted:
            passed[piece.cells, piece.nodes] = piece.pass_means()
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    order = np.argsort(weight, kind="stable")
    kept = np.sort(order[np.cumsum(weight[order]) > LOST_MASS])
    share = weight[kept] / weight[kept].sum()
    tau = float((share * nodes.spread[kept]).sum())
    mean = contract("ck,k->c", passed[:, kept], share) if wanted else np.zeros(0)
    return Fit(counts, detail, nodes.take(kept), share, tau), mean


def detail_for(counts: Counts) -> Detail:
    """How finely to cut: exact where it is cheap, enough where the data leave little room."""
    patterns, cells = len(counts.copies), len(counts.owner)
    cut = Detail(5.5, 18, 12, 0)
    if patterns <= FEW:
        cut = Detail(6.5, 27, 32, 0)
    elif patterns <= SOME:
        cut = Detail(6.0, 21, 16, 0)
    affordable = WORK // (cells * cut.points * cut.spreads)
    one = len(counts.strata) == 1
    levels = min(31, max(13, affordable)) if one else min(160, max(8, affordable)) // 2 * 2
    return replace(cut, levels=levels)
