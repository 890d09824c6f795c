"""A quick look for the spread τ where there are many institutions."""

import numpy as np

from portal.domain.ranking.arrays import Floats
from portal.domain.ranking.counts import Counts
from portal.domain.ranking.modes import find_modes
from portal.domain.ranking.quadrature import Nodes
from portal.domain.ranking.sweep import moments

MANY = 300
START = 0.5
STEPS = 8
CLOSE = 0.1
NARROW = 0.12
REACH = 6.5
GRID = (7.0, 19)


def located_range(counts: Counts) -> tuple[float, float] | None:
    """Return the range that holds the mass of τ, or None where it must be searched for.

    Where the posterior of log τ is narrow its slope and curvature tell all: the slope at τ is
    Σ (E[θ²|τ]/τ² - 1), by quadrature.
    """
    if len(counts.copies) <= MANY:
        return None
    place, start = np.log(START), None
    last: tuple[float, float] | None = None
    for _ in range(STEPS):
        slope, start = _slope(counts, float(np.exp(place)), start)
        fall = -(slope - last[1]) / (place - last[0]) if last else counts.copies.sum()
        if fall <= 0:
            return None
        step, deviation = float(np.clip(slope / fall, -0.7, 0.7)), fall**-0.5
        if last and abs(step) < CLOSE * deviation:
            return _around(place + step, deviation)
        last, place = (place, slope), place + step
    return None


def _around(place: float, deviation: float) -> tuple[float, float] | None:
    if deviation > NARROW:
        return None
    return (
        float(np.exp(place - REACH * deviation)),
        float(np.exp(place + REACH * deviation)),
    )


def _slope(
    counts: Counts, spread: float, start: tuple[Floats, Floats] | None
) -> tuple[float, tuple[Floats, Floats]]:
    """Slope of the log likelihood in log τ, and the modes found on the way."""
    one = np.array([spread])
    modes = find_modes(counts, one, start)
    nodes = Nodes(one, modes.level, modes.effect, modes.information.curvature**-0.5, np.zeros(1))
    found = moments(counts, nodes, *GRID)
    square = found.mean[:, 0] ** 2 + found.deviation[:, 0] ** 2
    known = counts.per_pattern(counts.trials) > 0
    slope = float((counts.copies * (square / spread**2 - 1))[known].sum())
    return slope, (modes.level[0], modes.effect[:, 0])
