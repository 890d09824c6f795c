"""What the cells of an exam row say together: its status and marks, or the cells that clash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from portal.domain import exam
from portal.domain.exam import OPEN, ExamStatus, Marks, held_on
from portal.domain.period import Period
from portal.intake.files.refusals import Fault, Flaw
from portal.intake.kinds.exam_words import Words
from portal.rules.catalogue import Trade
from portal.rules.figures import Exam

_FEW = 5_000
_WITHOUT_SCORE = frozenset({ExamStatus.ABSENT, ExamStatus.REGISTERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a row is judged by: the day, the rules of any day, the key, the period's kind."""

    day: date
    exam_rules: Callable[[date], Exam]
    person_key: str
    period_kind: str


@dataclass(frozen=True, slots=True)
class Read:
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

    @property
    def held_on(self) -> date | None:
        """Return the day whose rules and period the row belongs to."""
        return held_on(self.theory_on, self.practical_on)


class Judge:
    """Judges rows whose cells could all be read."""

    def __init__(self, standing: Standing) -> None:
        """Judge by ``standing``."""
        self.day, self._period_kind = standing.day, standing.period_kind
        self._rules = lru_cache(maxsize=_FEW)(standing.exam_rules)

    def marks(self, read: Read) -> Marks | list[Flaw]:
        """Return what a row says of its sitting, or what is wrong with it."""
        status = status_of(read)
        if isinstance(status, Flaw):
            return [status]
        marks = _marks(read, status)
        return self.day_flaws(read, status) or self._score_flaws(read, marks) or marks

    def day_flaws(self, read: Read, status: ExamStatus) -> list[Flaw]:
        """Return what is wrong with the days of a row, and with what was examined on them."""
        held = read.held_on
        theory_undated = read.theory.score is not None and read.theory_on is None
        if held is None or theory_undated:
            return [Flaw("theory_on", Fault("exam.no_day"))]
        flaws = [] if status is ExamStatus.REGISTERED else self.future(read)
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

    def future(self, read: Read) -> list[Flaw]:
        """Return the days of a row that have not come yet."""
        days = (("theory_on", read.theory_on), ("practical_on", read.practical_on))
        fault = Fault("exam.future", {"day": self.day})
        return [Flaw(column, fault) for column, on in days if on and on > self.day]

    def passed(self, read: Read, marks: Marks) -> bool:
        """Tell whether every part that had to be passed was."""
        return exam.passed(marks, self.pass_line(read))

    def pass_line(self, read: Read) -> float:
        """Return the score that passes, by the trade or the rules of the day."""
        return read.trade.pass_line or self._rules(read.held_on or self.day).pass_line

    def period(self, read: Read) -> str:
        """Return the period to which a row belongs."""
        return str(Period.of(read.held_on or self.day, self._period_kind))

    def _score_flaws(self, read: Read, marks: Marks) -> list[Flaw]:
        theory, practical, status = read.theory.score, read.practical.score, marks.status
        if status in _WITHOUT_SCORE and (theory or practical):
            column = "theory_score" if theory else "practical_score"
            return [Flaw(column, Fault(f"exam.{status.value}_with_score"))]
        later = marks.attempt > 1 and practical is not None
        if status is ExamStatus.NORMAL and theory is None and not later:
            return [Flaw("theory_score", Fault("exam.no_score"))]
        if _may_be_away(read):
            return [Flaw("theory_score", Fault("exam.zero_unclear"))]
        told = read.result
        if told is not None and status not in OPEN and told is not self.passed(read, marks):
            rule = "exam.passed_but_scores" if told else "exam.failed_but_scores"
            return [Flaw("result", Fault(rule))]
        return []


def _may_be_away(read: Read) -> bool:
    """Tell whether nothing but zeros stands for a sitting: some write so of who stayed away."""
    told = (read.status.status, read.theory_state.status, read.practical_state.status, read.result)
    return read.theory.score == 0 and not read.practical.score and set(told) == {None}


def _marks(read: Read, status: ExamStatus) -> Marks:
    without = status in _WITHOUT_SCORE
    return Marks(
        exam_kind=read.exam_kind,
        attempt=read.attempt,
        status=status,
        theory_score=None if without else read.theory.score,
        practical_score=None if without else read.practical.score,
    )


def status_of(read: Read) -> ExamStatus | Flaw:
    """Return the one status that the cells of a row agree on, or the cell that contradicts."""
    heavy = [(column, status) for column, status in _told(read) if status is not ExamStatus.NORMAL]
    if read.status.status is None:
        return _without_status_column(heavy)
    differing = [column for column, status in heavy if status is not read.status.status]
    return Flaw(differing[0], Fault("exam.states_differ")) if differing else read.status.status


def _told(read: Read) -> list[tuple[str, ExamStatus]]:
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
