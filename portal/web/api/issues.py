"""The problem list for programs; what has ended answers 410 with number, day and reason only."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.exceptions import NotFound

from portal.publication.problem_list import Entry, Gone, course_of, entries_on, entry_on
from portal.rules.words import say
from portal.web.api.answering import Listing, listed, listing_asked, one
from portal.web.api.asking import asked
from portal.web.boundary import look_for_everybody
from portal.web.errors import problem
from portal.web.language import language

_GONE = 410
ISSUE_COLUMNS = (
    "no",
    "institution",
    "subject",
    "subject_en",
    "trade",
    "ground",
    "severity",
    "state",
    "facts",
    "decision_no",
    "decided_on",
    "decision",
    "statement",
    "statement_adopted",
    "statement_answer",
    "from_on",
    "until_on",
)


def issue_list() -> Response:
    """Return what is on the list today, newest first."""
    _, page = listing_asked()
    with look_for_everybody() as here:
        items = [_item(entry) for entry in entries_on(here.session, here.day)]
        head = {
            "as_of": here.day.isoformat(),
            "disclaimer": {lang: say("list.disclaimer", lang) for lang in ("zh", "en")},
        }
        return listed(Listing(items, _place, ISSUE_COLUMNS, head), page)


def issue(no: str) -> Response:
    """Return one entry with the course of its case."""
    asked()
    with look_for_everybody() as here:
        entry = entry_on(here.session, no, here.day)
        if entry is None:
            raise NotFound(say("api.unknown_issue", language(), no=no))
        if isinstance(entry, Gone):
            return _gone(entry)
        course = course_of(here.session, no, here.day)
        steps = [{"step": s.act, "on": s.on.isoformat(), "past": s.is_past} for s in course]
        return one(_item(entry) | {"course": steps})


def _gone(gone: Gone) -> Response:
    return problem(
        _GONE,
        say(f"gone.{gone.reason}", language()),
        number=gone.no,
        ended_on=gone.on.isoformat(),
        reason=gone.reason,
    )


def _place(item: Any) -> list[int | str]:  # noqa: ANN401  # an item of this list
    # Newest first: the place must rise, so the day is counted backwards.
    day = int(str(item["from_on"]).replace("-", ""))
    year, _, running = str(item["no"]).partition("-")
    return [-day, -int(year), -int(running)]


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "no": entry.no,
        "institution": entry.institution_code,
        "subject": entry.subject,
        "subject_en": entry.subject_en,
        "trade": entry.trade,
        "ground": entry.ground,
        "severity": entry.severity,
        "state": entry.state,
        "facts": entry.facts,
        "decision_no": entry.decision_no,
        "decided_on": entry.decided_on.isoformat(),
        "decision": entry.decision,
        "statement": entry.statement,
        "statement_adopted": entry.statement_adopted,
        "statement_answer": entry.statement_answer,
        "from_on": entry.from_on.isoformat(),
        "until_on": entry.until_on.isoformat(),
    }
