"""The marks that a reviewer sets on the page of a report: read from the form, kept, decided on."""

from __future__ import annotations

from collections.abc import Iterable

from portal.casework.special_reports.report_marks import RETURNED, Mark
from portal.casework.special_reports.report_reviews import WHOLE
from portal.domain.report_review import Proof
from portal.web.held import fields_sent

REASONS = ("unclear", "mismatch", "no_evidence", "expired", "below", "other_place")
"""Keys of the reasons that come up again and again; words are the glossary's ``reason.<key>``."""


def posted(prefix: str) -> dict[str, str]:
    """Return the sent fields whose names begin so, by the rest of it; empty ones left out."""
    return {
        name.removeprefix(prefix): value
        for name, value in fields_sent().items()
        if name.startswith(prefix) and value
    }


def marks_in(places: Iterable[str], reason_words: dict[str, str]) -> dict[str, Mark]:
    """Return the mark of each item; a reason that was chosen stands before the words typed.

    Words without a verdict return the item: nobody writes them for nothing.
    """
    verdicts, proofs, words = (posted(prefix) for prefix in ("verdict-", "proof-", "words-"))
    reasons = posted("reason-")
    marks = {}
    for path in places:
        said = [reason_words.get(reasons.get(path, ""), ""), words.get(path, "")]
        text = "\n".join(part for part in said if part)
        verdict = verdicts.get(path) or (RETURNED if text else "")
        marks[path] = Mark(verdict=verdict, proof=proofs.get(path, ""), words=text)
    return {path: mark for path, mark in marks.items() if mark.says_something}


def proofs_in(marks: dict[str, Mark]) -> dict[str, Proof]:
    """Return the proofs that were set."""
    return {path: Proof(mark.proof) for path, mark in marks.items() if mark.proof}


def words_to_return(marks: dict[str, Mark]) -> dict[str, str]:
    """Return the words to each item that is returned, and those to the report as a whole."""
    said = {path: mark.words for path, mark in marks.items() if mark.verdict == RETURNED}
    whole = posted("words-").get(WHOLE, "")
    return {**said, WHOLE: whole} if whole else said
