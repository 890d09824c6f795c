"""The course of a case: which act may follow which, from when, and by whom.

::

    open ─ serve ─▶ served ─ decide ─▶ decided ─ propose ─▶ proposed ─ publish ─▶ published
      │               │  ▲ reply, answer                    send back │            ends │
      └─── close ─────┘                                     decided ◀┘   on its day, or by two

Facts come first, then a served notice, then the reply or its days, then a decision, then two
persons. An entry stands on the problem list only while ``is_public`` says so of the day asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from portal.domain.people import Actor
from portal.rules.rulebook import Rulebook
from portal.rules.workdays import add_months


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    SERVED = "served"
    DECIDED = "decided"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    CLOSED = "closed"


class CaseAct(StrEnum):
    """What may be done to a case."""

    SERVE = "serve"
    REPLY = "reply"
    ANSWER = "answer"
    DECIDE = "decide"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    RECTIFY = "rectify"
    CONFIRM = "confirm"
    PROPOSE_END = "propose_end"
    KEEP = "keep"
    END = "end"
    CLOSE = "close"


class EndReason(StrEnum):
    """Why an entry leaves the list before its last day."""

    REPAIRED = "repaired"
    QUASHED = "quashed"


class Case(Protocol):
    """What the course of a case rests on; ``publish_until_on`` is the first day off the list."""

    @property
    def state(self) -> str:
        """Return the state, one of :class:`CaseState`."""

    institution_id: int | None
    ground: str
    severity: str
    reply_until_on: date | None
    statement: str | None
    statement_answer: str | None
    decided_on: date | None
    proposed_by_id: int | None
    publish_from_on: date | None
    publish_until_on: date | None
    rectification: str
    end_proposed_by_id: int | None
    end_reason: str | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why an act is not possible: the key of a sentence and its facts."""

    key: str
    facts: dict[str, object] = field(default_factory=dict)


STARTS: dict[CaseAct, frozenset[CaseState]] = {
    CaseAct.SERVE: frozenset({CaseState.OPEN}),
    CaseAct.REPLY: frozenset({CaseState.SERVED}),
    CaseAct.ANSWER: frozenset({CaseState.SERVED}),
    CaseAct.DECIDE: frozenset({CaseState.SERVED}),
    CaseAct.PROPOSE: frozenset({CaseState.DECIDED}),
    CaseAct.SEND_BACK: frozenset({CaseState.PROPOSED}),
    CaseAct.PUBLISH: frozenset({CaseState.PROPOSED}),
    CaseAct.RECTIFY: frozenset({CaseState.PUBLISHED}),
    CaseAct.CONFIRM: frozenset({CaseState.PUBLISHED}),
    CaseAct.PROPOSE_END: frozenset({CaseState.PUBLISHED}),
    CaseAct.KEEP: frozenset({CaseState.PUBLISHED}),
    CaseAct.END: frozenset({CaseState.PUBLISHED}),
    CaseAct.CLOSE: frozenset({CaseState.OPEN, CaseState.SERVED}),
}


def is_public(case: Case, day: date) -> bool:
    """Tell whether the case's entry is on the list on ``day``."""
    if case.state != CaseState.PUBLISHED or case.publish_from_on is None:
        return False
    return case.publish_from_on <= day < last_limit(case)


def last_limit(case: Case) -> date:
    """Return the first day on which a published entry is off the list."""
    limits = [day for day in (case.publish_until_on, case.ended_on) if day is not None]
    return min(limits, default=date.max)


def publication_limits(case: Case, rules: Rulebook) -> tuple[date, date]:
    """Return the earliest and the latest day on which the entry may leave the list.

    Months are counted from the day of the decision.
    Source: 国办发〔2025〕22号, as given in the rule publication-periods.
    """
    decided = case.decided_on or rules.on
    period = rules.cases.period(case.severity)
    return add_months(decided, period.min_months), add_months(decided, period.max_months)


def hindrance(
    case: Case, act: CaseAct, actor: Actor, day: date, rules: Rulebook
) -> Hindrance | None:
    """Return why ``act`` is not possible now, None if it is."""
    if CaseState(case.state) not in STARTS[act]:
        return Hindrance("case.wrong_state", {"act": f"case_act.{act}", "state": _shown(case)})
    if act is not CaseAct.REPLY and _belongs(actor, case):
        return Hindrance("case.own_institution")
    check = _CHECKS.get(act)
    return check(case, actor, day, rules) if check else None


