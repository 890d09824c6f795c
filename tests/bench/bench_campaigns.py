"""What the method's ranges and claims are worth: campaigns over invented worlds of known truth."""

from __future__ import annotations

from figures import Figure
from invented_counts import Kind, Tally, campaign

WORLDS, IDENTICAL = 500, 200
NOMINAL = 0.10
"""Share of 90 % ranges that should miss; up to 1.2 times that is held to be good."""
WIDEST = 1.2
CLAIMS_WRONG = 0.07
WORLDS_WITH_CLAIMS = 0.05


def figures() -> list[Figure]:
    """Return how often ranges and claims were wrong, beside how often they may be."""
    found: list[Figure] = []
    for name, kind in (
        ("no overdispersion", Kind()),
        ("overdispersion 0.2", Kind(cells=0.2)),
        ("overdispersion 0.3", Kind(cells=0.3)),
    ):
        found += _ranges(name, campaign(kind, range(WORLDS)))
    alike = campaign(Kind(spread=0.0), range(IDENTICAL))
    claimed = alike.worlds_with_claims / alike.worlds
    return [*found, _share("identical worlds with a claim", claimed, WORLDS_WITH_CLAIMS, 1.0)]


def _ranges(name: str, told: Tally) -> list[Figure]:
    wrong = 1 - told.claims_right / max(1, told.claims)
    return [
        _share(f"{name}: rate ranges that miss", 1 - told.rates, NOMINAL, WIDEST),
        _share(f"{name}: rank ranges that miss", 1 - told.ranks, NOMINAL, WIDEST),
        _share(f"{name}: top-ten claims that are wrong", wrong, CLAIMS_WRONG, 1.0),
    ]


def _share(name: str, value: float, may_be: float, goal: float) -> Figure:
    return Figure(
        name=name,
        value=value,
        unit="share",
        yardstick="may be",
        yardstick_value=may_be,
        goal=goal,
    )
