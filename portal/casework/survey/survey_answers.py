"""Answering on a slip: the code judged, the answer counted once, a receipt that proves it.

What is written down of an answer leads to sitting, institution and trade, and no further.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.casework.access.sign_in import network_of
from portal.casework.survey.survey_counts import recount
from portal.casework.survey.survey_slips import Now, require_open
from portal.domain import slips
from portal.domain.errors import Conflict, NotFound, RuleBroken, TooLate, TooOften
from portal.domain.keyed import keyed
from portal.domain.survey import QUESTIONS, Given, SlipState, counts, marks_of
from portal.domain.survey_codes import is_sound, new_code
from portal.rules.clocks import Survey
from portal.store.people import one_at_a_time
from portal.store.surveys import SlipGroup, SurveyAnswer, SurveySlip, WrongCode

_KEY_BITS = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody answered, and from which device: question → answer, and any text that marks it.

    ``device`` "" is a device that keeps nothing.
    """

    replies: Mapping[str, str]
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a receipt tells: of which sitting the answer is, and whether it counts, waits or not."""

    group: SlipGroup
    answered_on: date
    standing: str


def slip_of(session: Session, typed: str, now: Now, rules: Survey) -> SurveySlip | None:
    """Return the slip whose code was typed; None where there is none.

    Raises:
        RuleBroken: the site has no person key.

    """
    code = slips.read(typed)
    if not is_sound(code, rules.code_bits):
        return None
    wanted = select(SurveySlip).where(SurveySlip.code_hash == keyed(now.key, "slip")(code))
    return session.scalar(wanted)


def group_open_for(session: Session, slip: SurveySlip, day: date) -> SlipGroup:
    """Return the group of a slip that can be used on ``day``.

    Raises:
        Conflict: the slip was used, is void, or is a spare that nobody handed out.
        TooLate: its last day is over.

    """
    require_open(slip.state)
    group = session.get_one(SlipGroup, slip.group_id)
    if day > group.closes_on:
        raise TooLate("survey.closed", on=group.closes_on)
    return group


def count_wrong(session: Session, address: str, now: Now, rules: Survey) -> None:
    """Write down a wrong code that came from an address.

    Raises:
        TooOften: that network has used up its wrong codes.

    """
    subject = keyed(now.key, "network")(network_of(address))
    window = timedelta(minutes=rules.wrong_codes_window_minutes)
    one_at_a_time(session, subject)
    session.execute(delete(WrongCode).where(WrongCode.at <= now.at - window))
    newest = select(WrongCode.at).where(WrongCode.subject == subject, WrongCode.at <= now.at)
    latest = session.scalars(newest.order_by(WrongCode.at.desc()).limit(rules.wrong_codes)).all()
    if len(latest) >= rules.wrong_codes:
        wait = latest[-1] + window - now.at
        raise TooOften("survey.too_many_wrong", max(1, math.ceil(wait.total_seconds())))
    session.add(WrongCode(subject=subject, at=now.at))


def give(session: Session, typed: str, answer: Answer, *, now: Now, rules: Survey) -> str:
    """Count an answer; return the code of its receipt, which is told once and kept as a hash.

    Raises:
        NotFound: no slip bears this code.
        Conflict: the slip was used meanwhile, is void, or is a spare.
        TooLate: its last day is over.
        RuleBroken: a question is not answered.

    """
    if missing := [
        key for key, all_of in QUESTIONS.items() if answer.replies.get(key) not in all_of
    ]:
        raise RuleBroken("survey.unanswered", dict.fromkeys(missing, "survey.unanswered"))
    slip = slip_of(session, typed, now, rules)
    if slip is None:
        raise NotFound("survey.slip_unknown")
    group = group_open_for(session, slip, now.day)
    _use(session, slip)
    receipt = new_code(rules.code_bits, secrets.choice)
    session.add(_row(group, answer, receipt, now))
    session.flush()
    recount_marked(session, group, rules)
    return slips.written(receipt)


def _use(session: Session, slip: SurveySlip) -> None:
    """Use a slip up: of many at once the database lets one."""
    used = session.execute(
        update(SurveySlip)
        .where(SurveySlip.id == slip.id, SurveySlip.state == SlipState.OPEN)
        .values(state=SlipState.USED)
        .returning(SurveySlip.id)
    ).all()
    if not used:
        raise Conflict("survey.slip_used")


def _row(group: SlipGroup, answer: Answer, receipt: str, now: Now) -> SurveyAnswer:
    replies: dict[str, Any] = {key: answer.replies[key] for key in QUESTIONS}
    device = keyed(now.key, "device")(f"{group.id}:{answer.device}") if answer.device else ""
    return SurveyAnswer(
        id=secrets.randbits(_KEY_BITS),
        group_id=group.id,
        answered_at=to_the_minute(now.at),
        answered_on=now.day,
        device_hash=device,
        receipt_hash=keyed(now.key, "receipt")(receipt),
        **replies,
    )


def to_the_minute(at: datetime) -> datetime:
    """Return the instant cut to its minute."""
    return at.replace(second=0, microsecond=0)


def recount_marked(session: Session, group: SlipGroup, rules: Survey) -> None:
    """Mark the answers of a group by the rules, then count its cell; a mark is never taken off."""
    recount(session, group)  # holds the group's lock from here on
    rows = session.scalars(select(SurveyAnswer).where(SurveyAnswer.group_id == group.id)).all()
    found = marks_of([_given(row) for row in rows], group.sitting_on, rules)
    changed = False
    for row in rows:
        marks = sorted({*row.marks, *found.get(row.id, ())})
        if marks != row.marks:
            row.marks, changed = marks, True
    if changed:
        session.flush()
        recount(session, group)


def _given(row: SurveyAnswer) -> Given:
    return Given(
        key=row.id,
        at=row.answered_at,
        on=row.answered_on,
        device=row.device_hash,
        replies=tuple(getattr(row, key) for key in QUESTIONS),
    )


def look_up(session: Session, typed: str, now: Now, rules: Survey) -> Counted | None:
    """Return what the receipt of that code proves; None where no answer has such a receipt."""
    code = slips.read(typed)
    if not is_sound(code, rules.code_bits):
        return None
    wanted = select(SurveyAnswer).where(
        SurveyAnswer.receipt_hash == keyed(now.key, "receipt")(code)
    )
    row = session.scalar(wanted)
    if row is None:
        return None
    group = session.get_one(SlipGroup, row.group_id)
    return Counted(group=group, answered_on=row.answered_on, standing=standing_of(row))


def standing_of(row: SurveyAnswer) -> str:
    """Return whether an answer is counted, waits for a person's look, or was withdrawn."""
    if counts(row.marks, row.decision):
        return "counted"
    return row.decision or "waiting"
