"""Tallies changed in one go, however many: the cost follows the cells that change."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    exists,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.store.bulk import put
from portal.store.exams import Tally
from portal.store.receipts import Receipt

Cell = tuple[int, str, str, str]
"""Institution, trade, exam kind and period."""
Changes = dict[Cell, tuple[int, ...]]
"""Cell → what is added to each of :data:`COUNTS`."""
CELL = ("institution_id", "trade", "exam_kind", "period")
COUNTS = ("registered", "sat", "sat_first", "passed_first", "passed")

_TALLY = Tally.metadata.tables[Tally.__tablename__]
_CHANGE = Table(
    "tally_change",
    MetaData(),
    Column("institution_id", Integer),
    *(Column(name, String) for name in CELL[1:]),
    *(Column(name, Integer) for name in COUNTS),
    prefixes=["TEMPORARY"],
)
_SAME = and_(*(_TALLY.c[name] == _CHANGE.c[name] for name in CELL))


def change_tallies(session: Session, changes: Changes, receipt: Receipt) -> None:
    """Add the changes to the tallies; a cell without results is none."""
    rows = [(*cell, *counts) for cell, counts in sorted(changes.items()) if any(counts)]
    if not rows:
        return
    session.flush()
    _CHANGE.create(session.connection())
    put(session, _CHANGE, (*CELL, *COUNTS), [rows])
    added = {name: _TALLY.c[name] + _CHANGE.c[name] for name in COUNTS}
    session.execute(update(_TALLY).where(_SAME).values(receipt_id=receipt.id, **added))
    fresh = select(_CHANGE, literal("exams"), literal(receipt.id)).where(~exists().where(_SAME))
    session.execute(insert(_TALLY).from_select([*CELL, *COUNTS, "source", "receipt_id"], fresh))
    empty = (
        select(_TALLY.c.id)
        .join(_CHANGE, _SAME)
        .where(_TALLY.c.source == "exams", _TALLY.c.registered == 0)
    )
    session.execute(delete(_TALLY).where(_TALLY.c.id.in_(empty)))
    _CHANGE.drop(session.connection())
    for held in session:
        if isinstance(held, Tally):
            session.expire(held)