def repair_hindrance(case: Case, day: date, rules: Rulebook) -> Hindrance | None:
    """Return why the entry cannot yet be repaired: too early, or not re-checked; None if it can.

    Source: 国办发〔2025〕22号: repair may be asked for after the least period.
    """
    if case.rectification != "done":
        return Hindrance("case.recheck_first")
    least = rules.cases.period(case.severity).min_repair_months
    first = add_months(case.publish_from_on or day, least)
    return Hindrance("case.repair_too_early", {"first": first}) if day < first else None


def possible_acts(
    case: Case, actor: Actor, day: date, rules: Rulebook
) -> dict[CaseAct, Hindrance | None]:
    """Return the acts that this state knows, each with what still stands in its way."""
    state = CaseState(case.state)
    known = [act for act in CaseAct if state in STARTS[act] and _makes_sense(case, act, day)]
    return {act: hindrance(case, act, actor, day, rules) for act in known}


def _belongs(actor: Actor, case: Case) -> bool:
    return actor.institution_id is not None and actor.institution_id == case.institution_id


def _shown(case: Case) -> str:
    return f"case_state.{case.state}"


def _makes_sense(case: Case, act: CaseAct, day: date) -> bool:
    """Tell whether the act belongs on the page at all, beyond the state."""
    ending = case.end_proposed_by_id is not None
    wanted = {
        CaseAct.REPLY: case.statement is None,
        CaseAct.ANSWER: case.statement is not None and case.statement_answer is None,
        CaseAct.RECTIFY: case.rectification == "none" and is_public(case, day),
        CaseAct.CONFIRM: case.rectification == "asked" and is_public(case, day),
        CaseAct.PROPOSE_END: not ending and is_public(case, day),
        CaseAct.KEEP: ending and case.ended_on is None,
        CaseAct.END: ending and case.ended_on is None,
    }
    return wanted.get(act, True)


def _may_reply(case: Case, _actor: Actor, _day: date, _rules: Rulebook) -> Hindrance | None:
    return Hindrance("case.replied_already") if case.statement is not None else None


def _may_answer(case: Case, _actor: Actor, _day: date, _rules: Rulebook) -> Hindrance | None:
    if case.statement is None:
        return Hindrance("case.nothing_to_answer")
    return Hindrance("case.answered_already") if case.statement_answer is not None else None


def _may_decide(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.statement is not None:
        return None if case.statement_answer is not None else Hindrance("case.answer_first")
    until = case.reply_until_on
    if until is None or day <= until:
        return Hindrance("case.reply_still_open", {"until": until or day})
    return None


def _may_propose(case: Case, _actor: Actor, day: date, rules: Rulebook) -> Hindrance | None:
    ground = rules.ground(case.ground)
    if ground is None or ground.publishing_basis is None:
        return Hindrance("case.no_publishing_basis", {"ground": f"ground.{case.ground}"})
    _, latest = publication_limits(case, rules)
    return Hindrance("case.period_over", {"latest": latest}) if day >= latest else None


def _may_publish(case: Case, actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if actor.person_id == case.proposed_by_id:
        return Hindrance("case.second_person")
    if case.publish_until_on is not None and day >= case.publish_until_on:
        return Hindrance("case.period_over", {"latest": case.publish_until_on})
    return None


def _must_be_public(case: Case, _actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    return None if is_public(case, day) else Hindrance("case.not_public")


def _may_end(case: Case, actor: Actor, day: date, _rules: Rulebook) -> Hindrance | None:
    if case.end_proposed_by_id is None:
        return Hindrance("case.end_not_proposed")
    if actor.person_id == case.end_proposed_by_id:
        return Hindrance("case.second_person")
    return None if is_public(case, day) else Hindrance("case.not_public")


_CHECKS = {
    CaseAct.REPLY: _may_reply,
    CaseAct.ANSWER: _may_answer,
    CaseAct.DECIDE: _may_decide,
    CaseAct.PROPOSE: _may_propose,
    CaseAct.PUBLISH: _may_publish,
    CaseAct.RECTIFY: _must_be_public,
    CaseAct.CONFIRM: _must_be_public,
    CaseAct.PROPOSE_END: _must_be_public,
    CaseAct.END: _may_end,
}
