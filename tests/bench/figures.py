"""What a benchmark says: a figure beside its yardstick, both measured in the same run."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. Absolute figures drift with the machine; the ratio is what counts.

    ``goal`` is the largest ratio to be content with; None = no goal was set.
    """

    name: str
    value: float
    unit: str
    yardstick: str
    yardstick_value: float
    goal: float | None = None

    @property
    def ratio(self) -> float:
        """Return how many times the yardstick this takes."""
        return self.value / self.yardstick_value

    @property
    def reached(self) -> bool | None:
        """Tell whether the goal was reached; None = no goal was set."""
        return None if self.goal is None else self.ratio <= self.goal


def medians(*measures: Callable[[], float], rounds: int = ROUNDS) -> tuple[float, ...]:
    """Return the median of each measure, taken in turn so that all meet the same weather."""
    taken = [tuple(measure() for measure in measures) for _ in range(rounds)]
    return tuple(median(values) for values in zip(*taken, strict=True))
