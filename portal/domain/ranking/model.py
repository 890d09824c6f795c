"""The whole method in one call: cells in, figures out."""

from collections.abc import Sequence

from portal.domain.ranking.assembly import assemble
from portal.domain.ranking.counts import byte_order
from portal.domain.ranking.draws import draw_rates
from portal.domain.ranking.gate import rankability
from portal.domain.ranking.posterior import Posterior, posterior
from portal.domain.ranking.ranks import Question, rank_draws
from portal.domain.ranking.rates import Rates, rate_ranges
from portal.domain.ranking.values import Cell, Figure, Ranking, Settings
from portal.domain.ranking.withholding import Standing, reasons

__all__ = ["Cell", "Figure", "Ranking", "Settings", "figures"]


def figures(cells: Sequence[Cell], settings: Settings) -> Ranking:
    """Return the figures of all institutions named in ``cells``, in publication order.

    Raises: ValueError for repeated or impossible cells.
    """
    if not any(cell.trials > 0 for cell in cells):
        return _nothing(cells, settings)
    return ranked(cells, posterior(cells, settings.omega), settings)


def ranked(cells: Sequence[Cell], found: Posterior, settings: Settings) -> Ranking:
    """Return the figures of the institutions in a comparison that is fitted already."""
    ranges = rate_ranges(found.fit, settings.level)
    blocks = draw_rates(found.fit, settings.draws, settings.seed)
    ranks = rank_draws(blocks, _question(found, settings))
    share = rankability(found.counts, found.fit.tau, settings.min_published)
    publishable = len(found.sets[0]) > 1 and (share or 0.0) >= settings.rankability_min
    return Ranking(
        items=assemble(cells, found, (ranges, ranks), settings, gate_open=publishable),
        average=_average(found, ranges),
        rankability=share,
        order_publishable=publishable,
        tau=found.fit.tau,
        omega=found.omega,
    )


def _nothing(cells: Sequence[Cell], settings: Settings) -> Ranking:
    names = sorted({cell.institution for cell in cells}, key=byte_order)
    withheld = reasons(Standing(0, 0, 0, alone=True, apart=False), settings)
    items = tuple(Figure(name, 0, 0, withheld=withheld) for name in names)
    return Ranking(items, None, None, order_publishable=False, tau=0.0, omega=0.0)


def _question(found: Posterior, settings: Settings) -> Question:
    return Question(
        sets=found.sets,
        twins=found.counts.pattern,
        trials=found.trials,
        draws=settings.draws,
        level=settings.level,
        top=settings.top,
    )


def _average(found: Posterior, ranges: Rates) -> float:
    members = found.sets[0]
    rate = ranges.mean[found.counts.pattern[members]]
    weight = found.trials[members]
    return float((rate * weight).sum() / weight.sum())
