"""What the method's ranges and claims are worth: campaigns over invented worlds of known truth."""

from __future__ import annotations

from figures import Figure
from invented_counts import Kind, Tally, long_campaign

WORLDS, IDENTICAL = 500, 200
MOST_MISSED, LEAST_MISSED = 0.12, 0.05
"""Between these shares of 90 % ranges may miss: more would be too sure, fewer too vague."""
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
        found += _ranges(name, long_campaign(kind, WORLDS))
    alike = long_campaign(Kind(spread=0.0), IDENTICAL)
    claimed = alike.worlds_with_claims / alike.worlds
    return [*found, _at_most("identical worlds with a claim", claimed, WORLDS_WITH_CLAIMS)]


def _ranges(name: str, told: Tally) -> list[Figure]:
    wrong = 1 - told.claims_right / max(1, told.claims)
    return [
        *_missed(f"{name}: rate ranges that miss", 1 - told.rates),
        *_missed(f"{name}: rank ranges that miss", 1 - told.ranks),
        _at_most(f"{name}: top-ten claims that are wrong", wrong, CLAIMS_WRONG),
    ]


def _missed(name: str, share: float) -> list[Figure]:
    few = Figure(
        name=f"{name}: not too few",
        value=LEAST_MISSED,
        unit="share",
        yardstick="missed",
        yardstick_value=share,
        goal=1.0,
    )
    return [_at_most(name, share, MOST_MISSED), few]


def _at_most(name: str, value: float, most: float) -> Figure:
    return Figure(
        name=name, value=value, unit="share", yardstick="at most", yardstick_value=most, goal=1.0
    )
