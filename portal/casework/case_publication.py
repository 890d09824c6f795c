"""Publishing an entry, its rectification, and its end before its last day: always two persons."""

from __future__ import annotations

from datetime import date

from portal.casework.cases import Stand, case_for_act, next_number, note
from portal.casework.list_events import settle_list
from portal.domain.cases import (
    CaseAct,
    CaseState,
    EndReason,
    publication_limits,
    repair_hindrance,
)
from portal.domain.errors import RuleBroken
from portal.store.cases import CaseFile


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
    _need("reasons", reasons)
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
    note(stand, case, "publish", None, listing_no=case.listing_no)
    settle_list(stand.session, stand.day, stand.at)
    return case


def ask_rectification(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record that rectification is under way."""
    case = case_for_act(stand, number, revision, CaseAct.RECTIFY)
    _need("words", words)
    case.rectification = "asked"
    note(stand, case, "rectify", words.strip())
    return case


def confirm_rectification(stand: Stand, number: str, revision: int, *, words: str) -> CaseFile:
    """Record that the re-check found the problem corrected."""
    case = case_for_act(stand, number, revision, CaseAct.CONFIRM)
    _need("words", words)
    case.rectification = "done"
    note(stand, case, "confirm", words.strip())
    return case


def propose_end(
    stand: Stand, number: str, revision: int, *, reason: EndReason, document_no: str, words: str
) -> CaseFile:
    """Propose to take the entry off the list before its last day.

    Raises:
        RuleBroken: a document is missing, or repair is asked for too early.

    """
    case = case_for_act(stand, number, revision, CaseAct.PROPOSE_END)
    _need("document_no", document_no)
    _need("words", words)
    too_early = repair_hindrance(case, stand.day, stand.rules)
    if reason is EndReason.REPAIRED and too_early is not None:
        raise RuleBroken(too_early.key, None, **too_early.facts)
    case.end_proposed_by_id = stand.actor.person_id
    case.end_reason = reason
    case.end_document_no = document_no.strip()
    case.end_words = words.strip()
    note(stand, case, "propose_end", words.strip(), reason=reason, document_no=document_no.strip())
    return case


def keep_entry(stand: Stand, number: str, revision: int, *, reasons: str) -> CaseFile:
    """Refuse the proposed end; the entry stays."""
    case = case_for_act(stand, number, revision, CaseAct.KEEP)
    _need("reasons", reasons)
    case.end_proposed_by_id = case.end_reason = case.end_document_no = case.end_words = None
    note(stand, case, "keep", reasons.strip())
    return case


def end_entry(stand: Stand, number: str, revision: int) -> CaseFile:
    """Take the entry off the list today; the actor is the second person."""
    case = case_for_act(stand, number, revision, CaseAct.END)
    case.ended_on = stand.day
    note(stand, case, "end", None, reason=case.end_reason, document_no=case.end_document_no)
    settle_list(stand.session, stand.day, stand.at)
    return case


def _need(name: str, text: str) -> None:
    if not text.strip():
        raise RuleBroken("case.incomplete", {name: "case.field_empty"})
