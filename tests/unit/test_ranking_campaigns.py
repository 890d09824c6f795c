"""A seeded part of the campaigns of ``scripts/bench campaigns``: ranges and claims hold."""

from __future__ import annotations

import pytest
from invented_counts import Kind, campaign, long_campaign

SLACK = 0.03
"""What so few worlds may stray from the campaign's own bounds."""
QUICK = Kind(strata=1)


@pytest.mark.parametrize(
    ("kind", "worlds"), [(QUICK, 25), (Kind(cells=0.2), 5)], ids=["plain", "overdispersed"]
)
def test_ranges_hold_the_truth_about_as_often_as_they_say(kind: Kind, worlds: int) -> None:
    told = campaign(kind, range(worlds))
    assert 0.88 - SLACK <= told.rates <= 0.95 + SLACK
    assert 0.88 - SLACK <= told.ranks <= 0.95 + SLACK
    assert told.claims_right / told.claims >= 0.93 - 2 * SLACK


def test_of_identical_institutions_nobody_is_claimed_to_lead() -> None:
    assert campaign(Kind(strata=1, spread=0.0), range(25)).worlds_with_claims <= 2


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("cells", [0.0, 0.2], ids=["plain", "overdispersed"])
def test_over_500_worlds_ranges_hold_the_truth(cells: float) -> None:
    told = long_campaign(Kind(cells=cells), 500)
    assert 0.88 <= told.rates <= 0.95
    assert 0.88 <= told.ranks <= 0.95
    assert told.claims_right / told.claims >= 0.93


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_over_200_worlds_of_identical_institutions_hardly_anybody_is_claimed_to_lead() -> None:
    assert long_campaign(Kind(spread=0.0), 200).worlds_with_claims <= 10
