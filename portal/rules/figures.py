"""Rules behind published figures: ranking, satisfaction, exams, the all-round order, integrity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.rules.bounds import require, require_at_least, require_shares

STEPS = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
"""The five answers of a satisfaction question, best first."""

LONGEST_TREND = 8
"""Periods that a trend may show."""

SEVERITIES = ("minor", "general", "serious")
"""How grave a problem is, lightest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How rates become ranges, bands and places."""

    level: float
    """Share of probability inside every published range."""
    draws: int
    seed: int
    band_above: float
    """P(above average) from which an institution is called above average."""
    band_below: float
    """P(above average) down to which it is called below average."""
    min_published: int
    """Persons below which nothing is published."""
    min_effective_n: int
    """Effective persons below which there is neither place nor band."""
    rankability_min: float
    """Share of true variation below which no order is published."""
    window_periods: int
    """Periods in a window, the named one included."""
    discount_per_year: float
    trend_periods: int
    pairs_most: int
    """Institutions in a trade up to which every pair of them is compared."""

    def __post_init__(self) -> None:
        """Refuse values that no method could use."""
        require_shares(level=self.level, discount_per_year=self.discount_per_year)
        require_shares(rankability_min=self.rankability_min)
        require(
            0 <= self.band_below < self.band_above <= 1,
            "band_below must be smaller than band_above, both between 0 and 1",
        )
        require_at_least(0, seed=self.seed)
        require_at_least(1, draws=self.draws, min_published=self.min_published)
        require_at_least(1, window_periods=self.window_periods, trend_periods=self.trend_periods)
        require_at_least(0, pairs_most=self.pairs_most)
        require(self.trend_periods <= LONGEST_TREND, f"trend_periods: {LONGEST_TREND} at most")
        require(
            self.min_effective_n >= self.min_published,
            "min_effective_n must not be smaller than min_published",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How answers become the published satisfaction rate (效果满意率)."""

    valid_steps: tuple[str, ...]
    """Answers to the effect question that count at all."""
    satisfied_steps: tuple[str, ...]
    """Answers among them that count as satisfied."""
    min_answers: int
    min_answers_for_order: int
    low_response: float
    """Response share below which the words 回收率偏低，仅供参考 stand beside the rate."""

    def __post_init__(self) -> None:
        """Refuse unknown answers and limits in the wrong order."""
        require(set(self.valid_steps) <= set(STEPS), f"valid_steps must be among {STEPS}")
        require(
            set(self.satisfied_steps) < set(self.valid_steps),
            "satisfied_steps must be some, not all, of valid_steps",
        )
        require_at_least(1, min_answers=self.min_answers)
        require(
            self.min_answers_for_order >= self.min_answers,
            "min_answers_for_order must not be smaller than min_answers",
        )
        require_shares(low_response=self.low_response)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamKind:
    """A kind of exam and the days on which it is held (both ends belong; None = open)."""

    key: str
    from_on: date | None = None
    until_on: date | None = None

    def held_on(self, day: date) -> bool:
        """Tell whether exams of this kind are held on ``day``."""
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """What an exam is and when it is passed."""

    pass_line: float
    """Points of 100, for theory and for practice; a trade of the catalogue may set another."""
    kinds: tuple[ExamKind, ...]
    theory_attempts: int | None = None
    """None = unlimited."""
    practical_attempts: int | None = None
    """None = unlimited."""

    def __post_init__(self) -> None:
        """Refuse an impossible pass line and kinds named twice."""
        require(0 < self.pass_line <= 100, "pass_line must lie between 0 and 100")  # noqa: PLR2004
        keys = [kind.key for kind in self.kinds]
        require(len(keys) == len(set(keys)) > 0, "exam kinds must be named, each once")
        require_at_least(
            1, theory_attempts=self.theory_attempts, practical_attempts=self.practical_attempts
        )

    def kind(self, key: str) -> ExamKind | None:
        """Return the exam kind ``key``; None when there is none of that name."""
        return next((kind for kind in self.kinds if kind.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Shares of the all-round order (each 0–1; they sum to 1)."""

    pass_rate: float
    satisfaction: float
    conditions: float
    integrity: float

    def __post_init__(self) -> None:
        """Refuse shares that do not sum to one."""
        shares = (self.pass_rate, self.satisfaction, self.conditions, self.integrity)
        require_shares(**dict(zip(self.__slots__, shares, strict=True)))
        require(abs(sum(shares) - 1) < 1e-9, f"weights sum to {sum(shares)}, not 1")  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """The all-round order; an institution that lacks a component has no place in it."""

    weights: Weights
    draws: int
    dirichlet_concentration: float
    """How closely the reasonable other weights keep to these (larger = closer)."""
    other_weights: int
    """How many other weights are tried."""
    group_share: float
    """Share of the institutions that are the top group, and the bottom group."""
    group_kept: float
    """Share of either group that must stay in it under other weights, else no places."""

    def __post_init__(self) -> None:
        """Refuse a concentration that spreads to nothing, and groups that overlap."""
        require(self.dirichlet_concentration > 0, "dirichlet_concentration must be above 0")
        require_at_least(2, draws=self.draws)
        require_at_least(1, other_weights=self.other_weights)
        require_shares(group_kept=self.group_kept)
        require(0 < self.group_share <= 0.5, "group_share must lie above 0, up to 0.5")  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """From where a regulator's attention is asked for; never a verdict."""

    participation_drop: float
    """Share points by which sat/registered fell."""
    participation_score: float
    """Standard errors that the fall must exceed."""
    all_passed_from: int
    """Persons from which "everybody passed" is looked at."""
    all_passed_chance: float
    crowd_width: int
    """Persons on either side of a threshold."""
    crowd_chance: float

    def __post_init__(self) -> None:
        """Refuse thresholds that no signal could use."""
        require_shares(
            participation_drop=self.participation_drop,
            all_passed_chance=self.all_passed_chance,
            crowd_chance=self.crowd_chance,
        )
        require(self.participation_score > 0, "participation_score must be above 0")
        require_at_least(1, all_passed_from=self.all_passed_from, crowd_width=self.crowd_width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What one decided case of a severity costs in the integrity record."""

    severity: str
    points: float
    expiry_months: int
    """Calendar months from the decision after which it counts no more."""

    def __post_init__(self) -> None:
        """Refuse points that never count."""
        require_at_least(1, expiry_months=self.expiry_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """Penalty points of decided cases."""

    penalties: tuple[Penalty, ...]

    def __post_init__(self) -> None:
        """Refuse a list that does not rise with severity."""
        names = tuple(penalty.severity for penalty in self.penalties)
        require(names == SEVERITIES, f"penalties must be given for {SEVERITIES}, in this order")
        points = [penalty.points for penalty in self.penalties]
        require(0 <= points[0] <= points[1] <= points[2], "points must rise with severity")

    def of(self, severity: str) -> Penalty:
        """Return the penalty of a severity.

        Raises:
            KeyError: there is no such severity.

        """
        return {penalty.severity: penalty for penalty in self.penalties}[severity]
