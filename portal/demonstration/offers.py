"""What is public beside the figures: fees, classes, phones, a suspension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.casework.institutions.offers import (
    ClassWords,
    FeeWords,
    Now,
    add_class,
    state_fee,
    state_phone,
)
from portal.casework.institutions.states import NewState, set_state
from portal.demonstration.cast import SUSPENDED, Player
from portal.demonstration.script import Calendar, chance
from portal.domain.people import Actor

_FEES = (82000, 89000, 96000, 98000, 105000, 112000, 118000, 126000)
_SCHEDULES = ("weekday", "weekend", "evening")
_WITHOUT_OFFER = 8


def state_offer(session: Session, clerk: Actor, player: Player, calendar: Calendar) -> None:
    """State an institution's phone, and for each trade its fee and next class; some state none."""
    if player.closed_on is not None or player.place % _WITHOUT_OFFER == _WITHOUT_OFFER - 1:
        return
    dice = chance("offer", player.code)
    day = calendar.on - timedelta(days=3 + player.place % 40)
    now = Now(day=day, at=calendar.at(day))
    state_phone(session, clerk, f"000-0000{player.place + 1:04d}", now)
    for trade in player.trades:
        words = FeeWords(
            trade=trade,
            total_cents=dice.choice(_FEES),
            includes="含教材和实操耗材，不含考试费",
            retake_cents=dice.choice((0, 20000, 30000)),
            material_cents=0,
        )
        state_fee(session, clerk, words, now)
        starts_on = calendar.on + timedelta(days=dice.randrange(2, 45))
        schedule = dice.choice(_SCHEDULES)
        places = dice.randrange(0, 30)
        add_class(
            session,
            clerk,
            ClassWords(trade=trade, starts_on=starts_on, schedule=schedule, free_places=places),
            now,
        )


def suspend_one(session: Session, actor: Actor, cast: Sequence[Player], calendar: Calendar) -> None:
    """Suspend the enrolment of one institution for a while."""
    suspended = cast[SUSPENDED]
    day = calendar.on - timedelta(days=12)
    new = NewState(
        state="suspended",
        from_on=day,
        until_on=None,
        trade=None,
        reason="搬迁期间暂停招生。",
        decision_no=None,
    )
    set_state(session, actor, suspended.code, new, at=calendar.at(day))
