"""Files that wait for a person in the invented world: one with faults, one entered on behalf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from portal.demonstration.cast import Player, written
from portal.demonstration.doors import Place
from portal.demonstration.exams import HEADER
from portal.demonstration.on_behalf import letter_of
from portal.demonstration.people import officer
from portal.demonstration.script import Calendar, chance
from portal.domain.people import Actor
from portal.intake.files.formats import Kind
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter, Handed
from portal.intake.on_behalf import enter
from portal.intake.taking_in import check_file
from portal.intake.uploads import stage
from portal.rules.rulebook import rules_on
from portal.store.session import reading, transaction

_TRADE = "height-installation"
_ROWS = 12
_BEFORE = timedelta(days=9)


def leave_waiting(
    place: Place, calendar: Calendar, cast: Sequence[Player], regulator: Actor
) -> None:
    """Stage a file with an unknown name and two faults, and enter one for another authority."""
    counter = Counter(
        office=place.office,
        day=calendar.on,
        at=calendar.at(calendar.on),
        person_key=place.person_key,
    )
    taught = [player for player in cast if _TRADE in player.trades][:2]
    with transaction(place.engine) as session:
        faulty = _checked(place, counter, _rows(taught, calendar, faulty=True), "示例九月成绩.csv")
        stage(session, officer(session), counter, faulty)
        clean = _checked(place, counter, _rows(taught, calendar, faulty=False), "示例来文附件.csv")
        day = calendar.on - timedelta(days=1)
        letter = letter_of(f"示考〔{day.year}〕7号", day)
        enter(session, regulator, counter, clean, letter, rules_on(calendar.on))


def _checked(place: Place, counter: Counter, rows: list[list[object]], name: str) -> Handed:
    source = Source(name, written(HEADER, rows))
    with reading(place.engine) as session:
        return check_file(session, counter, Kind.EXAMS, source)


def _rows(taught: Sequence[Player], calendar: Calendar, *, faulty: bool) -> list[list[object]]:
    day, dice = calendar.on - _BEFORE, chance("waiting", faulty)
    rows: list[list[object]] = []
    for number in range(_ROWS):
        player = taught[number % len(taught)]
        person = f"DEMO{dice.randrange(10**10):010d}"
        known = [f"W{faulty:d}{number:05d}", person, f"示例学员{person[-6:]}"]
        sat = [_TRADE, "initial", 1, day - timedelta(days=20), day, 80 + dice.randrange(19)]
        practice = [day, 80 + dice.randrange(19), "示例考点二", "normal"]
        rows.append([*known, player.code, "", *sat, *practice])
    if faulty:
        rows[3][9], rows[7][7] = "缺", "第一回"
        rows[5][3:5] = ["", "示例外来培训学校"]
    return rows
