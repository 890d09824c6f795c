"""What sealed editions hold beside the standings: pairs, and other kinds of exam."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.publication.standings.rankings import Head
from portal.store.editions_beside import EditionOtherKind, EditionPair

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OtherKind:
    """Another kind of exam than first certificates, as counted over the window."""

    trade: str
    exam_kind: str
    registered: int | None
    sat: int
    passed: int


def p_better(session: Session, edition: Head, trade: str, codes: list[str]) -> dict[Pair, float]:
    """Return (one, other) → probability that the one's rate is higher, both ways round."""
    table = EditionPair.__table__
    wanted = select(table.c.one_code, table.c.other_code, table.c.p_better).where(
        table.c.edition_id == edition.id,
        table.c.trade == trade,
        table.c.one_code.in_(codes),
        table.c.other_code.in_(codes),
    )
    found: dict[Pair, float] = {}
    for one, other, share in session.execute(wanted):
        found[one, other], found[other, one] = share, 1 - share
    return found


def other_kinds(session: Session, edition: Head, code: str) -> list[OtherKind]:
    """Return the institution's other kinds of exam, as counted over the window."""
    table = EditionOtherKind.__table__
    columns = [table.c[name] for name in OtherKind.__dataclass_fields__]
    wanted = select(*columns).where(
        table.c.edition_id == edition.id, table.c.institution_code == code
    )
    rows = session.execute(wanted.order_by(table.c.trade, table.c.exam_kind))
    return [OtherKind(*row) for row in rows]
