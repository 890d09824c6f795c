"""Who is in the invented world: its institutions, its employers, and how good each really is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from portal.demonstration.script import Calendar, TradeScript, chance, script
from portal.rules.office import Office

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_STEMS_EN = ("Jia", "Yi", "Bing", "Ding", "Wu", "Ji", "Geng", "Xin", "Ren", "Gui")
_BRANCHES_EN = (
    "Zi Chou Yin Mao Chen Si Wu Wei Shen You Xu Hai".split()  # noqa: SIM905  # read as one line
)
_KINDS = (
    ("安全培训中心", "Safety Training Centre"),
    ("职业技能培训学校", "Vocational Training School"),
    ("安全技术培训站", "Safety Technology Training Station"),
    ("安全教育中心", "Safety Education Centre"),
)
_WITH_ENGLISH = 3
_YOUNGEST = 60
_UNITS = 6
CLOSED, SUSPENDED, NEWEST, SILENT, SMALLEST = 33, 30, 35, 6, 34
"""Places in the cast with a part of their own: closed, suspended, new, without answers, tiny."""
HOLDS_BACK = 17
"""The place that makes a signal: in the newest period many of those registered do not sit."""
EXTENDED, EXEMPT, VISITED, CHANGED = 12, 16, 3, 0
"""Places with more time to report, without a report, visited, and with a change report."""
TWINS = 2, 9
"""Two that claim the same teacher and the same workshop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One invented institution; ``skill`` in logits, ``size`` relative to the others (1)."""

    place: int
    code: str
    name: str
    name_en: str
    area_code: str
    opened_on: date
    closed_on: date | None
    trades: tuple[str, ...]
    size: float
    skill: float
    kindness: float

    def difference(self, trade: TradeScript) -> float:
        """Return how far its pass rate in ``trade`` lies from the average, in logits."""
        if trade.spread is not None:
            return self.skill * trade.spread
        return self.skill + chance("cell", self.code, trade.slug).gauss(0, script().cell_spread)


def players(office: Office, calendar: Calendar) -> tuple[Player, ...]:
    """Return the institutions of the world."""
    return tuple(_player(place, office, calendar) for place in range(script().institutions))


def institutions_file(cast: Iterable[Player]) -> bytes:
    """Return the register as the office would hand it in."""
    header = (
        "institution_code,name,name_en,former_names,credit_code,area_code,address,phone,"
        "opened_on,closed_on,trades"
    )
    rows = (
        (
            one.code,
            one.name,
            one.name_en,
            f"示例{_mark(one.place)}培训部" if one.place % 9 == _WITH_ENGLISH else "",
            "",
            one.area_code,
            f"示例路{one.place + 1}号",
            f"000-0000{one.place + 1:04d}",
            one.opened_on,
            one.closed_on or "",
            ";".join(one.trades),
        )
        for one in cast
    )
    return written(header.split(","), rows)


def units_file(office: Office) -> bytes:
    """Return the employers as the office would hand them in."""
    industries = ("机械制造", "仓储物流", "建筑装饰", "餐饮", "物业管理", "印刷")
    rows = (
        (f"U{n + 1:03d}", f"示例{_STEMS[n]}用人单位", "", _area(office, n), industries[n])
        for n in range(_UNITS)
    )
    return written(("unit_code", "name", "credit_code", "area_code", "industry"), rows)


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _player(place: int, office: Office, calendar: Calendar) -> Player:
    dice = chance("institution", place)
    kind, kind_en = _KINDS[place % len(_KINDS)]
    named_en = f"Example {_mark_en(place)} {kind_en}" if place % _WITH_ENGLISH == 0 else ""
    tiny = place in {SMALLEST, NEWEST}
    return Player(
        place=place,
        code=f"P{place + 1:03d}",
        name=f"示例{_mark(place)}{kind}",
        name_en=named_en,
        area_code=_area(office, place),
        opened_on=_opened(place, calendar),
        closed_on=calendar.on - timedelta(days=120) if place == CLOSED else None,
        trades=_trades(place),
        size=0.02 if tiny else exp(dice.gauss(0, script().size_spread)),
        skill=dice.gauss(0, script().institution_spread),
        kindness=dice.gauss(0, 0.5),
    )


def _trades(place: int) -> tuple[str, ...]:
    dice = chance("trades", place)
    chosen = [t.slug for t in script().trades if dice.random() < t.teaches]
    return tuple(chosen or [script().trades[0].slug])


def _opened(place: int, calendar: Calendar) -> date:
    if place == NEWEST:
        return calendar.on - timedelta(days=_YOUNGEST)
    return date(2008 + place % 12, 1 + place % 12, 1 + place % 28)


def _area(office: Office, place: int) -> str:
    return office.areas[place % len(office.areas)].code


def _mark(place: int) -> str:
    one, two = len(_STEMS), len(_STEMS) + len(_BRANCHES)
    if place < one:
        return _STEMS[place]
    if place < two:
        return _BRANCHES[place - one]
    return _STEMS[(place - two) % one] + _BRANCHES[(place - two) % len(_BRANCHES)]


def _mark_en(place: int) -> str:
    one, two = len(_STEMS), len(_STEMS) + len(_BRANCHES)
    if place < one:
        return _STEMS_EN[place]
    if place < two:
        return _BRANCHES_EN[place - one]
    pair = _STEMS_EN[(place - two) % one], _BRANCHES_EN[(place - two) % len(_BRANCHES)]
    return "-".join(pair)
