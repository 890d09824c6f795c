"""Invented figures for the gallery: no institution, number or date here is real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any

AVERAGE = 0.827
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
KINDS = (
    ("安全培训中心", "Safety Training Centre"),
    ("职业技能培训学校", "Vocational Skills School"),
    ("特种作业培训站", "Special Operations Training Station"),
)
AREAS = (
    ("示例东街道", "East Example"),
    ("示例西镇", "West Example"),
    ("示例北街道", "North Example"),
)
# band, k, n, rank_low, rank_high, share satisfied, answers, fee in yuan, day of the next class
FIGURES: tuple[
    tuple[str, int, int, int | None, int | None, float | None, int, int | None, int], ...
] = (
    ("above", 1025, 1124, 1, 4, 0.931, 412, 980, 3),
    ("above", 581, 642, 1, 5, 0.904, 238, 1050, 10),
    ("above", 350, 388, 1, 6, 0.889, 131, 1180, 5),
    ("above", 191, 214, 1, 8, 0.942, 96, 890, 17),
    ("above", 759, 871, 4, 8, 0.873, 305, 960, 1),
    ("near", 136, 156, 2, 12, 0.902, 61, 1020, 12),
    ("near", 428, 503, 5, 12, 0.921, 204, 600, 8),
    ("near", 251, 297, 4, 13, 0.832, 88, 1080, 6),
    ("near", 617, 735, 6, 13, 0.881, 290, 780, 15),
    ("near", 152, 182, 5, 15, 0.846, 70, 990, 20),
    ("near", 369, 446, 7, 14, 0.861, 166, 720, 9),
    ("near", 105, 129, 6, 17, 0.808, 52, None, 22),
    ("near", 258, 318, 8, 15, 0.829, 117, 930, 4),
    ("near", 77, 97, 6, 18, None, 21, 860, 18),
    ("below", 204, 264, 12, 17, 0.774, 93, 880, 11),
    ("below", 314, 411, 13, 17, 0.787, 150, 820, 7),
    ("below", 173, 236, 14, 18, 0.688, 77, 680, 0),
    ("below", 250, 352, 16, 18, 0.703, 118, 750, 13),
    ("withheld", 18, 22, None, None, None, 12, 900, 16),
    ("withheld", 0, 0, None, None, None, 0, 840, 23),
)


@dataclass(frozen=True)
class Row:
    """One institution's row, with the fields that parts/rank.html names."""

    code: str
    href: str
    name: str
    band: str
    rank_low: int | None
    rank_high: int | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    n: int | None
    k: int | None
    reason: str | None
    satisfaction: float | None
    satisfaction_n: int
    satisfaction_reason: str
    fee: int | None
    fee_note: str
    next_on: date | None
    next_note: str
    area: str
    phone: str
    name_lang: str | None = None
    satisfaction_note: str | None = None
    states: list[tuple[str, str]] = field(default_factory=list)


def interval(k: int, n: int) -> tuple[float, float, float]:
    """Return rate, low and high of a rough range, good enough to look at."""
    if not n:
        return 0.0, 0.0, 0.0
    rate = k / n
    reach = 1.645 * sqrt(rate * (1 - rate) / n)
    return rate, rate - reach, min(rate + reach, 1.0)


def reason(n: int, lang: str) -> str | None:
    """Return why there is no place or no rate, None where nothing is held back."""
    if n >= 30:
        return None
    if n >= 10:
        return (
            "Fewer than 30 first-time candidates"
            if lang == "en"
            else "首考人数少于 30 人，不排名次"
        )
    return (
        "Opened in September 2025, no exam yet"
        if lang == "en"
        else "2025 年 9 月新开业，还没有考试"
    )


def states(place: int, lang: str) -> list[tuple[str, str]]:
    """Return the tags of a row: one is being corrected, one new."""
    tags = {
        16: ("Being corrected" if lang == "en" else "整改中", "warn"),
        19: ("New" if lang == "en" else "新开业", ""),
    }
    return [tags[place]] if place in tags else []


def name_of(place: int, lang: str) -> tuple[str, str | None]:
    """Return an invented name and its language: every third has no English one."""
    stem, kind = STEMS[place], KINDS[place % 3]
    if lang == "en" and place % 3:
        return f"Example {chr(65 + place)} {kind[1]}", None
    return f"示例{stem}{kind[0]}", "zh" if lang == "en" else None


def row(place: int, lang: str) -> Row:
    """Return the row of this place in FIGURES."""
    band, k, n, rank_low, rank_high, share, answers, fee, day = FIGURES[place]
    rate, low, high = interval(k, n)
    name, name_lang = name_of(place, lang)
    shown = n >= 10
    return Row(
        code=f"S{place + 1:02}",
        href=f"/i/S{place + 1:02}",
        name=name,
        name_lang=name_lang,
        band=band,
        rank_low=rank_low,
        rank_high=rank_high,
        rate=rate if shown else None,
        rate_low=low if shown else None,
        rate_high=high if shown else None,
        n=n if shown else None,
        k=k if shown else None,
        reason=reason(n, lang),
        satisfaction=share,
        satisfaction_n=answers,
        satisfaction_reason="fewer than 30 answers" if lang == "en" else "不足 30 人答",
        fee=fee * 100 if fee else None,
        fee_note="" if fee else ("not reported" if lang == "en" else "未填报"),
        next_on=date(2025, 11, day) if day else None,
        next_note="" if day else ("Not enrolling" if lang == "en" else "暂停招生"),
        area=AREAS[place % 3][int(lang == "en")],
        phone=f"000-0000 {place + 1:04}",
        states=states(place, lang),
    )


def rows(lang: str) -> list[Row]:
    """Return the whole table, best band first."""
    return [row(place, lang) for place in range(len(FIGURES))]


def periods(lang: str) -> list[dict[str, Any]]:
    """Return eight half-years, the third without data."""
    counts = ((62, 74), (70, 84), (0, 0), (88, 102), (91, 104), (80, 94), (101, 112), (90, 98))
    found = []
    for place, (k, n) in enumerate(counts):
        rate, low, high = interval(k, n)
        half = ("H1", "H2")[place % 2] if lang == "en" else "上下"[place % 2]
        year = str(2022 + place // 2)
        found.append(
            {
                "label": half,
                "year": year,
                "title": f"{half} {year}" if lang == "en" else f"{year} 年{half}半年",
                "rate": rate if n else None,
                "rate_low": low if n else None,
                "rate_high": high if n else None,
                "average": 0.81 + 0.004 * place,
                "band": "above" if place > 5 else "near",
                "n": n or None,
                "reason": "No exam in this period" if lang == "en" else "这个统计期没有考试",
            }
        )
    return found


def zones() -> list[dict[str, float]]:
    """Return the limits of the funnel plot along n."""
    found = []
    for n in (15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640, 800, 960, 1200):
        error = sqrt(AVERAGE * (1 - AVERAGE) / n)
        found.append(
            {
                "n": float(n),
                "low95": AVERAGE - 1.96 * error,
                "high95": min(AVERAGE + 1.96 * error, 1.0),
                "low998": AVERAGE - 3.09 * error,
                "high998": min(AVERAGE + 3.09 * error, 1.0),
            }
        )
    return found
