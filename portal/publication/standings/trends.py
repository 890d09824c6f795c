"""How a trade as a whole did, period by period: the sum of what the edition publishes."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.publication.standings.rankings import Head
from portal.store.editions import EditionStanding


def trade_shares(session: Session, edition: Head, trade: str) -> dict[str, float]:
    """Return period → share (0 to 1) of successes in all published trials of the trade."""
    column = EditionStanding.__table__.c.trend
    wanted = select(column).where(
        EditionStanding.edition_id == edition.id, EditionStanding.trade == trade
    )
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for trend in session.scalars(wanted):
        for cell in trend:
            if cell.get("trials"):
                sums[cell["period"]][0] += cell["successes"]
                sums[cell["period"]][1] += cell["trials"]
    return {period: successes / trials for period, (successes, trials) in sums.items()}
