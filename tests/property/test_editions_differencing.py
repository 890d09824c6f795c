"""Subtract what is published from what is published: no small cell comes out."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.period import Period
from portal.metrics.inputs import OTHERS, Count, FigureRules, Inputs, TradeInput
from portal.metrics.suppression import measure_of, suppressed
from portal.rules.rulebook import rules_on

PERIODS = ("2024-H1", "2024-H2", "2025-H1", "2025-H2")
LIMIT = 10
BOOK = rules_on(date(2026, 3, 1))
RULES = FigureRules(
    ranking=BOOK.ranking,
    satisfaction=BOOK.satisfaction,
    composite=BOOK.composite,
    integrity=BOOK.integrity,
)


@st.composite
def cells(draw: st.DrawFn, institution: str, period: str) -> Count:
    """Return plausible counts, small ones as often as large ones."""
    first = draw(st.one_of(st.integers(0, 12), st.integers(0, 300)))
    passed_first = draw(st.integers(0, first))
    retakes = draw(st.integers(0, 12))
    passed = passed_first + draw(st.integers(0, retakes))
    published = draw(st.booleans()) or draw(st.booleans())
    return Count(
        trade="t",
        institution=institution,
        period=period,
        registered=first + retakes + draw(st.integers(0, 5)),
        sat=first + retakes,
        sat_first=first if published else None,
        passed_first=passed_first if published else None,
        passed=passed,
    )


@st.composite
def worlds(draw: st.DrawFn) -> list[Count]:
    """Return the cells of up to six institutions over four periods."""
    codes = [f"T{at}" for at in range(draw(st.integers(1, 6)))]
    return [draw(cells(code, period)) for code in codes for period in PERIODS]


def published(counts: list[Count], period: str) -> list[Count]:
    """Return what an edition of that period would publish."""
    seen = [count for count in counts if count.period <= period]
    trade = TradeInput(trade="t", name_zh="t", name_en="t", measure=measure_of(counts))
    inputs = Inputs(
        period=Period.parse(period),
        trades=(trade,),
        institutions=(),
        places=(),
        counts=tuple(seen),
        answers=(),
    )
    return list(suppressed(inputs, RULES).counts)


def trials(count: Count) -> int | None:
    """Return what the rate counts."""
    return count.sat_first if count.sat_first is not None else count.sat


@given(worlds())
def test_every_published_cell_is_large(counts: list[Count]) -> None:
    for cell in published(counts, PERIODS[-1]):
        numbers = (cell.registered, cell.sat, cell.sat_first, cell.passed_first, cell.passed)
        if cell.withheld:
            assert set(numbers) == {None}
        else:
            assert (trials(cell) or 0) >= LIMIT


@given(worlds())
def test_the_pooled_row_never_is_one_institution(counts: list[Count]) -> None:
    shown = published(counts, PERIODS[-1])
    for pooled in (cell for cell in shown if cell.institution == OTHERS):
        left = [
            cell
            for cell in shown
            if cell.period == pooled.period and cell.withheld == "withheld.fewer_than_10"
        ]
        assert len(left) >= 2
        assert (trials(pooled) or 0) >= LIMIT


@given(worlds())
def test_two_editions_say_the_same_of_a_period_they_share(counts: list[Count]) -> None:
    later = {(one.institution, one.period): one for one in published(counts, PERIODS[-1])}
    for one in published(counts, PERIODS[-2]):
        assert later[one.institution, one.period] == one
