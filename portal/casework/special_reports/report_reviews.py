"""Reviewing a special report: one reviewer at a time, words for a return, proof for each fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.special_reports.facts import Review, renew_facts
from portal.domain.answers import storable, tidy
from portal.domain.errors import Conflict, NotAllowed, NotFound, NotYours, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.report_review import Proof
from portal.rules.form import ReportForm
from portal.store.attachments import attachments_of
from portal.store.audit import AuditEvent, record
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.reports import SpecialReport, report_numbered
from portal.store.reviews import marks_of

LONGEST_WORDS = 1000
"""Letters of a reviewer's words to one answer."""
WHOLE = "report"
"""The path of words that concern the report as a whole."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A report in review and whose it is."""

    report: SpecialReport
    institution: Institution


def report_to_review(
    session: Session, actor: Actor, receipt_no: str, *, locked: bool = False
) -> Reviewed:
    """Return a submitted report that this person may see.

    Raises:
        NotFound: there is none.
        NotYours: it is of an area that is not theirs.

    """
    found = report_numbered(session, receipt_no, locked=locked)
    if found is None:
        raise NotFound("report.no_such_report")
    if actor.area_code not in {None, found[1].area_code}:
        raise NotYours("report.no_such_report", f"report:{receipt_no}")
    return Reviewed(*found)


def start_review(
    session: Session, actor: Actor, receipt_no: str, *, at: datetime, take_over: bool = False
) -> SpecialReport:
    """Take a report into review; with ``take_over`` also from a colleague.

    Raises:
        Conflict: a colleague reviews it, or it was decided already.
        NotAllowed: the reviewer belongs to the institution, or filed the report.

    """
    report = _reviewable(session, actor, receipt_no)
    if report.state == "in_review" and report.reviewer_id == actor.person_id:
        return report
    if report.state == "in_review" and not take_over:
        raise _taken(session, report)
    if report.state not in {"submitted", "in_review"}:
        raise _decided(session, report)
    report.state = "in_review"
    report.reviewer_id = actor.person_id
    report.reviewed_at = at
    record(session, actor, "report.start_review", f"report:{receipt_no}", at)
    return report


def return_report(
    session: Session, actor: Actor, receipt_no: str, words: Mapping[str, str], *, at: datetime
) -> SpecialReport:
    """Send a report back with words; ``words`` maps the path of an answer, or ``report``, to them.

    Raises:
        Conflict: the report is not in this person's review.
        RuleBroken: nothing says what is wrong, or words are too long.

    """
    report = in_my_review(session, actor, receipt_no)
    kept = {path: said for path, text in words.items() if (said := tidy(text, lines=True))}
    faults = {path: key for path, said in kept.items() if (key := _fault_of(said))}
    if not kept:
        faults = {WHOLE: "report.no_words"}
    if faults:
        raise RuleBroken("report.words_wrong", faults)
    report.review_words = kept.pop(WHOLE, None)
    report.review = dict(kept)
    report.state = "returned"
    report.reviewed_at = at
    record(session, actor, "report.return", f"report:{receipt_no}", at, answers=sorted(kept))
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """How a report is accepted: proofs by path in the report, on a day, under its form."""

    proofs: Mapping[str, Proof]
    form: ReportForm
    day: date


def accept_report(
    session: Session, actor: Actor, receipt_no: str, acceptance: Acceptance, *, at: datetime
) -> SpecialReport:
    """Accept a report: what it claims stands in public from this day, each fact with its proof.

    Raises:
        Conflict: the report is not in this person's review.
        RuleBroken: an item of it is marked to be returned.

    """
    report = in_my_review(session, actor, receipt_no)
    returned = [path for path, mark in marks_of(session, report.id).items() if mark.is_returned]
    if returned:
        raise RuleBroken("report.items_returned", dict.fromkeys(returned, "report.is_returned"))
    report.state = "accepted"
    report.reviewed_at = at
    review = Review(
        proofs=acceptance.proofs,
        day=acceptance.day,
        by=actor.name,
        files=attachments_of(session, report.id),
    )
    counts = renew_facts(session, report, acceptance.form, review)
    record(session, actor, "report.accept", f"report:{receipt_no}", at, **counts)
    return report


def may_review(session: Session, actor: Actor, report: SpecialReport) -> bool:
    """Tell whether this person is free to judge: neither of the institution, nor who filed it."""
    if actor.institution_id == report.institution_id:
        return False
    filed = select(AuditEvent.id).where(
        AuditEvent.act == "report.submit",
        AuditEvent.subject == f"report:{report.receipt_no}",
        AuditEvent.person_id == actor.person_id,
    )
    return actor.person_id is None or session.scalar(filed) is None


def _reviewable(session: Session, actor: Actor, receipt_no: str) -> SpecialReport:
    actor.require(Permission.REVIEW_REPORT)
    report = report_to_review(session, actor, receipt_no, locked=True).report
    if not may_review(session, actor, report):
        raise NotAllowed("report.own_institution")
    return report


def in_my_review(session: Session, actor: Actor, receipt_no: str) -> SpecialReport:
    """Return the report that this person is reviewing.

    Raises:
        Conflict: they are not, or it was decided already.

    """
    report = _reviewable(session, actor, receipt_no)
    if report.state == "submitted":
        raise Conflict("report.not_in_review")
    if report.state != "in_review":
        raise _decided(session, report)
    if report.reviewer_id != actor.person_id:
        raise _taken(session, report)
    return report


def _taken(session: Session, report: SpecialReport) -> Conflict:
    return Conflict("report.in_review_by", by=_reviewer(session, report), when=report.reviewed_at)


def _decided(session: Session, report: SpecialReport) -> Conflict:
    facts = {"state": f"report.{report.state}", "by": _reviewer(session, report)}
    return Conflict("report.decided", when=report.reviewed_at, **facts)


def _reviewer(session: Session, report: SpecialReport) -> str:
    person = report.reviewer_id and session.get(Person, report.reviewer_id)
    return person.name if person else "operator"


def _fault_of(words: str) -> str:
    if not storable(words):
        return "answer.unstorable"
    return "report.words_too_long" if len(words) > LONGEST_WORDS else ""
