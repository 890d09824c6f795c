"""Exam results, as keyed hashes of persons, and the tallies kept from them at intake."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import Code, Digest, InstitutionKey, Key, PeriodText, Table, Word

SAID = (
    "institution_id", "trade", "exam_kind", "period", "attempt", "registered_on", "theory_on",
    "theory_score", "practical_on", "practical_score", "site", "status",
)  # fmt: skip
"""What a file says of a sitting: two rows of one sitting that agree in these say the same."""


class ExamResult(Table, kw_only=True):
    """One candidate's attempt; of the person only a keyed hash is kept.

    ``institution_id`` None: the candidate had no institution and counts for nobody.
    ``natural_key`` is the keyed hash of person, trade, kind, attempt and sitting (the ticket, else
    the day): the same row again is known by it. ``sat`` and ``passed`` were decided at intake by
    the rules of the exam's day; ``first`` marks the sitting that is its person's first in this
    trade and kind.
    """

    __tablename__ = "exam_result"
    __table_args__ = (
        CheckConstraint("theory_score BETWEEN 0 AND 100", name="theory_range"),
        CheckConstraint("practical_score BETWEEN 0 AND 100", name="practical_range"),
        CheckConstraint("attempt >= 1", name="attempt_from_one"),
        CheckConstraint("sat OR NOT passed", name="passed_of_sat"),
        # The sitting is its person's: one index finds both, and grows from end to end when rows
        # are written in the order of persons.
        UniqueConstraint("person_hash", "natural_key"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    natural_key: Mapped[Digest]
    person_hash: Mapped[Digest]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    trade: Mapped[Code]
    exam_kind: Mapped[Word]
    period: Mapped[PeriodText]
    attempt: Mapped[int]
    registered_on: Mapped[date | None]
    theory_on: Mapped[date | None]
    theory_score: Mapped[float | None]
    practical_on: Mapped[date | None]
    practical_score: Mapped[float | None]
    site: Mapped[str] = mapped_column(String(200))
    status: Mapped[Word]
    sat: Mapped[bool]
    passed: Mapped[bool]
    first: Mapped[bool] = mapped_column(default=False)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)


class Tally(Table, kw_only=True):
    """Counts of one institution, trade, exam kind and period.

    ``source`` is exams (kept from results) or tallies (taken in as counts). ``registered``,
    ``sat_first`` and ``passed_first`` are None where the source does not publish them.
    """

    __tablename__ = "tally"
    __table_args__ = (
        UniqueConstraint("institution_id", "trade", "exam_kind", "period"),
        CheckConstraint("passed BETWEEN 0 AND sat", name="passed_of_sat"),
        CheckConstraint("registered IS NULL OR sat <= registered", name="sat_of_registered"),
        CheckConstraint("passed_first BETWEEN 0 AND sat_first", name="first_passed_of_sat"),
        CheckConstraint("sat_first IS NULL OR sat_first <= sat", name="first_of_sat"),
        Index("ix_tally_trade", "trade", "exam_kind", "period"),
    )

    id: Mapped[Key] = mapped_column(init=False)
    institution_id: Mapped[InstitutionKey]
    trade: Mapped[Code]
    exam_kind: Mapped[Word]
    period: Mapped[PeriodText]
    registered: Mapped[int | None]
    sat: Mapped[int]
    sat_first: Mapped[int | None]
    passed_first: Mapped[int | None]
    passed: Mapped[int]
    source: Mapped[Word]
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)


def known_persons(session: Session, hashes: Collection[str]) -> set[str]:
    """Return those of some persons of whom results are stored."""
    if session.scalar(select(ExamResult.id).limit(1)) is None:
        return set()
    array = json.dumps([*hashes])
    if session.get_bind().dialect.name == "sqlite":
        asked = func.json_each(array).table_valued(column("value"))
    else:
        listed = cast(literal(array, String), JSON)
        asked = func.json_array_elements_text(listed).table_valued(column("value"))
    stored = ExamResult.person_hash
    return set(session.scalars(select(stored).where(stored.in_(select(asked.c.value)))))


def institutions_with_counts(session: Session, ids: Collection[int]) -> set[int]:
    """Return those of some institutions of which figures were taken in as counts."""
    counted = select(Tally.institution_id).where(
        Tally.institution_id.in_(ids), Tally.source == "tallies"
    )
    return set(session.scalars(counted.distinct()))
