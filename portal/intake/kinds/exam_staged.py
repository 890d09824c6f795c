"""Checked exam rows as they lie in the spool and in a temporary table: hashes and plain values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, MetaData, String, Table

from portal.domain.exam import Marks, sat
from portal.store.exams import SAID

KEPT = ("natural_key", "person_hash", *SAID, "sat", "passed")
"""What is stored of a row."""
PLACE = ("sheet", "line", "shown")
"""Where a row stands in its file, and the masked number with which it is shown."""
STAGED = (*PLACE, *KEPT, "first")
"""``first`` tells whether it is the first sitting of its person, had the person no other row."""

_TYPES: dict[str, Any] = {
    "institution_id": Integer, "attempt": Integer, "registered_on": Date, "theory_on": Date,
    "practical_on": Date, "theory_score": Float, "practical_score": Float, "sat": Boolean,
    "passed": Boolean, "first": Boolean, "sheet": Integer, "line": Integer,
}  # fmt: skip

INCOMING = Table(
    "incoming_exam",
    MetaData(),
    Column("row_no", Integer, primary_key=True, autoincrement=True),
    *(Column(name, _TYPES.get(name, String)) for name in STAGED),
    Column("stored", Integer),
    Column("verdict", String),
    prefixes=["TEMPORARY"],
)
"""Rows that have to be laid beside others; ``stored`` is the id of the row that each met."""


def first_alone(marks: Marks) -> bool:
    """Tell whether a sitting is its person's first where nothing else is known of the person."""
    return sat(marks) and marks.attempt == 1
