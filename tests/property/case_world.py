"""A world for random cases: persons, days, and a plain second opinion on what the law says.

The second opinion shares no code with the portal: it reads the holidays itself, counts days one
by one, and knows of a case only what was done to it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.casework.supervision.cases import Stand
from portal.domain.people import Actor, Role
from portal.rules.rulebook import rules_on
from portal.settings import ROOT
from portal.store.institutions import Institution, Unit
from portal.store.people import Person
from portal.store.tables import METADATA

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
MONTHS = {"minor": (0, 3), "general": (3, 12), "serious": (12, 36)}
REPAIR_MONTHS = {"minor": 0, "general": 3, "serious": 12}
REPLY_DAYS, QUASH_DAYS, HEARING_DAYS = 5, 3, 7
STARTED_AT = datetime(2025, 12, 22, 1, tzinfo=UTC)


@cache
def days_off() -> tuple[frozenset[date], frozenset[date]]:
    """Return the holidays and the make-up days, straight from the files."""
    off: set[date] = set()
    worked: set[date] = set()
    for path in (ROOT / "data/rules").glob("working-days-*.toml"):
        (version,) = tomllib.loads(path.read_text("utf-8"))["version"]
        worked |= set(version["worked"])
        for span in version["holidays"]:
            length = (span["last"] - span["first"]).days
            off |= {span["first"] + n * DAY for n in range(length + 1)}
    return frozenset(off), frozenset(worked)


def works(day: date) -> bool:
    """Tell whether the offices are open on ``day``."""
    off, worked = days_off()
    return day in worked or (day.isoweekday() <= len("MTWTF") and day not in off)


def working_day_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``, walked one by one."""
    while count:
        day += DAY
        count -= works(day)
    return day


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for last in range(day.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError(day)


@dataclass
class Told:
    """One act as it was done: by whom, on which day at the office, with which words."""

    act: str
    by: int | None
    on: date
    given: dict[str, Any] = field(default_factory=dict)


def public_days(acts: list[Told], severity: str) -> tuple[date, date] | None:
    """Return the first day on the list and the first day off it, as the acts make them.

    None: it is not, and never was, on the list.
    """
    published = next((told for told in acts if told.act == "publish"), None)
    if published is None:
        return None
    until: date = _last(acts, "propose").given["until_on"]
    for told in acts:
        if told.act == "end":
            assert by_two_and_not_too_early(acts, severity), "ended early without its conditions"
            until = min(until, told.on)
        if told.act == "quash" or told in upheld(acts):
            until = min(until, working_day_after(told.on, QUASH_DAYS))
    decided: date = _last(acts, "decide").given["decided_on"]
    assert until <= months_after(decided, MONTHS[severity][1]), "public for longer than it may be"
    return published.on, until


def by_two_and_not_too_early(acts: list[Told], severity: str) -> bool:
    """Tell whether the end was proposed by one and made by another, and a repair had its months."""
    before = acts[: [told.act for told in acts].index("end")]
    ending = [*upheld(before), *(t for t in before if t.act in ("propose_end", "quash"))]
    proposal = max(ending, key=before.index)
    if proposal.by == _last(acts, "end").by:
        return False
    if proposal.given.get("reason") != "repaired":
        return True
    first = months_after(_last(acts, "publish").on, REPAIR_MONTHS[severity])
    return proposal.on >= first and "confirm" in {told.act for told in before}


def upheld(acts: list[Told]) -> list[Told]:
    """Return the disputes found right of an entry that nobody had amended meanwhile."""
    found = []
    amended = False
    for told in acts:
        amended = told.act != "dispute" and (amended or told.act == "confirm_amend")
        if told.act == "settle" and told.given["upheld"] and not amended:
            found.append(told)
    return found


def due_process(acts: list[Told]) -> list[str]:
    """Return what was missing before the entry was published; nothing may be."""
    names = [told.act for told in acts]
    before = acts[: names.index("publish")]
    done = {told.act: told for told in before}
    missing = [name for name in ("decide", "propose") if name not in done]
    if missing:
        return missing
    faults = {
        "a second person": done["propose"].by == acts[names.index("publish")].by,
        "the decision document": not done["decide"].given["number"],
    }
    return [*unheard(before), *(name for name, is_so in faults.items() if is_so)]


def unheard(acts: list[Told]) -> list[str]:
    """Return what was missing before the decision, where there is one; nothing may be."""
    names = [told.act for told in acts]
    if "decide" not in names:
        return []
    done = {told.act: told for told in acts[: names.index("decide")]}
    if "serve" not in done:
        return ["a served notice"]
    decided: date = _last(acts, "decide").given["decided_on"]
    over = working_day_after(done["serve"].given["served_on"], REPLY_DAYS)
    faults = {
        "the statement's answer": "reply" in done and "answer" not in done,
        "the days of the reply": "reply" not in done and decided <= over,
        "the hearing": "ask_hearing" in done and "hold_hearing" not in done,
    }
    return [name for name, is_so in faults.items() if is_so]


def _last(acts: list[Told], name: str) -> Told:
    return next(told for told in reversed(acts) if told.act == name)


PEOPLE: tuple[tuple[str, Role, str | None], ...] = (
    ("first", Role.REGULATOR, None),
    ("second", Role.REGULATOR, None),
    ("third", Role.REGULATOR, None),
    ("cousin", Role.REGULATOR, "T1"),
    ("clerk", Role.INSTITUTION, "T1"),
    ("rival", Role.INSTITUTION, "T2"),
    ("observer", Role.OBSERVER, None),
    ("authority", Role.AUTHORITY, None),
)
"""Name, role, institution; the cousin is a regulator who belongs to one."""


class World:
    """One database for all examples; each begins with what is written here and is rolled back."""

    def __init__(self, engine: Engine) -> None:
        """Make the tables once."""
        self._engine = engine
        METADATA.create_all(engine)

    def begin(self) -> Session:
        """Return a session on a fresh world."""
        self._connection = self._engine.connect()
        self._outer = self._connection.begin()
        session = Session(
            self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        for institution in ("T1", "T2"):
            session.add(
                Institution(code=institution, name=f"示例{institution}安全培训中心", area_code="1")
            )
        session.add(Unit(code="U1", name="示例用人单位", area_code="1"))
        session.flush()
        for name, role, code in PEOPLE:
            number = None if code is None else int(code[1:])
            person = Person(
                username=name, name=name, role=role, institution_id=number, added_at=STARTED_AT
            )
            session.add(person)
            session.flush()
        return session

    def end(self, session: Session) -> None:
        """Forget the example."""
        session.close()
        self._outer.rollback()
        self._connection.close()


def actors() -> dict[str, Actor]:
    """Return who may try."""
    return {
        name: Actor(
            person_id=number,
            name=name,
            role=role,
            institution_id=None if code is None else int(code[1:]),
        )
        for number, (name, role, code) in enumerate(PEOPLE, 1)
    }


def stand(session: Session, actor: Actor, at: datetime) -> Stand:
    """Return what an act at this instant stands on; its day is that of the office."""
    day = at.astimezone(SHANGHAI).date()
    return Stand(session=session, actor=actor, at=at, day=day, rules=rules_on(day))


def instant(day: date, hour: int) -> datetime:
    """Return an hour of a day at the office, in UTC."""
    return datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
