"""The hearing: asked for in its days, called early enough, held before the decision.

Source: 行政处罚法 arts. 63, 64, 85.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.casework.supervision.cases import Stand, case_for_act, day_faults, need, note
from portal.domain.cases import CaseAct
from portal.store.cases import CaseFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The notice of a hearing: when it was told, when and where it will be."""

    told_on: date
    hearing_on: date
    place: str


def ask_hearing(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record that the subject asks for a hearing; nothing is decided before it was held."""
    case = case_for_act(stand, number, revision, CaseAct.ASK_HEARING)
    case.hearing_asked_on = stand.day
    note(stand, case, "ask_hearing", words.strip() or None)
    return case


def call_hearing(stand: Stand, number: str, revision: int, call: Call) -> CaseFile:
    """Record the notice of the hearing, told early enough before it."""
    case = case_for_act(stand, number, revision, CaseAct.CALL_HEARING)
    asked = case.hearing_asked_on or stand.day
    faults = day_faults("told_on", call.told_on, asked, stand.day)
    days = stand.rules.cases.hearing_notice_days
    if call.hearing_on < stand.rules.calendar.add_working_days(call.told_on, days):
        faults["hearing_on"] = "case.hearing_too_soon"
    need(faults, place=call.place)
    case.hearing_on = call.hearing_on
    told = {"told_on": call.told_on.isoformat(), "hearing_on": call.hearing_on.isoformat()}
    note(stand, case, "call_hearing", call.place.strip(), **told)
    return case


def hold_hearing(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record what came of the hearing: its record, or that the subject stayed away."""
    case = case_for_act(stand, number, revision, CaseAct.HOLD_HEARING)
    need({}, words=words)
    case.hearing_held_on = stand.day
    note(stand, case, "hold_hearing", words.strip())
    return case
