"""From the evidence to the decision: notice, reply, answer to it, decision, or closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.casework.supervision.cases import Stand, case_for_act, day_faults, need, note
from portal.domain.cases import CaseAct, CaseState, Penalty, penalty_hindrance
from portal.domain.errors import RuleBroken
from portal.store.cases import CaseFile, StatementPoint, consent_on, points_of

SERVICE_KINDS = ("desk", "in_person", "post", "proxy")
AT_THE_DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a notice reached the subject; ``proof`` says what shows it."""

    served_on: date
    how: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided; ``affected`` names the classes, ``advice`` tells trainees what to do.

    An order to correct (``correct_until_on``: its last day) and a penalty stand apart; ``amount``
    is in whole units of currency.
    """

    number: str
    decided_on: date
    words: str
    severity: str
    advice: str
    affected: str = ""
    is_ordered: bool = True
    correct_until_on: date | None = None
    penalty: Penalty = Penalty.NONE
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointAnswer:
    """Whether one point of a statement was adopted, and why."""

    adopted: bool
    reasons: str


def keep_evidence(
    stand: Stand, number: str, revision: int, *, evidence: Mapping[str, str]
) -> CaseFile:
    """Record what evidence there is and where it lies, by the kinds that the ground asks for."""
    case = case_for_act(stand, number, revision, CaseAct.EVIDENCE)
    kept = {kind: words.strip() for kind, words in evidence.items() if words.strip()}
    need({}, **({f"evidence_{kind}": words for kind, words in kept.items()} or {"evidence": ""}))
    changed = {kind: words for kind, words in kept.items() if case.evidence.get(kind) != words}
    case.evidence = case.evidence | kept
    note(stand, case, "evidence", None, evidence=changed)
    return case


def serve_notice(stand: Stand, number: str, revision: int, service: Service) -> CaseFile:
    """Record that the notice was served; the subject's days to reply begin.

    Opening a page is service only where the institution has agreed to it.
    Source: 行政处罚法 arts. 44, 64.
    """
    case = case_for_act(stand, number, revision, CaseAct.SERVE)
    faults = day_faults("served_on", service.served_on, case.opened_on, stand.day)
    if service.how not in SERVICE_KINDS:
        faults["how"] = "case.service_unknown"
    elif service.how == AT_THE_DESK and not _agreed(stand, case, service.served_on):
        faults["how"] = "case.service_not_agreed"
    need(faults, proof=service.proof)
    case.state = CaseState.SERVED
    case.served_on = service.served_on
    case.served_how = service.how
    clocks, calendar = stand.rules.cases, stand.rules.calendar
    case.reply_until_on = calendar.add_working_days(service.served_on, clocks.reply_days)
    asked = clocks.hearing_request_days
    case.hearing_until_on = calendar.add_working_days(service.served_on, asked)
    facts = {"served_on": service.served_on.isoformat(), "how": service.how}
    note(stand, case, "serve", service.proof, **facts, until=case.reply_until_on.isoformat())
    return case


def reply_to_notice(stand: Stand, number: str, revision: int, *, points: Sequence[str]) -> CaseFile:
    """Record the subject's statement, point by point, in its own words."""
    case = case_for_act(stand, number, revision, CaseAct.REPLY)
    said = [words.strip() for words in points if words.strip()]
    need({}, words="\n".join(said))
    stand.session.add_all(
        StatementPoint(case_id=case.id, number=place, words=words)
        for place, words in enumerate(said, 1)
    )
    case.statement = in_one_text(said)
    own = stand.actor.institution_id is not None
    case.statement_by = stand.actor.name if own else None
    case.statement_at = stand.at
    is_late = case.reply_until_on is not None and stand.day > case.reply_until_on
    note(stand, case, "reply", case.statement, late=is_late)
    return case


