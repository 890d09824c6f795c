"""From the served notice to the decision: notice, reply, answer to it, decision, or closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.casework.cases import Stand, case_for_act, note
from portal.domain.cases import CaseAct, CaseState
from portal.domain.errors import RuleBroken
from portal.store.cases import CaseFile

SERVICE_KINDS = ("desk", "in_person", "post", "proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a notice reached the subject; ``proof`` says what shows it."""

    served_on: date
    how: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided; ``advice`` tells enrolled trainees what to do."""

    number: str
    decided_on: date
    words: str
    severity: str
    advice: str


def serve_notice(stand: Stand, number: str, revision: int, service: Service) -> CaseFile:
    """Record that the notice was served; the subject's days to reply begin.

    Source: 行政处罚法 art. 44.
    """
    case = case_for_act(stand, number, revision, CaseAct.SERVE)
    faults = _day_faults("served_on", service.served_on, case.opened_at.date(), stand.day)
    if service.how not in SERVICE_KINDS:
        faults["how"] = "case.service_unknown"
    _need(faults, proof=service.proof)
    case.state = CaseState.SERVED
    case.served_on = service.served_on
    case.served_how = service.how
    days = stand.rules.cases.reply_days
    case.reply_until_on = stand.rules.calendar.add_working_days(service.served_on, days)
    facts = {"served_on": service.served_on.isoformat(), "how": service.how}
    note(stand, case, "serve", service.proof, **facts, until=case.reply_until_on.isoformat())
    return case


def reply_to_notice(
    stand: Stand, number: str, revision: int, *, words: str, wants_hearing: bool
) -> CaseFile:
    """Record the institution's statement, in its own words, and whether it asks for a hearing."""
    case = case_for_act(stand, number, revision, CaseAct.REPLY)
    _need({}, statement=words)
    case.statement = words.strip()
    case.statement_by = stand.actor.name
    case.statement_at = stand.at
    case.hearing_asked = wants_hearing
    is_late = case.reply_until_on is not None and stand.day > case.reply_until_on
    note(stand, case, "reply", words.strip(), hearing=wants_hearing, late=is_late)
    return case


def answer_statement(
    stand: Stand, number: str, revision: int, *, adopted: bool, reasons: str
) -> CaseFile:
    """Answer the statement: adopted or not, with reasons."""
    case = case_for_act(stand, number, revision, CaseAct.ANSWER)
    _need({}, reasons=reasons)
    case.statement_adopted = adopted
    case.statement_answer = reasons.strip()
    note(stand, case, "answer", reasons.strip(), adopted=adopted)
    return case


def decide_case(stand: Stand, number: str, revision: int, decision: Decision) -> CaseFile:
    """Record the decision document; only after the reply, or after its days have passed."""
    case = case_for_act(stand, number, revision, CaseAct.DECIDE)
    served = case.served_on or case.opened_at.date()
    faults = _day_faults("decided_on", decision.decided_on, served, stand.day)
    if decision.severity not in {period.severity for period in stand.rules.cases.periods}:
        faults["severity"] = "case.severity_unknown"
    _need(faults, number=decision.number, words=decision.words)
    case.state = CaseState.DECIDED
    case.decision_no = decision.number.strip()
    case.decided_on = decision.decided_on
    case.decision_text = decision.words.strip()
    case.severity = decision.severity
    case.trainee_advice = decision.advice.strip()
    note(stand, case, "decide", decision.words.strip(), decision_no=case.decision_no)
    return case


def close_case(stand: Stand, number: str, revision: int, *, reasons: str) -> CaseFile:
    """Close a case without a decision; it never becomes public."""
    case = case_for_act(stand, number, revision, CaseAct.CLOSE)
    _need({}, reasons=reasons)
    case.state = CaseState.CLOSED
    note(stand, case, "close", reasons.strip())
    return case


def _need(faults: dict[str, str], **texts: str) -> None:
    faults |= {name: "case.field_empty" for name, text in texts.items() if not text.strip()}
    if faults:
        raise RuleBroken("case.incomplete", faults)


def _day_faults(name: str, day: date, earliest: date, latest: date) -> dict[str, str]:
    if day > latest:
        return {name: "case.day_in_future"}
    return {name: "case.day_too_early"} if day < earliest else {}
