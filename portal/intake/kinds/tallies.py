"""Counts taken in as counts: each number possible, each cell taken in once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.intake.files import cells
from portal.intake.files.cells import plain
from portal.intake.files.checking import OneByOne
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.refusals import Fault, Flaw
from portal.intake.files.sheets import Sheet
from portal.intake.files.spool import Staged
from portal.intake.kinds.exam_words import exam_kind_of
from portal.intake.kinds.register import Register, Trades
from portal.intake.kinds.rows import Cells
from portal.intake.kinds.settling import Checked, Series, SmallSettler
from portal.rules.figures import Exam
from portal.store.exams import Tally
from portal.store.receipts import Receipt

FORM = format_of(Kind.TALLIES)
COUNTS = ("registered", "sat", "sat_first", "passed_first", "passed")
_AT_MOST = (
    ("sat", "registered"), ("passed", "sat"), ("sat_first", "sat"),
    ("passed_first", "sat_first"), ("passed_first", "passed"),
)  # fmt: skip


def period_of(raw: str) -> Period | Fault:
    """Return the period that a cell names: 2025, 2025-H1, 2025-Q3."""
    text = plain(raw).upper()
    if not text:
        return Fault("cell.empty")
    try:
        return Period.parse(text)
    except ValueError:
        return Fault("tally.period")


class TallyRows(OneByOne):
    """The checker of tallies."""

    form = FORM

    def __init__(
        self, day: date, exam_rules: Callable[[date], Exam], register: Register, trades: Trades
    ) -> None:
        """Judge as on ``day``, against the known institutions and trades."""
        self._day, self._exam_rules = day, exam_rules
        self._register, self._trades = register, trades

    def begin(self, sheet: Sheet) -> None:
        """Have nothing to prepare."""

    def row(self, texts: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return institution, trade, kind, period and the five counts, or what is wrong."""
        row = Cells(FORM, texts)
        institution = row.read("institution_code", lambda _raw: self._institution(row))
        trade = row.read("trade", self._trades.find)
        kind = row.read("exam_kind", exam_kind_of)
        period = row.read("period", period_of)
        counts = {name: row.read(name, cells.whole) for name in COUNTS}
        if row.flaws or not (trade and kind and period):
            return row.flaws
        self._judge(row, kind, period, counts)
        if row.flaws:
            return row.flaws
        return (institution, trade.slug, kind, str(period), *counts.values())

    def _institution(self, row: Cells) -> int | Fault:
        code, name = plain(row.raw("institution_code")), plain(row.raw("institution_name"))
        found = self._register.one(code, name)
        return Fault("institution.none") if found is None else found

    def _judge(self, row: Cells, kind: str, period: Period, counts: dict[str, int | None]) -> None:
        if period.starts_on > self._day:
            row.blame("period", "tally.future")
        known = self._exam_rules(period.starts_on).kind(kind)
        if known is None or not (known.held_on(period.starts_on) or known.held_on(period.ends_on)):
            row.blame("exam_kind", "exam.kind_not_held", day=period.starts_on)
        for name in ("sat", "passed"):
            if counts[name] is None:
                row.blame(name, "cell.empty")
        if (counts["sat_first"] is None) is not (counts["passed_first"] is None):
            row.blame("passed_first", "tally.first_half_given")
        _compare(row, counts)


def _compare(row: Cells, counts: dict[str, int | None]) -> None:
    for less, more in _AT_MOST:
        few, many = counts[less], counts[more]
        if few is not None and many is not None and few > many:
            row.blame(less, f"tally.{less}_over_{more}", less=few, more=many)


class TallySettler(SmallSettler):
    """Settles tallies: the same counts again are merged, others of the same cell refused."""

    kind = "tallies"

    def __init__(self, session: Session, corrected: frozenset[int] = frozenset()) -> None:
        """Know every tally that is stored, and the receipt that brought it."""
        super().__init__(session, corrected)
        self._known: defaultdict[tuple[int, str, str], Series] = defaultdict(Series)
        counts = (getattr(Tally, name) for name in COUNTS)
        cell = (Tally.institution_id, Tally.trade, Tally.exam_kind)
        origin = (Tally.id, Tally.source, Receipt.id, Receipt.number)
        stored = select(*cell, Tally.period, *origin, *counts)
        rows = session.execute(stored.join(Receipt, Receipt.id == Tally.receipt_id))
        for institution_id, trade, kind, period, row_id, source, brought_by, number, *said in rows:
            if source == "tallies" and brought_by in corrected:
                self._reissue.know((institution_id, trade, kind, period), tuple(said), row_id)
                continue
            # What was kept from results is never the same as a count: it can only clash.
            told = tuple(said) if source == "tallies" else (source,)
            self._known[institution_id, trade, kind].know(period, told, number)

    def verdict(self, row: Checked) -> Fault | bool:
        """Tell whether the counts are new, or with what they clash."""
        institution_id, trade, kind, period, *counts = row.values
        again = self.reissued((institution_id, trade, kind, period), tuple(counts))
        if again is not None:
            self._known[institution_id, trade, kind].know(period, tuple(counts), row.line)
            return again
        return self._known[institution_id, trade, kind].verdict(period, tuple(counts), row.line)

    def row_of(self, values: Staged, receipt: Receipt) -> Tally:
        """Return the row that a line of the file stands for."""
        return _tally(values, receipt)

    def put(self, rows: list[Staged], receipt: Receipt) -> dict[str, Any]:
        """Write the tallies; return the trades, kinds and periods they feed."""
        self._session.add_all(self.row_of(row, receipt) for row in rows)
        fed = sorted({(trade, kind, period) for _, trade, kind, period, *_ in rows})
        return {"cells": [{"trade": t, "exam_kind": k, "period": p} for t, k, p in fed]}


def _tally(row: Staged, receipt: Receipt) -> Tally:
    institution_id, trade, exam_kind, period, *counts = row
    registered, sat, sat_first, passed_first, passed = counts
    return Tally(
        institution_id=institution_id,
        trade=trade,
        exam_kind=exam_kind,
        period=period,
        registered=registered,
        sat=sat,
        sat_first=sat_first,
        passed_first=passed_first,
        passed=passed,
        source="tallies",
        receipt_id=receipt.id,
    )
