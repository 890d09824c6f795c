"""Publishing an entry, amending it, and its end before its last day: always two persons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.casework.supervision.cases import (
    Stand,
    case_for_act,
    must_go,
    need,
    next_number,
    note,
)
from portal.casework.supervision.list_events import settle_list
from portal.domain.case_checks import repair_hindrance
from portal.domain.cases import CaseAct, CaseState, EndReason, publication_limits
from portal.domain.errors import RuleBroken
from portal.store.cases import CaseFile, EntryVersion


def propose_publication(stand: Stand, number: str, revision: int, *, until_on: date) -> CaseFile:
    """Propose to publish until ``until_on``, the first day on which it will be off the list.

    Raises:
        RuleBroken: the day lies outside the severity's period.

    """
    case = case_for_act(stand, number, revision, CaseAct.PROPOSE)
    earliest, latest = publication_limits(case, stand.rules)
    if not max(earliest, stand.day) <= until_on <= latest or until_on == stand.day:
        raise RuleBroken("case.incomplete", {"until_on": "case.until_outside"})
    case.state = CaseState.PROPOSED
    case.publish_until_on = until_on
    case.proposed_by_id = stand.actor.person_id
    note(stand, case, "propose", None, until=until_on.isoformat())
    return case


def send_back(stand: Stand, number: str, revision: int, *, reasons: str) -> CaseFile:
    """Refuse the proposal; the case is decided but not published."""
    case = case_for_act(stand, number, revision, CaseAct.SEND_BACK)
    need({}, reasons=reasons)
    case.state = CaseState.DECIDED
    case.publish_until_on = case.proposed_by_id = None
    note(stand, case, "send_back", reasons.strip())
    return case


def publish_entry(stand: Stand, number: str, revision: int) -> CaseFile:
    """Publish the entry at once; the actor is the second person, never the one who proposed."""
    case = case_for_act(stand, number, revision, CaseAct.PUBLISH)
    case.state = CaseState.PUBLISHED
    case.publish_from_on = stand.day
    case.second_id = stand.actor.person_id
    prefix = f"{stand.day.year}-"
    case.listing_no = next_number(stand.session, prefix, CaseFile.listing_no)
    _new_version(stand, case, None)
    note(stand, case, "publish", None, listing_no=case.listing_no)
    settle_list(stand.session, stand.day, stand.at)
    return case


def amend(stand: Stand, number: str, revision: int, *, facts: str, reasons: str) -> CaseFile:
    """Propose to amend the facts of the entry; ``reasons`` will stand in its public record."""
    case = case_for_act(stand, number, revision, CaseAct.AMEND)
    faults = {"facts": "case.amend_same"} if facts.strip() == case.facts else {}
    need(faults, facts=facts, reasons=reasons)
    case.amend_facts, case.amend_words = facts.strip(), reasons.strip()
    case.amend_by_id = stand.actor.person_id
    note(stand, case, "amend", reasons.strip(), facts=facts.strip())
    return case


def confirm_amend(stand: Stand, number: str, revision: int) -> CaseFile:
    """Amend the entry; the actor is the second person. The facts as they were stay in the trail."""
    case = case_for_act(stand, number, revision, CaseAct.CONFIRM_AMEND)
    before, words = case.facts, case.amend_words
    case.facts = case.amend_facts or case.facts
    case.amend_facts = case.amend_words = case.amend_by_id = None
    _new_version(stand, case, words)
    note(stand, case, "confirm_amend", words, before=before)
    return case


def drop_amend(stand: Stand, number: str, revision: int, *, reasons: str) -> CaseFile:
    """Refuse the amendment; the entry stays as it is."""
    case = case_for_act(stand, number, revision, CaseAct.DROP_AMEND)
    need({}, reasons=reasons)
    case.amend_facts = case.amend_words = case.amend_by_id = None
    note(stand, case, "drop_amend", reasons.strip())
    return case


def propose_end(
    stand: Stand, number: str, revision: int, *, reason: EndReason, document_no: str, words: str
) -> CaseFile:
    """Propose to take the entry off the list before its last day.

    Raises:
        RuleBroken: a document is missing, or repair is asked for too early.

    """
    case = case_for_act(stand, number, revision, CaseAct.PROPOSE_END)
    faults = {"reason": "case.quash_is_an_act"} if reason is EndReason.QUASHED else {}
    need(faults, document_no=document_no, words=words)
    too_early = repair_hindrance(case, stand.day, stand.rules)
    if reason is EndReason.REPAIRED and too_early is not None:
        raise RuleBroken(too_early.key, None, **too_early.facts)
    _end_as(stand, case, reason, document_no, words)
    note(stand, case, "propose_end", words.strip(), reason=reason, document_no=document_no.strip())
    return case


def keep_entry(stand: Stand, number: str, revision: int, *, reasons: str) -> CaseFile:
    """Refuse the proposed end; the entry stays."""
    case = case_for_act(stand, number, revision, CaseAct.KEEP)
    need({}, reasons=reasons)
    case.end_proposed_by_id = case.end_reason = case.end_document_no = case.end_words = None
    case.repair_until_on = None
    note(stand, case, "keep", reasons.strip())
    return case


def end_entry(stand: Stand, number: str, revision: int) -> CaseFile:
    """Take the entry off the list today; the actor is the second person."""
    case = case_for_act(stand, number, revision, CaseAct.END)
    case.ended_on = stand.day
    note(stand, case, "end", None, reason=case.end_reason, document_no=case.end_document_no)
    settle_list(stand.session, stand.day, stand.at)
    return case


def quash(stand: Stand, number: str, revision: int, *, document_no: str, words: str) -> CaseFile:
    """Record that the decision was quashed or changed.

    What is not yet published never will be. What is, a second person takes off; if nobody does,
    it leaves by itself when the working days for it are over.
    Source: 行政处罚法 art. 48.
    """
    case = case_for_act(stand, number, revision, CaseAct.QUASH)
    need({}, document_no=document_no, words=words)
    must_go(stand, case)
    _end_as(stand, case, EndReason.QUASHED, document_no, words)
    if case.state != CaseState.PUBLISHED:
        case.state = CaseState.CLOSED
    note(stand, case, "quash", words.strip(), document_no=document_no.strip())
    return case


def _end_as(stand: Stand, case: CaseFile, reason: EndReason, document_no: str, words: str) -> None:
    case.end_proposed_by_id = stand.actor.person_id
    case.end_reason = reason
    case.end_document_no = document_no.strip()
    case.end_words = words.strip()


def _new_version(stand: Stand, case: CaseFile, words: str | None) -> None:
    last = select(func.max(EntryVersion.number)).where(EntryVersion.case_id == case.id)
    version = EntryVersion(
        case_id=case.id,
        number=(stand.session.scalar(last) or 0) + 1,
        on=stand.day,
        facts=case.facts,
        words=words,
    )
    stand.session.add(version)
