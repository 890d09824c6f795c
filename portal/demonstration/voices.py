"""The survey in the invented world: rosters of sittings, slips, and trainees who answer on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from portal.casework.survey.survey_answers import Answer, give
from portal.casework.survey.survey_sitters import sitters
from portal.casework.survey.survey_slips import Now, print_slips
from portal.demonstration.cast import Player, written
from portal.demonstration.doors import Place, hand_in
from portal.demonstration.exams import HEADER
from portal.demonstration.people import officer
from portal.demonstration.script import Calendar, chance
from portal.domain.survey import FACTS, QUESTIONS
from portal.intake.files.formats import Kind
from portal.rules.rulebook import rules_on
from portal.store.session import transaction

_HELD_BEFORE, _COMING_AFTER = timedelta(days=6), timedelta(days=13)
_SENT_BEFORE = timedelta(days=10)
_SITE = "示例考点一"
_TRADE = "low-voltage-electrician"
_PLACES, _CANDIDATES = 4, 22
_ANSWER_SHARE = 0.7
_STUFFED = 5
_LIKED = (0.45, 0.35, 0.12, 0.05, 0.03)
_FAIR = (0.86, 0.08, 0.06)
_MINUTES_APART = 7


def raise_voices(place: Place, calendar: Calendar, cast: Sequence[Player]) -> None:
    """Let the authority send two rosters and print slips, and trainees of one sitting answer."""
    taught = [player for player in cast if _TRADE in player.trades][:_PLACES]
    held_on, coming_on = calendar.on - _HELD_BEFORE, calendar.on + _COMING_AFTER
    for sitting_on in (held_on, coming_on):
        sent_on = min(sitting_on - _SENT_BEFORE, calendar.on)
        content = written(HEADER, _roster(taught, sitting_on))
        hand_in(place, Kind.EXAMS, content, calendar.at(sent_on), sent_on)
    with transaction(place.engine) as session:
        _answer(session, place, calendar, held_on)


def _roster(taught: Sequence[Player], on: date) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for player in taught:
        dice = chance("roster", player.code, on)
        for _ in range(_CANDIDATES):
            number = len(rows) + 1
            person = f"DEMO{dice.randrange(10**10):010d}"
            known = (f"{on:%Y%m%d}-{number:04d}", person, f"示例学员{person[-6:]}")
            kind = ("initial", 1, on - timedelta(days=21), on, "", "", "", _SITE, "registered")
            rows.append((*known, player.code, player.name, _TRADE, *kind))
    return rows


def _answer(session: Session, place: Place, calendar: Calendar, on: date) -> None:
    by, rules = officer(session), rules_on(on).survey
    for number, who in enumerate(sitters(session, on, on)):
        now = Now(at=calendar.at(on), day=on, person_key=place.person_key)
        _, slips = print_slips(session, by, who, now=now, rules=rules)
        dice = chance("voices", who.institution, on)
        used = [slip for slip in slips if not slip.is_spare and dice.random() < _ANSWER_SHARE]
        stuffed = _STUFFED if number == 0 else 0
        for order, slip in enumerate(used):
            day = on + timedelta(days=order // 8)
            at = calendar.at(day, order * _MINUTES_APART)
            device = "one telephone" if order < stuffed else f"telephone {order}"
            told = Now(at=at, day=day, person_key=place.person_key)
            answer = Answer(replies=_replies(dice), device=device)
            give(session, slip.code, answer, now=told, rules=rules)


def _replies(dice: Random) -> dict[str, str]:
    replies = {}
    for key, choices in QUESTIONS.items():
        weights = _FAIR if key in FACTS else _LIKED
        replies[key] = dice.choices(choices, weights[: len(choices)])[0]
    return replies
