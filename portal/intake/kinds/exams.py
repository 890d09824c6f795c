"""Rows of exam results: each cell read, then what the cells say together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from portal.domain.exam import OPEN, ExamStatus, Marks, held_on, passed, sat
from portal.domain.keyed import keyed
from portal.domain.period import Period
from portal.intake.files import cells
from portal.intake.files.cells import Memo, broken, plain
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.refusals import Fault, Flaw, masked
from portal.intake.files.sheets import Sheet
from portal.intake.files.spool import Staged
from portal.intake.kinds.exam_words import (
    Words,
    attempt_of,
    words_of_result,
    words_of_score,
    words_of_state,
)
from portal.intake.kinds.persons import identity, person_name
from portal.intake.kinds.register import Register, Trades
from portal.rules.catalogue import Trade
from portal.rules.figures import Exam
from portal.rules.script import simplified

FORM = format_of(Kind.EXAMS)
_FEW = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a row is judged by: the day, the rules of any day, the key, the period's kind."""

    day: date
    exam_rules: Callable[[date], Exam]
    person_key: str
    period_kind: str


@dataclass(frozen=True, slots=True)
class _Read:
    """The cells of a row, each a value; named as the columns are."""

    institution_id: int | None
    trade: Trade
    exam_kind: str
    attempt: int
    registered_on: date | None
    theory_on: date | None
    theory: Words
    practical_on: date | None
    practical: Words
    site: str
    status: Words
    theory_state: Words
    practical_state: Words
    result: bool | None


