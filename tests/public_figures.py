"""The invented figures of the public pages: five rankings with every state that a row can have."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.domain.ranking.intervals import wilson
from portal.store.editions import EditionStanding
from portal.store.editions_beside import (
    EditionAllRound,
    EditionAllRoundStanding,
    EditionOtherKind,
    EditionPair,
)

DAY = date(2026, 4, 20)
MAIN, GATED, SMALL, ALONE, UNTESTED = (
    "low-voltage-electrician",
    "height-installation",
    "brazing",
    "power-cable",
    "relay-protection",
)
AREAS = ("310107005", "310107014", "310107015", "310107016", "310107102")
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
KINDS = (
    ("安全培训中心", "Safety Training Centre"),
    ("职业技能培训学校", "Vocational Skills School"),
    ("特种作业培训站", "Special Operations Training Station"),
)
LIMITS = {
    "withheld.fewer_than_10": 10,
    "withheld.fewer_than_30_effective": 30,
    "withheld.fewer_than_10_answers": 10,
    "withheld.fewer_than_30_answers": 30,
}
PERIODS = ("2022-H1", "2022-H2", "2023-H1", "2023-H2", "2024-H1", "2024-H2", "2025-H1", "2025-H2")
# band, passed first, sat first, rank range, satisfied, answered, invited, fee in yuan, next class
FIGURES: tuple[tuple[Any, ...], ...] = (
    ("above", 1025, 1124, 1, 4, 384, 412, 900, 980, 3),
    ("above", 581, 642, 1, 5, 215, 238, 520, 1050, 10),
    ("above", 350, 388, 1, 6, 116, 131, 240, 1180, 5),
    ("above", 191, 214, 1, 8, 90, 96, 214, 890, 17),
    ("above", 759, 871, 4, 8, 266, 305, 700, 960, 1),
    ("near", 136, 156, 2, 12, 55, 61, 150, 1020, 12),
    ("near", 428, 503, 5, 12, 188, 204, 390, 600, 8),
    ("near", 251, 297, 4, 13, 73, 88, 240, 1080, 6),
    ("near", 617, 735, 6, 13, 255, 290, 560, 780, 15),
    ("near", 152, 182, 5, 15, 59, 70, 120, 990, 20),
    ("near", 369, 446, 7, 14, 143, 166, 400, 720, 9),
    ("near", 105, 129, 6, 17, 42, 52, 100, None, 22),
    ("near", 258, 318, 8, 15, 97, 117, 250, 930, 4),
    ("near", 77, 97, 6, 18, None, 8, 60, 860, 18),
    ("below", 204, 264, 12, 17, 72, 93, 220, 880, 11),
    ("below", 314, 411, 13, 17, 118, 150, 300, 820, 7),
    ("below", 173, 236, 14, 18, 53, 77, 160, 680, None),
    ("below", 250, 352, 18, 18, 83, 118, 280, 750, 13),
    ("withheld", 18, 22, None, None, 11, 12, 20, 900, 16),
    ("withheld", None, None, None, None, None, None, None, 840, 23),
)


def trades() -> list[tuple[str, list[Any], bool]]:
    """Return each trade's rows, and whether its order is published."""
    near = [("near", k, n, None, None, None, 8, 30, None, None) for k, n in GATED_COUNTS]
    small = [("withheld", None, None, *(None,) * 7), ("withheld", None, None, *(None,) * 7)]
    alone = [*small[:1]] * 3 + [("withheld", 40, 50, None, None, None, 8, 30, None, None)]
    return [
        (MAIN, list(FIGURES), True),
        (GATED, near, False),
        (SMALL, [*small[:1]] * 3 + small, False),
        (ALONE, alone, False),
    ]


GATED_COUNTS = ((70, 84), (66, 80), (41, 50), (90, 109), (55, 66), (31, 38))


def standing(edition_id: int, trade: str, at: int, row: tuple[Any, ...]) -> EditionStanding:
    """Return a row of a ranking."""
    band, k, n, low, high, satisfied, answered, invited, *_ = row
    kind, kind_en = KINDS[at % 3]
    rate_low, rate_high = wilson(k, n, 0.9) if n else (None, None)
    shown = satisfied is not None
    return EditionStanding(
        **asked(satisfied, answered, invited) if shown else dict.fromkeys(asked(1, 1, 1)),
        edition_id=edition_id,
        trade=trade,
        position=at + 1,
        institution_code=f"S{at + 1:03}",
        name=f"示例{STEMS[at]}{kind}",
        name_en=f"Example {chr(65 + at)} {kind_en}" if at % 3 else None,
        area_code=AREAS[at % len(AREAS)],
        registered=n and round(n * 1.25),
        sat=n and round(n * 1.12),
        passed=k and round(k * 1.08),
        sat_first=n,
        passed_first=k,
        rate=k / n if n else None,
        rate_low=rate_low,
        rate_high=rate_high,
        rank_low=low,
        rank_high=high,
        p_above_average={"above": 0.99, "near": 0.5, "below": 0.01}.get(band),
        band=band,
        effective_n=n and n * 0.8,
        withheld=reasons(trade, n, shown=shown, ranked=low is not None),
        trend=trend(k, n),
    )


