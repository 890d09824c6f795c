"""The clocks of a case: what is due, by which day, and who must act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.cases import Case, CaseState, is_public, last_limit

PARTY, OFFICE, ITSELF = "party", "office", "itself"
"""Who must act: the institution or unit, the regulator, or nobody (it happens by itself)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock that runs: its name (the glossary's ``case_clock.<name>``), last day, who acts."""

    name: str
    due_on: date
    who: str

    def is_late(self, day: date) -> bool:
        """Tell whether its last day is over."""
        return self.who != ITSELF and day > self.due_on


def running(case: Case, day: date) -> tuple[Running, ...]:
    """Return the clocks that run on ``day``, the nearest first."""
    clocks = {
        CaseState.SERVED: _before_decision,
        CaseState.DECIDED: _before_publication,
        CaseState.PROPOSED: _before_publication,
        CaseState.PUBLISHED: _while_public,
    }.get(CaseState(case.state))
    found = clocks(case, day) if clocks else ()
    open_ones = [Running(name=n, due_on=due, who=who) for n, due, who in found if due is not None]
    return tuple(sorted(open_ones, key=lambda clock: (clock.due_on, clock.name)))


Told = tuple[str, date | None, str]


def _before_decision(case: Case, day: date) -> list[Told]:
    told: list[Told] = []
    if case.statement is None and case.reply_until_on and day <= case.reply_until_on:
        told.append(("reply", case.reply_until_on, PARTY))
    if case.hearing_asked_on is None and case.hearing_until_on and day <= case.hearing_until_on:
        told.append(("ask_hearing", case.hearing_until_on, PARTY))
    if case.hearing_held_on is None:
        told.append(("hearing", case.hearing_on, OFFICE))
    return told


def _before_publication(case: Case, _day: date) -> list[Told]:
    return [("publish", case.publish_by_on, OFFICE), *_correction(case)]


def _while_public(case: Case, day: date) -> list[Told]:
    if not is_public(case, day):
        return []
    told = [*_correction(case), ("leave", last_limit(case), ITSELF)]
    if case.dispute == "open":
        told.append(("dispute", case.dispute_decide_until_on, OFFICE))
    if case.withdraw_until_on is not None:
        told.append(("withdraw", case.withdraw_until_on, OFFICE))
    elif case.end_proposed_by_id is None:
        told.append(("repair", case.repair_until_on, OFFICE))
    return told


def _correction(case: Case) -> list[Told]:
    if case.rectification == "asked":
        return [("recheck", case.recheck_until_on, OFFICE)]
    return [] if case.rectification == "done" else [("correct", case.correct_until_on, PARTY)]
