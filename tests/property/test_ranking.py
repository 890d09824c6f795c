"""What must hold for any counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.ranking.model import figures
from portal.domain.ranking.values import Cell, Figure, settings_of
from portal.rules.rulebook import rules_on

USUAL = settings_of(rules_on(date(2026, 6, 1)).ranking)

FEW = replace(USUAL, draws=200)
counts = st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
tables = st.dictionaries(
    st.tuples(st.sampled_from("甲乙丙丁戊己"), st.sampled_from("abc")),
    counts,
    min_size=1,
    max_size=12,
)
Table = dict[tuple[str, str], tuple[int, int]]


def cells_of(table: Table) -> list[Cell]:
    """Return the table's cells."""
    return [Cell(name, stratum, n, y) for (name, stratum), (n, y) in table.items()]


def ordered(figure: Figure) -> bool:
    """Tell whether the bounds of a figure stand around it."""
    rates = (figure.rate_low, figure.rate, figure.rate_high)
    ranks = (figure.rank_low, figure.rank, figure.rank_high)
    return _rising(rates, 1.0) and (figure.rank is None or _rising(ranks, 6))


def _rising(values: Sequence[float | None], most: float) -> bool:
    low, middle, high = values
    if low is None or middle is None or high is None:
        return False
    return 0 <= low <= middle <= high <= most


@settings(max_examples=25)
@given(tables)
def test_every_figure_is_inside_its_bounds(table: Table) -> None:
    found = figures(cells_of(table), FEW)
    assert {figure.institution for figure in found.items} == {name for name, _ in table}
    for figure in found.items:
        assert (figure.rate is None) == (figure.trials == 0)
        assert figure.rate is None or ordered(figure)


@settings(max_examples=12)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(table: Table, random: object) -> None:
    cells = cells_of(table)
    shuffled = cells.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert figures(shuffled, FEW) == figures(cells, FEW)


@settings(max_examples=20)
@given(st.lists(counts.filter(lambda c: c[0] > 0), min_size=2, max_size=8))
def test_more_passes_never_lower_the_rate_of_one_stratum(each: list[tuple[int, int]]) -> None:
    best = max(each, key=lambda c: c[1] / c[0])
    more = [*each, (best[0], best[0])]
    found = figures([Cell(f"{at}", "", n, y) for at, (n, y) in enumerate(more)], FEW)
    rates = {figure.institution: figure.rate or 0.0 for figure in found.items}
    assert rates[str(len(each))] >= rates[str(each.index(best))] - 1e-9
