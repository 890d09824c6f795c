"""Exam rows judged in columns: each distinct combination of cells once, then looked up.

Whatever is not plainly good is left to the judgement of the row by itself. The same judge looks at
the first row of every combination here, so that there is one set of rules and not two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, NamedTuple

from portal.domain.exam import ExamStatus, sat
from portal.domain.keyed import keyed_column
from portal.intake.files.cells import Memo, broken
from portal.intake.files.checking import Judged
from portal.intake.files.refusals import Fault, masked
from portal.intake.kinds.exam_judging import Judge, Read, Standing
from portal.intake.kinds.exam_reading import Readers
from portal.intake.kinds.exam_staged import first_alone
from portal.intake.kinds.exam_words import Words
from portal.intake.kinds.persons import plain_identities

Column = Sequence[Any]

_DOUBTFUL = Fault("row.doubtful")
"""In place of a value: the row is to be judged by itself."""
_NOTHING = Words()
_UNMARKED = (1, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, None)
_FEW, _SOME, _MANY = 20_000, 50_000, 100_000


class _Rule:
    """What marks are judged by; ``example`` are trade, kind and days of a sitting under it."""

    def __init__(self, example: tuple[Any, ...]) -> None:
        self.example = example


class _Read(NamedTuple):
    """The columns of a block as they were read; any value may be a fault."""

    tickets: Column
    persons: Column
    names: Column
    institutions: Column
    sites: Column
    sittings: Column
    marks: Column


class _Sitting(NamedTuple):
    """What trade, kind and days come to; ``named`` is the part of it by which a row is known."""

    rule: Any
    named: Any = None
    trade: Any = None
    exam_kind: Any = None
    period: Any = None
    registered_on: Any = None
    theory_on: Any = None
    practical_on: Any = None


class _Marked(NamedTuple):
    """What attempt, scores, states and result come to by a rule."""

    attempt: Any
    theory_score: Any
    practical_score: Any
    status: Any
    sat: Any
    passed: Any
    first: Any


class ExamColumns:
    """Judges the columns of one sheet."""

    def __init__(self, standing: Standing, judge: Judge, readers: Readers) -> None:
        """Judge with ``judge`` what ``readers`` read."""
        self._judge, self._readers = judge, readers
        key = standing.person_key
        self._person_hashes = keyed_column(key, "person")
        self._row_hashes = keyed_column(key, "row")
        self._rules: dict[tuple[Any, ...], _Rule] = {}
        self._sittings: Memo[Any] = Memo(self._sitting, _FEW)
        self._marks: Memo[Any] = Memo(self._marked, _SOME)
        self._names: Memo[Any] = Memo(broken, _MANY)

    def judged(self, columns: Sequence[Column]) -> Judged:
        """Return the rows that are plainly good, as they are kept, and which these are."""
        ticket, person, name, code, institution, trade, kind, attempt, *more = columns
        registered, theory_on, theory, practical_on, practical, site, *told = more
        sittings = _looked_up(self._sittings, trade, kind, registered, theory_on, practical_on)
        rules = [sitting.rule for sitting in sittings]
        read = _Read(
            tickets=[*map(_plain_ticket, ticket)],
            persons=[found or _DOUBTFUL for found in plain_identities(person)],
            names=[*map(self._names.__getitem__, name)],
            institutions=_looked_up(self._readers.institutions, code, institution),
            sites=[*map(self._readers.texts.__getitem__, site)],
            sittings=sittings,
            marks=_looked_up(self._marks, rules, attempt, theory, practical, *told),
        )
        good = _good(read)
        if good is not None:
            read = _Read(*([*compress(column, good)] for column in read))
        return Judged(good, self._kept(read) if read.persons else ())

    def _kept(self, read: _Read) -> tuple[Column, ...]:
        # Of each a tuple of columns, by the same names.
        of = _Sitting(*zip(*read.sittings, strict=True))
        by = _Marked(*zip(*read.marks, strict=True))
        return (
            [f"{who[:2]}{_STARS}{who[-2:]}" for who in read.persons],
            self._row_hashes(_keys(read, of, by)),
            self._person_hashes(read.persons),
            read.institutions,
            *(of.trade, of.exam_kind, of.period, by.attempt),
            *(of.registered_on, of.theory_on, by.theory_score, of.practical_on, by.practical_score),
            read.sites,
            *(by.status, by.sat, by.passed, by.first),
        )

    def _sitting(self, raw: tuple[str, ...]) -> _Sitting:
        """Judge a combination of trade, kind and days."""
        trade, kind, *texts = raw
        readers = self._readers
        days: list[Any] = [readers.days[text] for text in texts]
        found = (readers.trades[trade], readers.exam_kinds[kind], *days)
        if Fault in map(type, found):
            return _NO_SITTING
        read = _row(found)
        # Rosters speak of days to come: whether these may be is judged with the marks.
        if self._judge.day_flaws(read, ExamStatus.REGISTERED):
            return _NO_SITTING
        future, dated = bool(self._judge.future(read)), read.theory_on is not None
        known = (self._judge.pass_line(read), read.exam_kind, future, dated)
        rule = self._rules.setdefault(known, _Rule(found))
        registered_on, theory_on, practical_on = (day and day.isoformat() for day in days)
        slug = read.trade.slug
        return _Sitting(
            rule=rule,
            named=f"{slug}\0{read.exam_kind}",
            trade=slug,
            exam_kind=read.exam_kind,
            period=self._judge.period(read),
            registered_on=registered_on,
            theory_on=theory_on,
            practical_on=practical_on,
        )

    def _marked(self, raw: tuple[Any, ...]) -> _Marked | Fault:
        """Judge a combination of attempt, scores, states and result by a rule."""
        rule, attempt, theory, practical, *states, result = raw
        readers = self._readers
        found = (
            readers.attempts[attempt],
            readers.scores[theory],
            readers.scores[practical],
            *(readers.states[text] for text in states),
            readers.results[result],
        )
        if rule is None or Fault in map(type, found):
            return _DOUBTFUL
        read = _row(rule.example, found)
        marks = self._judge.marks(read)
        if isinstance(marks, list):
            return _DOUBTFUL
        return _Marked(
            *(marks.attempt, marks.theory_score, marks.practical_score, marks.status.value),
            *(sat(marks), self._judge.passed(read, marks), first_alone(marks)),
        )


_NO_SITTING = _Sitting(None)
_STARS = masked("0" * 18)[2:-2]


def _row(days: tuple[Any, ...], marks: tuple[Any, ...] = _UNMARKED) -> Read:
    """Return a row of these days and marks, at no institution and no site."""
    trade, kind, registered_on, theory_on, practical_on = days
    attempt, theory, practical, *told = marks
    when = (registered_on, theory_on, theory, practical_on, practical)
    return Read(None, trade, kind, attempt, *when, "", *told)


def _keys(read: _Read, of: _Sitting, by: _Marked) -> Iterable[str]:
    """Yield what makes a row this sitting of this person."""
    days = (of.theory_on, of.practical_on)
    rows = zip(read.persons, of.named, by.attempt, read.tickets, *days, strict=True)
    return (f"{who}\0{what}\0{nth}\0{no or a or b}" for who, what, nth, no, a, b in rows)


def _looked_up(memo: Memo[Any], *columns: Iterable[Any]) -> list[Any]:
    return [*map(memo.__getitem__, zip(*columns, strict=True))]


def _plain_ticket(raw: str) -> str | Fault:
    """Return a ticket that needs no cleaning."""
    return raw if raw.isascii() and (raw.isalnum() or not raw) else _DOUBTFUL


def _good(columns: Sequence[Column]) -> list[bool] | None:
    """Tell which rows are beyond doubt; None = all of them."""
    if not any(Fault in set(map(type, column)) for column in columns):
        return None
    return [Fault not in map(type, row) for row in zip(*columns, strict=True)]
