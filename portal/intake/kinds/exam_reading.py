"""What reads the cells of exam rows: one memory of texts for each kind of cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.intake.files import cells
from portal.intake.files.cells import Memo, plain
from portal.intake.files.refusals import Fault
from portal.intake.kinds.exam_words import (
    attempt_of,
    exam_kind_of,
    words_of_result,
    words_of_score,
    words_of_state,
)
from portal.intake.kinds.register import Register, Trades


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of a sheet; ``institutions`` reads code and name together."""

    institutions: Memo[Any]
    trades: Memo[Any]
    exam_kinds: Memo[Any]
    attempts: Memo[Any]
    days: Memo[Any]
    scores: Memo[Any]
    texts: Memo[Any]
    states: Memo[Any]
    results: Memo[Any]

    @classmethod
    def of(cls, register: Register, trades: Trades, epoch: date | None) -> Readers:
        """Return fresh readers; ``epoch`` is day 0 of the sheet's serial dates."""

        def institution(named: tuple[str, str]) -> int | Fault | None:
            code, name = named
            return register.one(plain(code), plain(name))

        return cls(
            Memo(institution),
            Memo(trades.find),
            Memo(exam_kind_of),
            Memo(attempt_of),
            Memo(lambda raw: cells.day(raw, epoch)),
            Memo(words_of_score),
            Memo(cells.text),
            Memo(words_of_state),
            Memo(words_of_result),
        )

    def in_order(self) -> tuple[Memo[Any], ...]:
        """Return the reader of each column from trade to result."""
        day, score, state = self.days, self.scores, self.states
        what = (self.trades, self.exam_kinds, self.attempts)
        return (*what, day, day, score, day, score, self.texts, state, state, state, self.results)
