"""Doubts: what in reports cannot well be true together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.period import Period
from portal.domain.report_doubts import Ground, doubts_about
from portal.rules.words import say

SEAL = "0000**********0013~" + "a" * 32
OTHER_SEAL = "0000**********0013~" + "b" * 32
GROUND = Ground(
    period=Period.parse("2026-H1"),
    day=date(2026, 7, 1),
    lease_warning_days=180,
    seat_area_m2=1.5,
    others={},
)


def report(**changed: object) -> dict[str, dict[str, Any]]:
    """Return a report about which there is no doubt; ``changed`` are further answers of a row."""
    teacher: dict[str, object] = {
        "name": "王示例",
        "engagement": "full_time",
        "identity": SEAL,
        "trades": ["low-voltage-electrician"],
    }
    venue: dict[str, object] = {
        "name": "教学楼",
        "address": "示例路 1 号",
        "use": "classroom",
        "tenure": "leased",
        "lease_end_on": "2027-12-31",
        "seats": 60,
        "area_m2": 90,
    }
    hours: dict[str, object] = {"trade": "low-voltage-electrician"}
    hours |= {"required_hours": 80, "delivered_hours": 80}
    for row in (teacher, venue, hours):
        row.update({key: value for key, value in changed.items() if key in row})
    return {
        "teachers": {"teachers": [teacher]},
        "venues": {"venues": [venue], "classroom_seats": 60, "classroom_area_m2": 90},
        "teaching": {"class_minutes_offline": 45, "outline_hours": [hours]},
    }


def keys(content: dict[str, dict[str, Any]], ground: Ground = GROUND) -> list[str]:
    """Return what is doubtful, each with a sentence in both languages."""
    found = doubts_about(content, ground)
    for one in found:
        facts = {**one.facts, **({"trade": one.trade} if one.trade else {})}
        assert all(say(one.key, lang, **facts) for lang in ("zh", "en"))
    return [one.key.removeprefix("doubt.") for one in found]


def test_a_sound_report_raises_no_doubt() -> None:
    assert keys(report()) == []
    assert keys({}) == []


def test_one_person_full_time_at_two_institutions() -> None:
    def among(**changed: object) -> list[str]:
        other = report(address="别处", **changed)
        return keys(report(), replace(GROUND, others={"示例乙": other}))

    assert among() == ["full_time_twice"]
    assert among(name="钱示例") == ["full_time_twice"]
    assert among(engagement="part_time") == []
    assert among(identity=OTHER_SEAL) == []
    assert among(identity="") == []


def test_one_venue_claimed_twice_however_it_is_spaced() -> None:
    def among(**changed: object) -> list[str]:
        other = report(identity=OTHER_SEAL, **changed)
        return keys(report(), replace(GROUND, others={"示例乙": other}))

    assert among(address="示例路１号") == ["venue_twice"]
    assert among(use="office") == []
    assert among(address="") == []


def test_seats_against_area() -> None:
    assert keys(report(seats=61)) == ["seats_in_room"]
    whole = report()
    whole["venues"]["classroom_seats"] = 61
    assert keys(whole) == ["seats_in_all"]
    assert keys(whole, replace(GROUND, seat_area_m2=None)) == []


def test_leases() -> None:
    assert keys(report(lease_end_on="2026-12-28")) == ["lease_ending"]
    assert keys(report(lease_end_on="2026-12-29")) == []
    assert keys(report(lease_end_on="2026-06-30")) == ["lease_over"]
    assert keys(report(lease_end_on="2026-06-30", tenure="owned")) == []


def test_hours_against_the_clock() -> None:
    most = 181 * 8 * 60 // 45
    assert keys(report(delivered_hours=most)) == []
    assert keys(report(delivered_hours=most + 1)) == ["beyond_the_clock", "beyond_the_teachers"]
    assert keys(report(delivered_hours=79)) == ["hours_missing"]


def test_trades_need_teachers() -> None:
    assert keys(report(trades=["fusion-welding"])) == ["no_teacher"]