def answer_statement(
    stand: Stand, number: str, revision: int, *, answers: Mapping[int, PointAnswer]
) -> CaseFile:
    """Answer the statement, each point by its number: adopted or not, with reasons."""
    case = case_for_act(stand, number, revision, CaseAct.ANSWER)
    points = points_of(stand.session, [case.id])[case.id]
    given = [answers.get(point.number, PointAnswer(adopted=False, reasons="")) for point in points]
    asked = zip(points, given, strict=True)
    need({}, **{f"reasons_{point.number}": answer.reasons for point, answer in asked})
    for point, answer in zip(points, given, strict=True):
        point.adopted, point.reasons = answer.adopted, answer.reasons.strip()
    case.statement_adopted = all(answer.adopted for answer in given)
    case.statement_answer = in_one_text([answer.reasons.strip() for answer in given])
    case.statement_answered_on = stand.day
    adopted = [point.number for point in points if point.adopted]
    note(stand, case, "answer", case.statement_answer, adopted=adopted, points=len(points))
    return case


def in_one_text(points: Sequence[str]) -> str:
    """Return the points as one text; more than one bear their numbers."""
    if len(points) == 1:
        return points[0]
    return "\n".join(f"{place}. {words}" for place, words in enumerate(points, 1))


def decide_case(stand: Stand, number: str, revision: int, decision: Decision) -> CaseFile:
    """Record the decision document; only after the reply, or after its days have passed."""
    case = case_for_act(stand, number, revision, CaseAct.DECIDE)
    faults = day_faults("decided_on", decision.decided_on, _decidable_from(case), stand.day)
    faults |= _measure_faults(decision)
    if decision.severity not in {period.severity for period in stand.rules.cases.periods}:
        faults["severity"] = "case.severity_unknown"
    more = {"affected": decision.affected, "advice": decision.advice}
    said = {name: text for name, text in more.items() if text.strip()}
    need(faults, number=decision.number, words=decision.words, **said)
    early = penalty_hindrance(case, decision.penalty, decision.decided_on, stand.rules)
    if early is not None:
        raise RuleBroken(early.key, None, **early.facts)
    _write(stand, case, decision)
    facts = {"decision_no": case.decision_no, "penalty": case.penalty, "amount": case.amount}
    note(stand, case, "decide", decision.words.strip(), **facts)
    return case


def close_case(stand: Stand, number: str, revision: int, *, reasons: str) -> CaseFile:
    """Close a case without a decision; it never becomes public."""
    case = case_for_act(stand, number, revision, CaseAct.CLOSE)
    need({}, reasons=reasons)
    case.state = CaseState.CLOSED
    note(stand, case, "close", reasons.strip())
    return case


def _agreed(stand: Stand, case: CaseFile, day: date) -> bool:
    return consent_on(stand.session, case.institution_id, day) is not None


def _decidable_from(case: CaseFile) -> date:
    """Return the first day that the decision may bear: after the reply's days, or its answer."""
    first = case.served_on or case.opened_on
    if case.statement is not None:
        first = max(first, case.statement_answered_on or first)
    elif case.reply_until_on is not None:
        first = case.reply_until_on + timedelta(days=1)
    return max(first, case.hearing_held_on or first)


def _measure_faults(decision: Decision) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not decision.is_ordered and decision.penalty is Penalty.NONE:
        faults["penalty"] = "case.nothing_decided"
    if (decision.amount or 0) < (1 if decision.penalty is Penalty.FINE else 0):
        faults["amount"] = "case.amount_missing"
    if decision.penalty is Penalty.NONE and decision.amount:
        faults["amount"] = "case.amount_without_penalty"
    due = decision.correct_until_on
    if due is not None and (due < decision.decided_on or not decision.is_ordered):
        faults["correct_until_on"] = "case.correct_until_wrong"
    return faults


def _write(stand: Stand, case: CaseFile, decision: Decision) -> None:
    case.state = CaseState.DECIDED
    case.decision_no = decision.number.strip()
    case.decided_on = decision.decided_on
    case.decision_text = decision.words.strip()
    case.severity = decision.severity
    case.trainee_advice = decision.advice.strip()
    case.affected = decision.affected.strip()
    case.is_ordered = decision.is_ordered
    case.correct_until_on = decision.correct_until_on
    case.penalty = decision.penalty
    case.amount = decision.amount or None
    days = stand.rules.cases.publish_days
    case.publish_by_on = stand.rules.calendar.add_working_days(decision.decided_on, days)
