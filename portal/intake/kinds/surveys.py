"""Satisfaction counted elsewhere: five counts that fit, or a rounded share marked as such."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.domain.survey import OWN
from portal.intake.files import cells
from portal.intake.files.cells import is_blank, needed, plain
from portal.intake.files.checking import OneByOne
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.refusals import Fault, Flaw
from portal.intake.files.sheets import Sheet
from portal.intake.files.spool import Staged
from portal.intake.kinds.register import Register, Trades
from portal.intake.kinds.rows import Cells
from portal.intake.kinds.settling import Checked, Series, SmallSettler
from portal.intake.kinds.tallies import period_of
from portal.rules.figures import STEPS
from portal.store.receipts import Receipt
from portal.store.surveys import SurveyTally

FORM = format_of(Kind.SURVEYS)
_LONGEST_SOURCE = 100
ALL_TRADES = ""


class SurveyRows(OneByOne):
    """The checker of survey counts."""

    form = FORM

    def __init__(self, day: date, register: Register, trades: Trades) -> None:
        """Judge as on ``day``, against the known institutions and trades."""
        self._day, self._register, self._trades = day, register, trades

    def begin(self, sheet: Sheet) -> None:
        """Have nothing to prepare."""

    def row(self, texts: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return institution, trade, period, source, invited, answered, steps, share; or flaws."""
        row = Cells(FORM, texts)
        institution = row.read("institution_code", self._institution)
        trade = row.read("trade", self._trade)
        period = row.read("period", period_of)
        source = row.read("source", needed(_source))
        invited = row.read("invited", cells.whole)
        answered = row.read("answered", needed(cells.whole))
        steps = [row.read(step, cells.whole) for step in STEPS]
        share = row.read("satisfied_share", cells.share)
        rate = row.read("response_rate", cells.share)
        if row.flaws or period is None or answered is None:
            return row.flaws
        if invited is None and rate:
            invited = max(answered, round(answered / rate))
        self._judge(row, period, (invited, answered), steps, share)
        if row.flaws:
            return row.flaws
        return (institution, trade, str(period), source, invited, answered, *steps, share)

    def _institution(self, raw: str) -> int | Fault:
        found = self._register.one(plain(raw), "")
        return Fault("cell.empty") if found is None else found

    def _trade(self, raw: str) -> str | Fault:
        if is_blank(plain(raw)):
            return ALL_TRADES
        found = self._trades.find(raw)
        return found if isinstance(found, Fault) else found.slug

    def _judge(
        self,
        row: Cells,
        period: Period,
        persons: tuple[int | None, int],
        steps: list[int | None],
        share: float | None,
    ) -> None:
        invited, answered = persons
        if period.starts_on > self._day:
            row.blame("period", "tally.future")
        if invited is not None and answered > invited:
            row.blame("answered", "survey.answered_over_invited", less=answered, more=invited)
        given = [step for step in steps if step is not None]
        if share is None and len(given) < len(STEPS):
            row.blame("very_satisfied", "survey.nothing_counted")
        if share is not None and given:
            row.blame("satisfied_share", "survey.share_and_counts")
        if sum(given) > answered:
            row.blame("answered", "survey.steps_over_answered", less=sum(given), more=answered)


def _source(raw: str) -> str | Fault:
    """Return the name of a survey; this portal's own is taken by nobody else."""
    found = cells.text(raw, _LONGEST_SOURCE)
    if isinstance(found, str) and found.casefold() == OWN:
        return Fault("survey.source_reserved")
    return found


_SAID = ("invited", "answered", *STEPS, "satisfied_share")


class SurveySettler(SmallSettler):
    """Settles survey counts: the same again are merged, others of the same period refused."""

    kind = "surveys"

    def __init__(self, session: Session, corrected: frozenset[int] = frozenset()) -> None:
        """Know every survey count that is stored, and the receipt that brought it."""
        super().__init__(session, corrected)
        self._known: defaultdict[tuple[int, str, str], Series] = defaultdict(Series)
        table = SurveyTally
        said = (getattr(table, name) for name in _SAID)
        series = (table.institution_id, table.trade, table.source)
        stored = select(*series, table.period, table.id, Receipt.id, Receipt.number, *said)
        rows = session.execute(stored.join(Receipt, Receipt.id == table.receipt_id))
        for institution_id, trade, source, period, row_id, brought_by, number, *values in rows:
            if brought_by in corrected:
                key = (institution_id, trade, source, period)
                self._reissue.know(key, tuple(values), row_id)
                continue
            self._known[institution_id, trade, source].know(period, tuple(values), number)

    def verdict(self, row: Checked) -> Fault | bool:
        """Tell whether the counts are new, or with what they clash."""
        institution_id, trade, period, source, *said = row.values
        again = self.reissued((institution_id, trade, source, period), tuple(said))
        if again is not None:
            self._known[institution_id, trade, source].know(period, tuple(said), row.line)
            return again
        return self._known[institution_id, trade, source].verdict(period, tuple(said), row.line)

    def row_of(self, values: Staged, receipt: Receipt) -> SurveyTally:
        """Return the row that a line of the file stands for."""
        return _tally(values, receipt)

    def put(self, rows: list[Staged], receipt: Receipt) -> dict[str, Any]:
        """Write the counts; return the periods and sources they are of."""
        self._session.add_all(self.row_of(row, receipt) for row in rows)
        periods, sources = {row[2] for row in rows}, {row[3] for row in rows}
        return {"periods": sorted(periods), "sources": sorted(sources)}


def _tally(row: Staged, receipt: Receipt) -> SurveyTally:
    institution_id, trade, period, source, *said = row
    values: dict[str, Any] = dict(zip(_SAID, said, strict=True))
    return SurveyTally(
        institution_id=institution_id,
        trade=trade,
        period=period,
        source=source,
        receipt_id=receipt.id,
        **values,
    )
