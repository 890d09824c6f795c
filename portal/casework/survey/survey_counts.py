"""Counts kept from answers on slips: one cell is counted anew whenever something in it changes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.survey import OWN, SlipState, counts
from portal.rules.figures import STEPS
from portal.store.surveys import SlipGroup, SurveyAnswer, SurveySlip, SurveyTally

_INVITED = (SlipState.OPEN, SlipState.USED)


def recount(session: Session, group: SlipGroup) -> SurveyTally:
    """Count the cell of a group anew: slips handed out, and answers that count, by step.

    Two at once would each miss the other's answer, so the groups of the cell are locked first.
    """
    groups = _locked(session, group)
    invited = session.scalar(
        select(func.count()).where(SurveySlip.group_id.in_(groups), SurveySlip.state.in_(_INVITED))
    )
    answers = session.execute(
        select(SurveyAnswer.effect, SurveyAnswer.marks, SurveyAnswer.decision).where(
            SurveyAnswer.group_id.in_(groups)
        )
    )
    steps = Counter(effect for effect, marks, decision in answers if counts(marks, decision))
    tally = _tally(session, group)
    tally.invited, tally.answered = invited or 0, steps.total()
    for step in STEPS:
        setattr(tally, step, steps[step])
    session.flush()
    return tally


def _locked(session: Session, group: SlipGroup) -> list[int]:
    same = (
        SlipGroup.institution_id == group.institution_id,
        SlipGroup.trade == group.trade,
        SlipGroup.period == group.period,
    )
    wanted = select(SlipGroup.id).where(*same).order_by(SlipGroup.id)
    # Not FOR UPDATE: every answer shares the key of its group already; two would wait in a ring.
    return list(session.scalars(wanted.with_for_update(key_share=True)))


def _tally(session: Session, group: SlipGroup) -> SurveyTally:
    cell: dict[str, Any] = {
        "institution_id": group.institution_id,
        "trade": group.trade,
        "period": group.period,
        "source": OWN,
    }
    tally = session.scalar(select(SurveyTally).filter_by(**cell))
    if tally is None:
        nothing: dict[str, Any] = dict.fromkeys(STEPS, 0)
        tally = SurveyTally(
            **cell, invited=0, answered=0, **nothing, satisfied_share=None, receipt_id=None
        )
        session.add(tally)
    return tally
