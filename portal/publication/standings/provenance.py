"""Where figures come from that a regulator took in for an authority without an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.receipts import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Behalf:
    """A file taken in on behalf: the letter it came with, and the periods that it feeds here."""

    receipt: str
    sender: str
    document_no: str
    received_on: date
    periods: tuple[str, ...]


def on_behalf(session: Session, trade: str, periods: Iterable[str]) -> list[Behalf]:
    """Return the files taken in on behalf that feed a trade in these periods, oldest first."""
    wanted = frozenset(periods)
    asked = select(Receipt).where(Receipt.sender.is_not(None), Receipt.undone_at.is_(None))
    found = []
    for receipt in session.scalars(asked.order_by(Receipt.id)):
        cells = receipt.coverage.get("cells", ())
        fed = {cell["period"] for cell in cells if cell["trade"] == trade} & wanted
        if fed and receipt.received_on is not None:
            found.append(
                Behalf(
                    receipt=receipt.number,
                    sender=receipt.sender or "",
                    document_no=receipt.document_no or "",
                    received_on=receipt.received_on,
                    periods=tuple(sorted(fed)),
                )
            )
    return found