class ExamRows:
    """The checker of exam rows."""

    form = FORM

    def __init__(self, standing: Standing, register: Register, trades: Trades) -> None:
        """Judge by ``standing``, against the known institutions and trades."""
        self._standing = standing
        self._register = register
        self._id_hash = keyed(standing.person_key, "person")
        self._name_hash = keyed(standing.person_key, "name")
        self._ticket_hash = keyed(standing.person_key, "ticket")
        self._row_hash = keyed(standing.person_key, "row")
        self._content_hash = keyed(standing.person_key, "content")
        self._rules = lru_cache(maxsize=_FEW)(standing.exam_rules)
        self._institutions: Memo[Any] = Memo(self._institution)
        self._texts: Memo[Any] = Memo(cells.text)
        self._memos: tuple[Memo[Any], ...] = ()
        self._trades: Memo[Any] = Memo(trades.find)
        self.begin(Sheet(name="", rows=()))

    def begin(self, sheet: Sheet) -> None:
        """Read dates as the sheet counts them."""
        days: Memo[Any] = Memo(lambda raw: cells.day(raw, sheet.epoch))
        scores: Memo[Any] = Memo(words_of_score)
        states: Memo[Any] = Memo(words_of_state)
        self._memos = (
            self._trades,
            Memo(exam_kind_of),
            Memo(attempt_of),
            days,
            days,
            scores,
            days,
            scores,
            self._texts,
            states,
            states,
            states,
            Memo(words_of_result),
        )

    def row(self, raw: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return the row as it is kept, or what is wrong with it."""
        ticket, person, name, code, institution, *rest = raw
        person_id = identity(person)
        found = self._institutions[f"{code}\0{institution}"]
        values = [memo[text] for memo, text in zip(self._memos, rest, strict=True)]
        unseen = broken(ticket) or broken(name)
        if unseen or type(person_id) is Fault or Fault in map(type, values) or type(found) is Fault:
            return self._flaws((broken(ticket), person_id, broken(name), found), values)
        row: list[Any] = [found, *values]
        read = _Read(*row)
        status = status_of(read)
        if isinstance(status, Flaw):
            return [status]
        marks = _marks(read, status)
        if flaws := self._day_flaws(read, status) or self._score_flaws(read, marks):
            return flaws
        return self._staged(read, marks, str(person_id), plain(ticket), person_name(name))

    def _flaws(self, heads: tuple[object, ...], values: list[Any]) -> list[Flaw]:
        *_, institution = heads
        by_code = isinstance(institution, Fault) and "code" in institution.rule
        named = "institution_code" if by_code else "institution_name"
        keys = (*FORM.keys[:3], named, *FORM.keys[5:])
        pairs = zip(keys, (*heads, *values), strict=True)
        return [Flaw(key, value) for key, value in pairs if isinstance(value, Fault)]

    def _institution(self, cells_text: str) -> int | Fault | None:
        code, _, name = cells_text.partition("\0")
        return self._register.one(plain(code), plain(name))

    def _day_flaws(self, read: _Read, status: ExamStatus) -> list[Flaw]:
        held = held_on(read.theory_on, read.practical_on)
        theory_undated = read.theory.score is not None and read.theory_on is None
        if held is None or theory_undated:
            return [Flaw("theory_on", Fault("exam.no_day"))]
        flaws = [] if status is ExamStatus.REGISTERED else self._future(read)
        if read.registered_on and read.registered_on > held:
            flaws.append(Flaw("registered_on", Fault("exam.before_registration")))
        if read.theory_on and read.practical_on and read.practical_on < read.theory_on:
            flaws.append(Flaw("practical_on", Fault("exam.practical_before_theory")))
        kind = self._rules(held).kind(read.exam_kind)
        if kind is None or not kind.held_on(held):
            flaws.append(Flaw("exam_kind", Fault("exam.kind_not_held", {"day": held})))
        if not read.trade.valid_on(held):
            flaws.append(Flaw("trade", Fault("exam.trade_not_valid", {"day": held})))
        return flaws

    def _future(self, read: _Read) -> list[Flaw]:
        days = (("theory_on", read.theory_on), ("practical_on", read.practical_on))
        fault = Fault("exam.future", {"day": self._standing.day})
        return [Flaw(column, fault) for column, on in days if on and on > self._standing.day]

    def _score_flaws(self, read: _Read, marks: Marks) -> list[Flaw]:
        theory, practical, status = read.theory.score, read.practical.score, marks.status
        if status in _WITHOUT_SCORE and (theory or practical):
            column = "theory_score" if theory else "practical_score"
            return [Flaw(column, Fault(f"exam.{status.value}_with_score"))]
        later = marks.attempt > 1 and practical is not None
        if status is ExamStatus.NORMAL and theory is None and not later:
            return [Flaw("theory_score", Fault("exam.no_score"))]
        told = read.result
        if told is not None and status not in OPEN and told is not self._passed(read, marks):
            rule = "exam.passed_but_scores" if told else "exam.failed_but_scores"
            return [Flaw("result", Fault(rule))]
        return []

    def _passed(self, read: _Read, marks: Marks) -> bool:
        held = held_on(read.theory_on, read.practical_on) or self._standing.day
        return passed(marks, read.trade.pass_line or self._rules(held).pass_line)

    def _staged(self, read: _Read, marks: Marks, person: str, ticket: str, name: str) -> Staged:
        held = held_on(read.theory_on, read.practical_on) or self._standing.day
        kept = _kept(read, marks, str(Period.of(held, self._standing.period_kind)))
        sitting = (person, read.trade.slug, read.exam_kind, str(read.attempt), ticket or str(held))
        return (
            self._row_hash("\0".join(sitting)),
            self._content_hash("\0".join(map(str, kept))),
            self._id_hash(person),
            self._name_hash(name),
            self._ticket_hash(ticket),
            *kept,
            sat(marks),
            self._passed(read, marks),
            masked(person),
        )


def _marks(read: _Read, status: ExamStatus) -> Marks:
    without = status in _WITHOUT_SCORE
    return Marks(
        exam_kind=read.exam_kind,
        attempt=read.attempt,
        status=status,
        theory_score=None if without else read.theory.score,
        practical_score=None if without else read.practical.score,
    )


def _kept(read: _Read, marks: Marks, period: str) -> Staged:
    """Return what is stored of a row beside its hashes and the decisions on it."""
    return (
        read.institution_id,
        read.trade.slug,
        read.exam_kind,
        period,
        read.attempt,
        _iso(read.registered_on),
        _iso(read.theory_on),
        marks.theory_score,
        _iso(read.practical_on),
        marks.practical_score,
        read.site,
        marks.status.value,
    )


_WITHOUT_SCORE = frozenset({ExamStatus.ABSENT, ExamStatus.REGISTERED})


def status_of(read: _Read) -> ExamStatus | Flaw:
    """Return the one status that the cells of a row agree on, or the cell that contradicts."""
    heavy = [(column, status) for column, status in _told(read) if status is not ExamStatus.NORMAL]
    if read.status.status is None:
        return _without_status_column(heavy)
    differing = [column for column, status in heavy if status is not read.status.status]
    return Flaw(differing[0], Fault("exam.states_differ")) if differing else read.status.status


def _told(read: _Read) -> list[tuple[str, ExamStatus]]:
    """Return column → status for each cell that tells one.

    Who has a theory score and stayed away from practice only did sit.
    """
    theory = [
        ("status", read.status.status),
        ("theory_state", read.theory_state.status),
        ("theory_score", read.theory.status),
    ]
    practice = [
        ("practical_state", read.practical_state.status),
        ("practical_score", read.practical.status),
    ]
    if read.theory.score is not None:
        practice = [pair for pair in practice if pair[1] is not ExamStatus.ABSENT]
    return [(column, status) for column, status in theory + practice if status is not None]


def _without_status_column(heavy: Sequence[tuple[str, ExamStatus]]) -> ExamStatus | Flaw:
    """Return what the states of theory and practice say together; the graver one holds."""
    grave = (ExamStatus.VIOLATION, ExamStatus.PENDING, ExamStatus.ABSENT, ExamStatus.EXEMPT)
    said = {status: column for column, status in heavy}
    return next((status for status in grave if status in said), ExamStatus.NORMAL)


def exam_kind_of(raw: str) -> str | Fault:
    """Return the kind of exam that a cell names."""
    text = simplified(plain(raw)).casefold()
    if not text:
        return Fault("exam.kind_empty")
    return _KINDS.get(text) or Fault("exam.kind_unknown")


_KINDS = {
    name: kind
    for kind, names in {
        "initial": ("initial", "初次取证", "初训", "初领", "初考", "新证", "新取证", "取证"),
        "review": ("review", "复审"),
        "renewal": ("renewal", "换证", "延期换证", "延期"),
    }.items()
    for name in names
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
