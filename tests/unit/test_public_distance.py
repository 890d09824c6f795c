"""How far apart two points are."""

from __future__ import annotations

import pytest

from portal.domain.distance import Point, kilometres

LISBON, PORTO = Point(38.7223, -9.1393), Point(41.1579, -8.6291)


def test_distance_of_two_cities() -> None:
    assert kilometres(LISBON, PORTO) == pytest.approx(274.2, abs=1)


def test_distance_is_the_same_both_ways_and_nothing_to_itself() -> None:
    assert kilometres(LISBON, PORTO) == kilometres(PORTO, LISBON)
    assert kilometres(PORTO, PORTO) == 0


def test_a_degree_of_latitude() -> None:
    assert kilometres(Point(0, 0), Point(1, 0)) == pytest.approx(111.19, abs=0.01)
