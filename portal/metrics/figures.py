"""Published figures as plain rows: rounded, with a reason in place of each that is withheld."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFigures:
    """One trade's ranking as a whole.

    ``window`` lists its periods, oldest first, apart by spaces; ``spread`` is how much institutions
    differ (posterior mean of τ, logits); counts are those of all published
    cells and of the pooled row; ``satisfaction_scope`` is the trade, or "" where answers are about
    institutions as a whole.
    """

    trade: str
    measure: str
    window: str
    average: float | None
    spread: float | None
    rankability: float | None
    order_publishable: bool
    institutions: int
    registered: int | None
    sat: int | None
    sat_first: int | None
    passed_first: int | None
    passed: int | None
    satisfaction_average: float | None
    satisfaction_scope: str
    satisfaction_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFigures:
    """One institution in one trade; counts are sums over the window, undiscounted.

    ``passed_of_sat``, ``passed_of_registered`` and ``no_show`` are the other definitions of a rate,
    as counted. Rates are shares 0–1 with 4 decimals; ``position`` is the order of the table from 1,
    no rank.
    ``response_low`` and ``response_high`` bound the satisfied share had everybody answered.
    """

    trade: str
    position: int
    institution: str
    registered: int | None
    sat: int | None
    sat_first: int | None
    passed_first: int | None
    passed: int | None
    passed_of_sat: float | None
    passed_of_registered: float | None
    no_show: float | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    rank_low: int | None
    rank_high: int | None
    p_above_average: float | None
    band: str
    effective_n: float | None
    satisfaction_rate: float | None
    satisfaction_low: float | None
    satisfaction_high: float | None
    satisfaction_rank_low: int | None
    satisfaction_rank_high: int | None
    answered: int | None
    invited: int | None
    satisfied_answers: int | None
    response_low: float | None
    response_high: float | None
    very_satisfied: int | None
    satisfied: int | None
    neutral: int | None
    dissatisfied: int | None
    very_dissatisfied: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllRoundFigures:
    """The all-round order as a whole.

    ``measure`` and ``trades`` (apart by spaces) say which pass rates it takes; ``compared``
    institutions have every component. ``group`` of them are the top and the bottom group;
    ``top_kept`` and ``bottom_kept``: the share of each that stays in it under other weights. The
    four shares are the weights. ``reason`` says why there are no places; None = there are.
    """

    measure: str
    trades: str
    satisfaction_source: str
    institutions: int
    compared: int
    group: int
    top_kept: float | None
    bottom_kept: float | None
    weight_pass_rate: float
    weight_satisfaction: float
    weight_conditions: float
    weight_integrity: float
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllRoundStanding:
    """One institution in the all-round order; None where withheld or missing.

    ``rate`` is its pass rate over the trades that count; ``satisfaction_rate`` likewise. The parts
    are standardised (0 = the middle, 1 = one spread above it), ``score`` is their weighted sum.
    ``rank_low`` to ``rank_high`` holds under the published weights, ``wide_low`` to ``wide_high``
    when the weights vary too. ``position`` is the order of the table from 1, no rank.
    """

    position: int
    institution: str
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    effective_n: float | None
    satisfaction_rate: float | None
    satisfaction_low: float | None
    satisfaction_high: float | None
    conditions_met: int | None
    conditions_not_met: int | None
    conditions_not_verified: int | None
    penalty_points: float
    part_pass_rate: float | None
    part_satisfaction: float | None
    part_conditions: float | None
    part_integrity: float | None
    score: float | None
    rank_low: int | None
    rank_high: int | None
    wide_low: int | None
    wide_high: int | None
    p_above_average: float | None
    band: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Why one figure of an institution is not published; ``reason`` is a key of the words.

    ``trade`` "" means the all-round order.
    """

    trade: str
    institution: str
    figure: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendFigures:
    """One period's own trials and successes, or the reason why they are not published."""

    trade: str
    institution: str
    period: str
    trials: int | None
    successes: int | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How probable it is that ``institution`` has a higher rate than ``other`` (0–1)."""

    trade: str
    institution: str
    other: str
    p_better: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherKindFigures:
    """Another kind of exam over the window, as counted; ``registered`` None: not published."""

    trade: str
    institution: str
    exam_kind: str
    registered: int | None
    sat: int
    passed: int
    passed_of_sat: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of an edition, in the order of the bundle."""

    trades: tuple[TradeFigures, ...]
    standings: tuple[StandingFigures, ...]
    withheld: tuple[Withheld, ...]
    trend: tuple[TrendFigures, ...]
    pairs: tuple[Pair, ...]
    other_kinds: tuple[OtherKindFigures, ...]
    all_round: tuple[AllRoundFigures, ...]
    all_round_standings: tuple[AllRoundStanding, ...]
