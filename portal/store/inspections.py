"""Inspections: the yearly plan, random draws, what was looked at, and one list of findings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import At, Code, Day, Digest, JsonValue, Key, Long, Name, Table, Word


class Draw(Table, kw_only=True):
    """A random draw: the promise of its seed is public at once, the seed when all is inspected.

    ``tickets`` tells whose each ticket is, internally; ``numbers`` are the tickets drawn.
    """

    __tablename__ = "inspection_draw"

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    year: Mapped[int]
    drawn_on: Mapped[Day]
    seed: Mapped[Digest]
    promise: Mapped[Digest]
    tickets: Mapped[list[str]] = mapped_column(JSON)
    numbers: Mapped[list[int]] = mapped_column(JSON)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Inspection(Table, kw_only=True):
    """One inspection; ``state`` is planned, done or waived, ``kind`` plan, draw or special.

    ``departments`` inspect together and share one list of findings. ``results`` is item → ok,
    problem or na. A waiver bears its reason and who signed it.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("(institution_id IS NULL) <> (unit_id IS NULL)", name="one_subject"),
        CheckConstraint(
            "state <> 'waived' OR (waive_reason IS NOT NULL AND waived_by IS NOT NULL)",
            name="waiver_signed",
        ),
    )

    id: Mapped[Key] = mapped_column(init=False)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    year: Mapped[int]
    kind: Mapped[Word]
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institution.id"), index=True, default=None
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True, default=None)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_draw.id"), default=None)
    checklist: Mapped[Code]
    departments: Mapped[list[str]] = mapped_column(JSON)
    planned_on: Mapped[Day]
    state: Mapped[Word] = mapped_column(default="planned")
    results: Mapped[dict[str, str]] = mapped_column(JsonValue, default_factory=dict)
    inspectors: Mapped[str] = mapped_column(String(200), default="")
    done_on: Mapped[date | None] = mapped_column(default=None)
    waive_reason: Mapped[str | None] = mapped_column(Text, default=None)
    waived_by: Mapped[str | None] = mapped_column(String(100), default=None)
    waived_on: Mapped[date | None] = mapped_column(default=None)


class Finding(Table, kw_only=True):
    """One thing found, by whichever department; ``case_number`` names the case it led to."""

    __tablename__ = "inspection_finding"

    id: Mapped[Key] = mapped_column(init=False)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    item: Mapped[Code]
    department: Mapped[Name]
    words: Mapped[Long]
    evidence: Mapped[Long]
    by: Mapped[Name] = mapped_column("by_name")
    at: Mapped[At]
    case_number: Mapped[str | None] = mapped_column(String(40), default=None)
