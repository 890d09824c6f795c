"""After the decision: correction and re-check, dispute, the request for early repair, consent."""

from __future__ import annotations

from sqlalchemy import select

from portal.casework.supervision.cases import Stand, case_for_act, must_go, need, note
from portal.domain.cases import CaseAct, EndReason
from portal.domain.errors import Conflict
from portal.domain.people import Permission
from portal.store.audit import record
from portal.store.cases import CaseEvent, CaseFile, ServiceConsent, consent_on


def report_rectification(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record the report that the problem was corrected; its re-check is due in its days."""
    case = case_for_act(stand, number, revision, CaseAct.RECTIFY)
    need({}, words=words)
    case.rectification = "asked"
    days = stand.rules.cases.recheck_days
    case.recheck_until_on = stand.rules.calendar.add_working_days(stand.day, days)
    note(stand, case, "rectify", words.strip(), until=case.recheck_until_on.isoformat())
    return case


def confirm_rectification(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record that the re-check found the problem corrected."""
    case = case_for_act(stand, number, revision, CaseAct.CONFIRM)
    need({}, words=words)
    case.rectification, case.recheck_until_on = "done", None
    note(stand, case, "confirm", words.strip())
    return case


def fail_rectification(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record that the re-check found the problem still there."""
    case = case_for_act(stand, number, revision, CaseAct.FAIL)
    need({}, words=words)
    case.rectification, case.recheck_until_on = "failed", None
    note(stand, case, "fail", words.strip())
    return case


def dispute_entry(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record a dispute about the entry; the entry bears its mark from this moment on.

    Source: 上海市社会信用条例 art. 36: marked within one working day, decided within five.
    """
    case = case_for_act(stand, number, revision, CaseAct.DISPUTE)
    need({}, words=words)
    clocks, calendar = stand.rules.cases, stand.rules.calendar
    case.dispute, case.dispute_words, case.dispute_answer = "open", words.strip(), None
    case.dispute_marked_on = stand.day
    case.dispute_mark_until_on = calendar.add_working_days(stand.day, clocks.dispute_mark_days)
    decide_days = clocks.dispute_decide_days
    case.dispute_decide_until_on = calendar.add_working_days(stand.day, decide_days)
    until = case.dispute_decide_until_on.isoformat()
    note(stand, case, "dispute", words.strip(), until=until)
    return case


def settle_dispute(
    stand: Stand, number: str, revision: int, *, upheld: bool, reasons: str
) -> CaseFile:
    """Decide the dispute.

    An entry that was rightly disputed does not stay as it is: unless two persons amended it since,
    a second person takes it off, or it leaves by itself when the working days for that are over.
    """
    case = case_for_act(stand, number, revision, CaseAct.SETTLE)
    need({}, reasons=reasons)
    case.dispute, case.dispute_answer = "settled", reasons.strip()
    if upheld and not _amended_since(stand, case):
        must_go(stand, case)
        case.end_proposed_by_id, case.end_words = stand.actor.person_id, reasons.strip()
        case.end_reason = case.end_reason or EndReason.WITHDRAWN
    note(stand, case, "settle", reasons.strip(), upheld=upheld)
    return case


def _amended_since(stand: Stand, case: CaseFile) -> bool:
    """Tell whether two persons amended the entry after it was disputed."""
    acts = select(CaseEvent.act).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    done = list(stand.session.scalars(acts))
    last = max(place for place, act in enumerate(done) if act == CaseAct.DISPUTE)
    return CaseAct.CONFIRM_AMEND in done[last:]


def ask_repair(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record the request to end the entry early; its answer is due in its days."""
    case = case_for_act(stand, number, revision, CaseAct.ASK_REPAIR)
    need({}, words=words)
    days = stand.rules.cases.repair_days
    case.repair_until_on = stand.rules.calendar.add_working_days(stand.day, days)
    note(stand, case, "ask_repair", words.strip(), until=case.repair_until_on.isoformat())
    return case


def agree_to_desk_service(stand: Stand) -> ServiceConsent:
    """Record that the institution agrees to be served at its desk.

    Raises:
        Conflict: it has agreed already.

    """
    institution_id = _own_institution(stand)
    if consent_on(stand.session, institution_id, stand.day) is not None:
        raise Conflict("case.consent_given_already")
    consent = ServiceConsent(
        institution_id=institution_id, agreed_on=stand.day, agreed_by=stand.actor.name
    )
    stand.session.add(consent)
    _trail(stand, "service.agree", institution_id)
    return consent


def end_desk_service(stand: Stand) -> None:
    """Record that the institution no longer agrees; what was served before stays served.

    Raises:
        Conflict: it has not agreed.

    """
    institution_id = _own_institution(stand)
    consent = consent_on(stand.session, institution_id, stand.day)
    if consent is None:
        raise Conflict("case.consent_not_given")
    consent.ended_on = stand.day
    _trail(stand, "service.end", institution_id)


def _own_institution(stand: Stand) -> int:
    stand.actor.require(Permission.ANSWER_CASE)
    return stand.actor.institution_id or 0


def _trail(stand: Stand, act: str, institution_id: int) -> None:
    record(stand.session, stand.actor, act, f"consent:{institution_id}", stand.at)
