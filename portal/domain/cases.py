"""The course of a case: its states, the acts on it, and when its entry is public.

::

    open ─ serve ─▶ served ─ decide ─▶ decided ─ propose ─▶ proposed ─ publish ─▶ published
      │               │  ▲ reply, hearing, │ quash    send back │ quash    ends │ on its day,
      └─── close ─────┘    answer          └───▶ closed ◀───────┘              │ or by two

Facts and evidence come first, then a served notice, then the reply or its days and the hearing
where one was asked for, then a decision, then two persons. An entry stands on the problem list
only while ``is_public`` says so of the day asked for. What stands in the way of an act is told by
:mod:`portal.domain.case_checks`, which days are running by :mod:`portal.domain.case_clocks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

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

    EVIDENCE = "evidence"
    SERVE = "serve"
    REPLY = "reply"
    ASK_HEARING = "ask_hearing"
    CALL_HEARING = "call_hearing"
    HOLD_HEARING = "hold_hearing"
    ANSWER = "answer"
    DECIDE = "decide"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    RECTIFY = "rectify"
    CONFIRM = "confirm"
    FAIL = "fail"
    DISPUTE = "dispute"
    SETTLE = "settle"
    ASK_REPAIR = "ask_repair"
    AMEND = "amend"
    CONFIRM_AMEND = "confirm_amend"
    DROP_AMEND = "drop_amend"
    PROPOSE_END = "propose_end"
    KEEP = "keep"
    END = "end"
    QUASH = "quash"
    CLOSE = "close"


class CaseSource(StrEnum):
    """What a case was opened from."""

    INSPECTION = "inspection"
    TIP = "tip"
    ANOMALY = "anomaly"
    CONTRADICTION = "contradiction"
    ACCIDENT = "accident"
    HAND = "hand"


class Penalty(StrEnum):
    """What a decision imposes beside, and apart from, an order to correct (责令改正)."""

    NONE = "none"
    WARNING = "warning"
    FINE = "fine"
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


class EndReason(StrEnum):
    """Why an entry leaves the list before its last day."""

    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"
    QUASHED = "quashed"


class Case(Protocol):
    """What the course of a case rests on; ``publish_until_on`` is the first day off the list."""

    @property
    def state(self) -> str:
        """Return the state, one of :class:`CaseState`."""

    institution_id: int | None
    ground: str
    severity: str
    evidence: dict[str, str]
    reply_until_on: date | None
    statement: str | None
    statement_answer: str | None
    hearing_until_on: date | None
    hearing_asked_on: date | None
    hearing_on: date | None
    hearing_held_on: date | None
    decided_on: date | None
    publish_by_on: date | None
    proposed_by_id: int | None
    publish_from_on: date | None
    publish_until_on: date | None
    correct_until_on: date | None
    rectification: str
    recheck_until_on: date | None
    dispute: str
    dispute_mark_until_on: date | None
    dispute_marked_on: date | None
    dispute_decide_until_on: date | None
    repair_until_on: date | None
    amend_by_id: int | None
    end_proposed_by_id: int | None
    end_reason: str | None
    ended_on: date | None
    withdraw_until_on: date | None


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why an act is not possible: the key of a sentence and its facts."""

    key: str
    facts: dict[str, object] = field(default_factory=dict)


_UNDECIDED = frozenset({CaseState.OPEN, CaseState.SERVED})
_DECIDED = frozenset({CaseState.DECIDED, CaseState.PROPOSED, CaseState.PUBLISHED})
_PUBLISHED = frozenset({CaseState.PUBLISHED})

STARTS: dict[CaseAct, frozenset[CaseState]] = {
    CaseAct.EVIDENCE: _UNDECIDED,
    CaseAct.SERVE: frozenset({CaseState.OPEN}),
    CaseAct.REPLY: frozenset({CaseState.SERVED}),
    CaseAct.ASK_HEARING: frozenset({CaseState.SERVED}),
    CaseAct.CALL_HEARING: frozenset({CaseState.SERVED}),
    CaseAct.HOLD_HEARING: frozenset({CaseState.SERVED}),
    CaseAct.ANSWER: frozenset({CaseState.SERVED}),
    CaseAct.DECIDE: frozenset({CaseState.SERVED}),
    CaseAct.PROPOSE: frozenset({CaseState.DECIDED}),
    CaseAct.SEND_BACK: frozenset({CaseState.PROPOSED}),
    CaseAct.PUBLISH: frozenset({CaseState.PROPOSED}),
    CaseAct.RECTIFY: _DECIDED,
    CaseAct.CONFIRM: _DECIDED,
    CaseAct.FAIL: _DECIDED,
    CaseAct.DISPUTE: _PUBLISHED,
    CaseAct.SETTLE: _PUBLISHED,
    CaseAct.ASK_REPAIR: _PUBLISHED,
    CaseAct.AMEND: _PUBLISHED,
    CaseAct.CONFIRM_AMEND: _PUBLISHED,
    CaseAct.DROP_AMEND: _PUBLISHED,
    CaseAct.PROPOSE_END: _PUBLISHED,
    CaseAct.KEEP: _PUBLISHED,
    CaseAct.END: _PUBLISHED,
    CaseAct.QUASH: _DECIDED,
    CaseAct.CLOSE: _UNDECIDED,
}

OF_THE_PARTY = frozenset(
    {CaseAct.REPLY, CaseAct.ASK_HEARING, CaseAct.RECTIFY, CaseAct.DISPUTE, CaseAct.ASK_REPAIR}
)
"""What the institution does itself; what came on paper, or from a unit, a regulator records."""


def is_public(case: Case, day: date) -> bool:
    """Tell whether the case's entry is on the list on ``day``."""
    if case.state != CaseState.PUBLISHED or case.publish_from_on is None:
        return False
    return case.publish_from_on <= day < last_limit(case)


def last_limit(case: Case) -> date:
    """Return the first day on which a published entry is off the list, whoever acts or does not."""
    limits = (case.publish_until_on, case.ended_on, case.withdraw_until_on)
    return min((day for day in limits if day is not None), default=date.max)


def publication_limits(case: Case, rules: Rulebook) -> tuple[date, date]:
    """Return the earliest and the latest day on which the entry may leave the list.

    Months are counted from the day of the decision.
    Source: 国办发〔2025〕22号, as given in the rule publication-periods.
    """
    decided = case.decided_on or rules.on
    period = rules.cases.period(case.severity)
    return add_months(decided, period.min_months), add_months(decided, period.max_months)


def penalty_hindrance(case: Case, penalty: Penalty, day: date, rules: Rulebook) -> Hindrance | None:
    """Return why this penalty cannot be imposed yet: a hearing may still be asked for.

    Source: 行政处罚法 arts. 63, 64.
    """
    until = case.hearing_until_on
    if penalty not in rules.cases.hearing_measures or case.hearing_held_on is not None:
        return None
    if until is None or day <= until:
        return Hindrance("case.hearing_still_open", {"until": until or day})
    return None
