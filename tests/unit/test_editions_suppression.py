"""Small cells leave first, and nothing that stays gives them away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.period import Period
from portal.metrics.inputs import (
    FIRST_ATTEMPT,
    OTHERS,
    PASSED_OF_SAT,
    Answers,
    Count,
    FigureRules,
    Inputs,
    TradeInput,
)
from portal.metrics.suppression import measure_of, suppressed
from portal.rules.rulebook import rules_on

CELL = Count(
    trade="t",
    institution="T001",
    period="2025-H2",
    registered=70,
    sat=66,
    sat_first=50,
    passed_first=40,
    passed=48,
)
ANSWER = Answers(
    trade="",
    institution="T001",
    period="2025-H2",
    source="s",
    invited=40,
    answered=20,
    satisfied_answers=18,
    very_satisfied=10,
    satisfied=8,
    neutral=1,
    dissatisfied=1,
    very_dissatisfied=0,
)


@pytest.fixture
def rules() -> FigureRules:
    book = rules_on(date(2026, 3, 1))
    return FigureRules(
        ranking=book.ranking,
        satisfaction=book.satisfaction,
        composite=book.composite,
        integrity=book.integrity,
    )


def inputs(
    *counts: Count, measure: str = FIRST_ATTEMPT, answers: tuple[Answers, ...] = ()
) -> Inputs:
    trade = TradeInput(trade="t", name_zh="t", name_en="t", measure=measure)
    return Inputs(
        period=Period.parse("2025-H2"),
        trades=(trade,),
        institutions=(),
        places=(),
        counts=counts,
        answers=answers,
    )


def small(code: str, first: int, passed: int, retakes: int = 0) -> Count:
    return replace(
        CELL,
        institution=code,
        registered=first + retakes,
        sat=first + retakes,
        sat_first=first,
        passed_first=passed,
        passed=passed,
    )


def test_a_large_cell_stays_as_it_is(rules: FigureRules) -> None:
    assert suppressed(inputs(CELL), rules).counts == (CELL,)


@pytest.mark.parametrize(
    ("first", "reason"),
    [(0, "withheld.no_data"), (1, "withheld.fewer_than_10"), (9, "withheld.fewer_than_10")],
)
def test_a_small_cell_leaves_no_number(rules: FigureRules, first: int, reason: str) -> None:
    (cell,) = suppressed(inputs(small("T001", first, 0, retakes=40)), rules).counts
    assert cell.withheld == reason
    assert {cell.registered, cell.sat, cell.sat_first, cell.passed_first, cell.passed} == {None}


def test_ten_stay(rules: FigureRules) -> None:
    (cell,) = suppressed(inputs(small("T001", 10, 4)), rules).counts
    assert (cell.withheld, cell.sat_first, cell.passed_first) == (None, 10, 4)


def test_small_cells_are_pooled_once_they_are_ten(rules: FigureRules) -> None:
    pooled = suppressed(inputs(CELL, small("T002", 6, 5), small("T003", 5, 1)), rules).counts[0]
    assert (pooled.institution, pooled.sat_first, pooled.passed_first) == (OTHERS, 11, 6)


def test_fewer_than_ten_are_not_pooled(rules: FigureRules) -> None:
    left = suppressed(inputs(CELL, small("T002", 5, 5), small("T003", 4, 1)), rules).counts
    assert [cell.institution for cell in left] == ["T001", "T002", "T003"]


def test_a_trade_without_first_attempts_keeps_to_passed_of_sat(rules: FigureRules) -> None:
    plain = replace(CELL, sat_first=None, passed_first=None)
    assert measure_of([plain]) == PASSED_OF_SAT
    (cell,) = suppressed(inputs(plain, measure=PASSED_OF_SAT), rules).counts
    assert (cell.sat, cell.passed, cell.sat_first) == (66, 48, None)


def test_definitions_do_not_mix(rules: FigureRules) -> None:
    plain = replace(CELL, institution="T002", sat_first=None, passed_first=None)
    assert measure_of([CELL, plain]) == FIRST_ATTEMPT
    kept = {cell.institution: cell for cell in suppressed(inputs(CELL, plain), rules).counts}
    assert kept["T002"].withheld == "withheld.not_published_by_source"
    assert kept["T002"].sat is None


def test_few_answers_leave_no_number(rules: FigureRules) -> None:
    few = replace(ANSWER, answered=9, satisfied_answers=9)
    (cell,) = suppressed(inputs(CELL, answers=(few,)), rules).answers
    assert cell.withheld == "withheld.fewer_than_10_answers"
    assert {cell.answered, cell.satisfied_answers, cell.invited, *cell.steps} == {None}


def test_the_whole_does_not_give_a_part_away(rules: FigureRules) -> None:
    part = replace(ANSWER, trade="t", answered=12, satisfied_answers=12)
    cells = suppressed(inputs(CELL, answers=(ANSWER, part)), rules).answers
    assert [(cell.trade, cell.withheld) for cell in cells] == [
        ("", "withheld.gives_away"),
        ("t", None),
    ]


def test_two_sources_do_not_mix(rules: FigureRules) -> None:
    other = replace(ANSWER, institution="T002", source="other", answered=500)
    cells = suppressed(inputs(CELL, answers=(ANSWER, other)), rules).answers
    assert [cell.source for cell in cells] == ["other"]
