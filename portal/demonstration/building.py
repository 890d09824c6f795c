"""Building the invented world in the order of its days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.setting_up import become_demonstration
from portal.demonstration import cast as casting
from portal.demonstration.checks import (
    DRAFT_AFTER_DAYS,
    LATE_AFTER_DAYS,
    Desk,
    correct_edition,
    draft_edition,
    object_in_time,
    publish_edition,
)
from portal.demonstration.doors import Place, compose, hand_in
from portal.demonstration.exams import exam_files
from portal.demonstration.filing import Hands, file_reports
from portal.demonstration.notices import write_notices
from portal.demonstration.offers import state_offer, suspend_one
from portal.demonstration.on_behalf import LETTER_TRADE, take_in_letter
from portal.demonstration.oversight import grant_and_visit
from portal.demonstration.people import Account, regulators, settle_people
from portal.demonstration.proceedings import bring_up, bring_up_before
from portal.demonstration.script import Calendar, script
from portal.demonstration.surveys import Invited, survey_file
from portal.demonstration.troubles import Bench
from portal.demonstration.voices import raise_voices
from portal.demonstration.waiting import leave_waiting
from portal.demonstration.watch import keep_watch
from portal.domain.period import Period
from portal.intake.files.formats import Kind
from portal.store.exams import Tally
from portal.store.institutions import Institution
from portal.store.session import reading, transaction

SEALED = 3
"""Sealed editions; the newest period is a draft."""
_REPORTED = 2
_READY_BEFORE = timedelta(days=5)

Told = Callable[[str], None]


def build_putuo(place: Place, on: date | None, told: Told) -> list[Account]:
    """Build the invented world; return its accounts.

    Raises:
        Conflict: the database holds something already.

    """
    calendar = Calendar(on or script().demonstration_on, place.office.time_zone, script().periods)
    with transaction(place.engine) as session:
        become_demonstration(session, "putuo", calendar.on, place.machine)
    cast = casting.players(place.office, calendar)
    first_day = calendar.periods[0].starts_on
    at = calendar.at(first_day)
    hand_in(place, Kind.INSTITUTIONS, casting.institutions_file(cast), at, first_day)
    hand_in(place, Kind.UNITS, casting.units_file(place.office), at, first_day)
    accounts, hands = settle_people(place, calendar, cast, first_day)
    for period in calendar.periods:
        told(str(period))
        _live_through(place, calendar, cast, hands, period)
    told("voices")
    raise_voices(place, calendar, cast)
    told("cases")
    _up_to_today(place, calendar, cast, hands)
    _draft_newest(Desk(place, calendar, hands.clerks))
    return accounts


def _live_through(
    place: Place,
    calendar: Calendar,
    cast: Sequence[casting.Player],
    hands: Hands,
    period: Period,
) -> None:
    day = calendar.files_come_on(period)
    back = list(reversed(calendar.periods)).index(period)
    _hand_in_results(place, calendar, cast, period, apart=LETTER_TRADE if back == 1 else "")
    with reading(place.engine) as session:
        invited = _invited(session, period)
    answers = survey_file(cast, period, invited, late=back == SEALED)
    hand_in(place, Kind.SURVEYS, answers.in_time, calendar.at(day), day)
    if back < _REPORTED:
        with transaction(place.engine) as session:
            file_reports(session, cast, hands, period, calendar)
    desk = Desk(place, calendar, hands.clerks)
    if back == 1:
        with transaction(place.engine) as session:
            bench = Bench(session, calendar, *regulators(session), hands.clerks)
            bring_up_before(bench, desk.after(period, DRAFT_AFTER_DAYS))
    if back == SEALED:
        publish_edition(desk, period, late=True)
        late_on = period.ends_on + timedelta(days=LATE_AFTER_DAYS + 2)
        hand_in(place, Kind.SURVEYS, answers.late, calendar.at(late_on), late_on)
        correct_edition(desk, period)
    elif 0 < back < SEALED:
        publish_edition(desk, period, disputed=back == 1)


def _hand_in_results(
    place: Place, calendar: Calendar, cast: Sequence[casting.Player], period: Period, apart: str
) -> None:
    """Hand in the period's results; those of the trade ``apart`` come with a letter."""
    day = calendar.files_come_on(period)
    exams, letter = exam_files(cast, period, newest=period == calendar.last, apart=apart)
    hand_in(place, Kind.EXAMS, exams, calendar.at(day), day)
    if apart:
        take_in_letter(place, calendar, letter, day)


def _draft_newest(desk: Desk) -> None:
    """Draft the newest period last, when the cases that count in it have been told."""
    newest = desk.calendar.last
    number = draft_edition(desk, newest)
    object_in_time(desk, newest, number, stays_open=False)
    again = max(desk.calendar.on - _READY_BEFORE, desk.after(newest, DRAFT_AFTER_DAYS))
    compose(desk.place, newest, desk.calendar.at(again), again)


def _up_to_today(
    place: Place, calendar: Calendar, cast: Sequence[casting.Player], hands: Hands
) -> None:
    with transaction(place.engine) as session:
        for player in cast:
            state_offer(session, hands.clerks[player.code], player, calendar)
        first, second = regulators(session)
        bench = Bench(session, calendar, first, second, hands.clerks)
        bring_up(bench)
        keep_watch(bench, place.office)
        suspend_one(session, first, cast, calendar)
        write_notices(session, first, calendar)
        grant_and_visit(session, first, list(cast), calendar, calendar.last)
    leave_waiting(place, calendar, cast, first)


def _invited(session: Session, period: Period) -> Invited:
    query = (
        select(Institution.code, Tally.trade, Tally.sat)
        .join(Institution, Institution.id == Tally.institution_id)
        .where(Tally.period == str(period), Tally.exam_kind == "initial")
    )
    return {(code, trade): sat for code, trade, sat in session.execute(query)}