def asked(satisfied: int, answered: int, invited: int) -> dict[str, Any]:
    """Return what a row says of satisfaction."""
    share = satisfied / answered
    return {
        "satisfaction_rate": share,
        "satisfaction_low": share - 0.05,
        "satisfaction_high": min(1, share + 0.05),
        "satisfaction_rank_low": None,
        "satisfaction_rank_high": None,
        "answered": answered,
        "invited": invited,
        "satisfied_answers": satisfied,
        "response_low": satisfied / invited,
        "response_high": (satisfied + invited - answered) / invited,
        "answers": answers(satisfied, answered),
    }


def answers(satisfied: int, answered: int) -> list[int]:
    """Return five counts, best first."""
    very, rest = round(satisfied * 0.6), answered - satisfied
    return [very, satisfied - very, rest - rest // 3, rest // 3, 0]


def reasons(trade: str, n: int | None, *, shown: bool, ranked: bool) -> dict[str, str]:
    """Return why figures are withheld."""
    found = {} if shown else {"satisfaction": "withheld.fewer_than_10_answers"}
    if n is None:
        return found | dict.fromkeys(("rate", "rank_low", "band"), "withheld.fewer_than_10")
    if not ranked:
        places = {GATED: "withheld.gate", ALONE: "withheld.alone"}
        found["rank_low"] = places.get(trade, "withheld.fewer_than_30_effective")
    return found


def trend(k: int | None, n: int | None) -> list[dict[str, Any]]:
    """Return eight periods, the third one withheld."""
    if not n or not k:
        return [{"period": period, "reason": "withheld.fewer_than_10"} for period in PERIODS]
    found: list[dict[str, Any]] = []
    for at, period in enumerate(PERIODS):
        trials = max(10, n // 4 + (at % 3) * 2)
        successes = min(trials, round(trials * (k / n) * (0.94 + 0.01 * at)))
        found.append({"period": period, "trials": trials, "successes": successes})
    found[2] = {"period": PERIODS[2], "reason": "withheld.fewer_than_10"}
    return found


WEIGHTS = {"pass_rate": 0.5, "satisfaction": 0.2, "conditions": 0.2, "integrity": 0.1}


def all_round(edition_id: int, *, ordered: bool) -> list[EditionAllRound | EditionAllRoundStanding]:
    """Return the all-round order: with places, or with groups only."""
    rows = [_all_round_row(edition_id, at, row, ordered=ordered) for at, row in enumerate(FIGURES)]
    bands = [row.band for row in rows]
    head = EditionAllRound(
        edition_id=edition_id,
        measure="first_attempt",
        trades=[MAIN, GATED],
        satisfaction_source="示例问卷",
        institutions=len(rows),
        compared=len(rows) - bands.count("withheld"),
        group_size=3,
        top_kept=0.91 if ordered else 0.55,
        bottom_kept=0.88,
        weights=WEIGHTS,
        counts={band: bands.count(band) for band in ("above", "near", "below", "withheld")},
        reason=None if ordered else "withheld.weights_decide",
    )
    return [head, *rows]


def _all_round_row(
    edition_id: int, at: int, row: tuple[Any, ...], *, ordered: bool
) -> EditionAllRoundStanding:
    one = standing(edition_id, MAIN, at, row)
    lacks = "withheld.no_component_satisfaction" if one.satisfaction_rate is None else ""
    lacks = "withheld.no_component_pass_rate" if one.band == "withheld" else lacks
    why = lacks or ("" if ordered else "withheld.weights_decide")
    hidden = (*_PLACES, "band") if lacks else _PLACES
    ends = (one.rank_low, one.rank_high, one.rank_low, (one.rank_high or 0) + 1)
    places: dict[str, Any] = dict(zip(_PLACES, (None,) * 4 if why else ends, strict=True))
    return EditionAllRoundStanding(
        edition_id=edition_id,
        **{name: getattr(one, name) for name in _SHARED},
        conditions_met=None if at == 19 else 5 + at % 6,
        conditions_not_met=None if at == 19 else at % 2,
        conditions_not_verified=None if at == 19 else 6 - at % 6 - at % 2,
        penalty_points=3.0 if at == 14 else 0.0,
        parts={} if lacks else dict.fromkeys(WEIGHTS, 1.0 - at / 9),
        score=None if lacks else 1.0 - at / 9,
        **places,
        p_above_average=None if lacks else one.p_above_average,
        band="withheld" if lacks else one.band,
        withheld=dict.fromkeys(hidden, why) if why else {},
    )


_PLACES = ("rank_low", "rank_high", "wide_low", "wide_high")
_SHARED = (
    "position",
    "institution_code",
    "name",
    "name_en",
    "area_code",
    "rate",
    "rate_low",
    "rate_high",
    "effective_n",
    "satisfaction_rate",
    "satisfaction_low",
    "satisfaction_high",
)


def pairs(edition_id: int) -> list[EditionPair | EditionOtherKind]:
    """Return one clear pair, one that cannot be told apart, and a review exam."""
    told = [("S001", "S018", 0.9991), ("S001", "S002", 0.6218)]
    found: list[EditionPair | EditionOtherKind] = [
        EditionPair(
            edition_id=edition_id, trade=MAIN, one_code=one, other_code=other, p_better=share
        )
        for one, other, share in told
    ]
    review = EditionOtherKind(
        edition_id=edition_id,
        institution_code="S001",
        trade=MAIN,
        exam_kind="review",
        registered=60,
        sat=55,
        passed=54,
    )
    return [*found, review]
