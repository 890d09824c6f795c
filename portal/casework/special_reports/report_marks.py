"""A review item by item: what the reviewer says of each, kept until the report is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.casework.special_reports.report_reviews import LONGEST_WORDS, in_my_review
from portal.domain.answers import storable, tidy
from portal.domain.errors import RuleBroken
from portal.domain.people import Actor
from portal.domain.report_review import Proof
from portal.store.audit import record
from portal.store.reports import SpecialReport
from portal.store.reviews import ReviewMark, marks_of

ACCEPTED, RETURNED = "accepted", "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is said of one item: accepted or returned ("" = not yet), its proof, the words."""

    verdict: str = ""
    proof: str = ""
    words: str = ""

    @property
    def says_something(self) -> bool:
        """Tell whether there is anything to keep."""
        return bool(self.verdict or self.proof or self.words)


def keep_marks(
    session: Session, actor: Actor, receipt_no: str, marks: Mapping[str, Mark], *, at: datetime
) -> SpecialReport:
    """Keep the review as far as it is; it can be gone on with later, on any machine.

    Raises:
        Conflict: the report is not in this person's review.
        RuleBroken: a mark is none, words are too long, or an item is returned without a reason.

    """
    report = put_marks(session, actor, receipt_no, marks)
    counts = {
        verdict: sum(mark.verdict == verdict for mark in marks.values())
        for verdict in (ACCEPTED, RETURNED)
    }
    record(session, actor, "report.mark", f"report:{receipt_no}", at, **counts)
    return report


def put_marks(
    session: Session, actor: Actor, receipt_no: str, marks: Mapping[str, Mark]
) -> SpecialReport:
    """Put the marks in place of those before; the decision that follows is the event.

    Raises:
        Conflict: the report is not in this person's review.
        RuleBroken: see :func:`keep_marks`.

    """
    report = in_my_review(session, actor, receipt_no)
    faults = {path: key for path, mark in marks.items() if (key := _fault_of(mark))}
    if faults:
        raise RuleBroken("report.marks_wrong", faults)
    session.execute(delete(ReviewMark).where(ReviewMark.report_id == report.id))
    session.add_all(
        ReviewMark(
            report_id=report.id,
            path=path,
            verdict=mark.verdict,
            proof=mark.proof,
            words=tidy(mark.words, lines=True),
        )
        for path, mark in marks.items()
        if mark.says_something
    )
    session.flush()
    return report


def kept_marks(session: Session, report: SpecialReport) -> dict[str, Mark]:
    """Return the marks kept of a report's review."""
    return {
        path: Mark(verdict=row.verdict, proof=row.proof, words=row.words)
        for path, row in marks_of(session, report.id).items()
    }


def _fault_of(mark: Mark) -> str:
    words = tidy(mark.words, lines=True)
    if mark.verdict not in {"", ACCEPTED, RETURNED} or mark.proof not in {"", *Proof}:
        return "report.no_proof"
    if not storable(words):
        return "answer.unstorable"
    if len(words) > LONGEST_WORDS:
        return "report.words_too_long"
    return "report.item_no_reason" if mark.verdict == RETURNED and not words else ""
