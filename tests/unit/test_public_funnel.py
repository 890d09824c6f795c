"""Ranges and funnel limits against values that others published.

Source: Newcombe 1998, table I, method 3; and the R package FunnelPlotR on its surgical data.
"""

from __future__ import annotations

import pytest

from portal.domain.funnel import overdispersion, steps, zones
from portal.domain.interval import wilson

OPERATIONS = (47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360)
SURVIVORS = (47, 130, 111, 764, 203, 183, 139, 184, 193, 89, 227, 336)
SURGERY = list(zip(OPERATIONS, SURVIVORS, strict=True))
TARGET = sum(SURVIVORS) / sum(OPERATIONS)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_newcombes(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials, 0.95) == pytest.approx((low, high), abs=5e-5)


def test_overdispersion_is_that_of_the_reference() -> None:
    assert overdispersion(SURGERY, TARGET) == pytest.approx(0.0018095708398, abs=1e-10)


def test_limits_are_those_of_the_reference() -> None:
    (twenty,) = zones(TARGET, overdispersion(SURGERY, TARGET), [20])
    assert (twenty.low95, twenty.high95) == pytest.approx((0.76185581373, 0.99832934083), abs=1e-6)
    assert (twenty.low998, twenty.high998) == pytest.approx((0.63855777899, 1), abs=1e-6)


def test_limits_without_overdispersion_are_those_of_the_reference() -> None:
    (twenty,) = zones(TARGET, 0, [20])
    assert (twenty.low95, twenty.high95) == pytest.approx((0.77478640784, 0.99684370869), abs=1e-6)
    assert twenty.low998 == pytest.approx(0.6616038769, abs=1e-6)


def test_one_institution_has_nothing_to_differ_from() -> None:
    assert overdispersion([(40, 30)], 0.8) == 0


def test_steps_rise_to_the_largest() -> None:
    found = steps(1124)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (10, 1124)
