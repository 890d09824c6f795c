"""What the invented institutions write into their special reports."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from portal.demonstration.cast import TWINS, Player
from portal.demonstration.script import chance
from portal.domain.identity import fault_of
from portal.domain.period import Period

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GRADES = ("高级技师", "技师", "高级工程师", "工程师", "讲师")
_SEAT_M2 = 1.6
_LEAST_SEATS = 60
_FILES_PER_SIZE = 40

_MEASURES = "每班结业前组织模拟考试，缺课学员补课后再报名；每季度检查一次档案。"

Typed = dict[str, dict[str, Any]]


def typed_report(player: Player, period: Period, day: date) -> Typed:
    """Return the answers as a clerk would type them; ``day`` is when they are written."""
    dice = chance("report", player.code)
    equipment = [_equipment(slug, dice) for slug in player.trades]
    return {
        "systems": _systems(dice),
        "venues": _venues(player, dice, day),
        "teachers": {"teachers": _teachers(player, dice, day)},
        "teaching": _teaching(player, dice, period),
        "online": {"online_used": "no"},
        "equipment": {"equipment": equipment, "attendance_video": "yes"},
        "files": {
            "files_count": str(round(player.size * _FILES_PER_SIZE) + period.part),
            "files_gaps": str(dice.randrange(3)),
            "files_traceable": "yes",
        },
        "scope": {
            "trains_special_operations": "yes",
            "trains_managers": "yes" if "general-principal" in player.trades else "no",
            "separation_pledge": "yes",
            "no_promise_pledge": "yes",
        },
    }


def _systems(dice: Random) -> dict[str, Any]:
    return {
        "responsible_person": f"{dice.choice(_SURNAMES)}示例",
        "business_scope_covers": "yes",
        "systems_count": str(10 + dice.randrange(6)),
        "emergency_plan": "yes",
        "managers_count": str(3 + dice.randrange(4)),
    }


def _teaching(player: Player, dice: Random, period: Period) -> dict[str, Any]:
    classes = [_hours(slug, dice) for slug in player.trades]
    classes.insert(1, dict(classes[0]))
    begins = (period.starts_on + timedelta(days=12 + 17 * n) for n in range(len(classes)))
    return {
        "class_minutes_offline": "45",
        "offline_theory_share": str(10 * dice.randrange(4, 10)),
        "outline_hours": [
            row | {"class_on": on.isoformat()} for row, on in zip(classes, begins, strict=True)
        ],
        "yearly_plan": "yes",
        "evaluation": "yes",
        "courseware_reviewed": "yes",
        "quality_measures": _MEASURES,
    }


def _venues(player: Player, dice: Random, day: date) -> dict[str, Any]:
    seats = _LEAST_SEATS + dice.randrange(0, 120, 5)
    area = round(seats * _SEAT_M2)
    leased = dice.random() < 0.7  # noqa: PLR2004  # most premises are leased
    tenure = {"tenure": "leased" if leased else "owned"}
    if leased:
        lease_end = day + timedelta(days=200 + dice.randrange(1200))
        tenure |= {"lease_end_on": lease_end.isoformat(), "lease_years": str(dice.randrange(3, 9))}
    fire = {"fire_accepted": "yes", "fire_accepted_on": f"20{20 + player.place % 5}-06-18"}
    address = f"示例路{player.place + 1}号"
    rooms = [
        {"name": "教学楼", "address": address, "use": "classroom", "area_m2": str(area)}
        | {"seats": str(seats)},
        {"name": "实训车间", "address": _workshop(player), "use": "practical"}
        | {"area_m2": str(area + 120)}
        | {"seats": str(seats // 2)},
    ]
    return {
        "venues": [room | tenure | fire for room in rooms],
        "classroom_seats": str(seats),
        "classroom_area_m2": str(area),
    }


def _workshop(player: Player) -> str:
    first, second = TWINS
    return f"示例路{(first if player.place == second else player.place) + 1}号"


def _teachers(player: Player, dice: Random, day: date) -> list[dict[str, str]]:
    number = 4 + min(8, len(player.trades)) + dice.randrange(3)
    return [
        {
            "name": f"{dice.choice(_SURNAMES)}示例{n + 1}",
            "engagement": "full_time" if n % 3 else "part_time",
            "contract": "yes",
            "identity": identity_number(100 * _twin(player, n) + n),
            "qualification": dice.choice(_GRADES),
            "qualification_until_on": (day + timedelta(days=300 + 40 * n)).isoformat(),
            "practice_years": str(5 + dice.randrange(20)),
            "teaches": ("theory", "practice", "both")[n % 3],
            "trades": "、".join(_taught(player, n)),
        }
        for n in range(number)
    ]


def identity_number(serial: int) -> str:
    """Return an identity number with a sound check digit in a district that does not exist."""
    body = f"0000001980{1 + serial % 12:02d}{1 + serial // 12 % 28:02d}{serial % 1000:03d}"
    return next(body + sign for sign in "0123456789X" if fault_of(body + sign) is None)


def _twin(player: Player, number: int) -> int:
    """Return whose teacher stands on the register: one of the twins claims the other's first."""
    first, second = TWINS
    return first if player.place == second and number == 1 else player.place


def _taught(player: Player, number: int) -> list[str]:
    first = player.trades[number % len(player.trades)]
    second = player.trades[(number + 1) % len(player.trades)]
    return list(dict.fromkeys((first, second)))


def _hours(slug: str, dice: Random) -> dict[str, str]:
    hours = 72 + 8 * dice.randrange(4)
    return {
        "trade": slug,
        "required_hours": str(hours),
        "planned_hours": str(hours + 4),
        "delivered_hours": str(hours + dice.randrange(5)),
    }


def _equipment(slug: str, dice: Random) -> dict[str, str]:
    places = 6 + 2 * dice.randrange(10)
    return {
        "name": "实操考核工位",
        "trade": slug,
        "count": str(places),
        "places": str(places),
        "in_order": "yes",
    }
