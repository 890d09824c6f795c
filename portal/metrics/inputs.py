"""What a ranking is computed from: counts and answers of institutions, as plain rows.

The same rows stand in an edition's bundle, after suppression.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.period import Period
from portal.rules.figures import STEPS, Composite, Integrity, Ranking, Satisfaction

OTHERS = ""
"""In place of an institution's code: the pooled row of cells too small to publish."""
ALL_TRADES = ""
"""In place of a trade: answers about the institution as a whole."""
FIRST_ATTEMPT = "first_attempt"
PASSED_OF_SAT = "passed_of_sat"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeInput:
    """A trade of the edition and the definition of its headline rate."""

    trade: str
    name_zh: str
    name_en: str
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An institution as it was named when the edition was composed."""

    institution: str
    name: str
    name_en: str | None
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An institution that stands in a trade's table, with counts or without."""

    trade: str
    institution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Counts of first certificates of one institution, trade and period.

    A cell that may not be published has ``withheld`` (the key of the reason) and no counts; a
    single count that is not published is None.
    """

    trade: str
    institution: str
    period: str
    registered: int | None
    sat: int | None
    sat_first: int | None
    passed_first: int | None
    passed: int | None
    withheld: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers to the effect question of one institution, trade (or all) and period.

    ``answered`` counts valid answers; the five counts are None where the source gives only a
    rounded share (then ``satisfied_answers`` is that share of ``answered``, rounded).
    """

    trade: str
    institution: str
    period: str
    source: str
    invited: int | None
    answered: int | None
    satisfied_answers: int | None
    very_satisfied: int | None = None
    satisfied: int | None = None
    neutral: int | None = None
    dissatisfied: int | None = None
    very_dissatisfied: int | None = None
    withheld: str | None = None

    @property
    def steps(self) -> tuple[int | None, ...]:
        """Return the five counts, best first."""
        return tuple(getattr(self, step) for step in STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherKind:
    """Counts of another kind of exam than first certificates: one institution, trade and period.

    ``registered`` None: not published by the source. Small cells are left out.
    """

    trade: str
    institution: str
    exam_kind: str
    period: str
    registered: int | None
    sat: int
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What was known of one condition of an institution: met, not_met or not_verified."""

    institution: str
    item: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPoints:
    """What an institution's integrity record cost it on the composing day, all cases together.

    No case is told here: what leaves the list later must not be readable in an old edition.
    """

    institution: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that one edition's figures are computed from."""

    period: Period
    trades: tuple[TradeInput, ...]
    institutions: tuple[Listed, ...]
    places: tuple[Place, ...]
    counts: tuple[Count, ...]
    answers: tuple[Answers, ...]
    other_kinds: tuple[OtherKind, ...] = ()
    conditions: tuple[Condition, ...] = ()
    record: tuple[RecordPoints, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRules:
    """The part of a rulebook that figures follow."""

    ranking: Ranking
    satisfaction: Satisfaction
    composite: Composite
    integrity: Integrity


def window_of(period: Period, rules: Ranking) -> tuple[str, ...]:
    """Return the periods that a rate counts, oldest first."""
    return tuple(str(one) for one in reversed(period.window(rules.window_periods)))


def trend_of(period: Period, rules: Ranking) -> tuple[str, ...]:
    """Return the periods that a trend shows, oldest first."""
    return tuple(str(one) for one in reversed(period.window(rules.trend_periods)))


def trials_of(count: Count, measure: str) -> tuple[int | None, int | None]:
    """Return trials and successes of a cell under a definition of the rate."""
    if measure == FIRST_ATTEMPT:
        return count.sat_first, count.passed_first
    return count.sat, count.passed
