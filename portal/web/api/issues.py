"""The problem list for programs; what has ended answers 410 with number, day and reason only."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from werkzeug.exceptions import BadRequest, NotFound

from portal.publication.listing.case_course import Step, course_of
from portal.publication.listing.problem_list import (
    Entry,
    Gone,
    Wanted,
    entries_on,
    entry_on,
    versions_on,
)
from portal.rules.words import say
from portal.web.api.answering import Listing, listed, listing_asked, one
from portal.web.api.asking import asked
from portal.web.boundary import Act, look_for_everybody
from portal.web.errors import problem
from portal.web.language import language

_GONE = 410
STATES = ("published", "rectifying", "corrected")
ISSUE_COLUMNS = (
    "no",
    "institution",
    "subject",
    "subject_en",
    "area",
    "trade",
    "ground",
    "severity",
    "state",
    "disputed",
    "facts",
    "decision_no",
    "decided_on",
    "decision",
    "ordered",
    "correct_until_on",
    "penalty",
    "amount",
    "statement",
    "statement_adopted",
    "statement_answer",
    "from_on",
    "until_on",
)
PENALTY_COLUMNS = (
    "no",
    "institution",
    "subject",
    "subject_en",
    "ground",
    "basis",
    "decision_no",
    "decided_on",
    "penalty",
    "amount",
    "from_on",
    "until_on",
)


def issue_list() -> Response:
    """Return what is on the list today, newest first."""
    given, page = listing_asked("area", "trade", "ground", "state")
    names = ("area", "trade", "ground", "state")
    if given.get("state", "published") not in STATES:
        raise BadRequest(say("api.state", language(), states=", ".join(STATES)))
    wanted = Wanted(**{name: given.get(name) for name in names})
    with look_for_everybody() as here:
        items = [_item(entry) for entry in entries_on(here.session, here.day, wanted)]
        return listed(Listing(items, _place, ISSUE_COLUMNS, _head(here)), page)


def penalty_list() -> Response:
    """Return the penalties that are public today; orders to correct are none and stay out."""
    _, page = listing_asked()
    with look_for_everybody() as here:
        entries = entries_on(here.session, here.day)
        items = [_penalty(here, entry) for entry in entries if entry.penalty != "none"]
        return listed(Listing(items, _place, PENALTY_COLUMNS, _head(here)), page)


def issue(no: str) -> Response:
    """Return one entry with the course of its case."""
    asked()
    with look_for_everybody() as here:
        entry = entry_on(here.session, no, here.day)
        if entry is None:
            raise NotFound(say("api.unknown_issue", language(), no=no))
        if isinstance(entry, Gone):
            return _gone(entry)
        versions = versions_on(here.session, no, here.day)
        more = {
            "course": [_step(step) for step in course_of(here.session, no, here.day)],
            "versions": [
                {"number": v.number, "on": v.on.isoformat(), "reason": v.words} for v in versions
            ],
        }
        return one(_item(entry) | more)


def _head(here: Act) -> dict[str, Any]:
    return {
        "as_of": here.day.isoformat(),
        "disclaimer": {lang: say("list.disclaimer", lang) for lang in ("zh", "en")},
    }


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


def _step(step: Step) -> dict[str, Any]:
    on = step.on.isoformat() if step.on else None
    return {"step": step.act, "on": on, "who": step.who, "state": step.state, "past": step.is_past}


def _subject(entry: Entry) -> dict[str, Any]:
    return {
        "no": entry.no,
        "institution": entry.institution_code,
        "subject": entry.subject,
        "subject_en": entry.subject_en,
    }


def _penalty(here: Act, entry: Entry) -> dict[str, Any]:
    ground = here.rules.ground(entry.ground)
    return _subject(entry) | {
        "ground": entry.ground,
        "basis": ground.legal_source if ground else None,
        "decision_no": entry.decision_no,
        "decided_on": entry.decided_on.isoformat(),
        "penalty": entry.penalty,
        "amount": entry.amount,
        "from_on": entry.from_on.isoformat(),
        "until_on": entry.until_on.isoformat(),
    }


def _item(entry: Entry) -> dict[str, Any]:
    due = entry.correct_until_on
    return _subject(entry) | {
        "area": entry.area,
        "trade": entry.trade,
        "ground": entry.ground,
        "severity": entry.severity,
        "state": entry.state,
        "disputed": entry.is_disputed,
        "facts": entry.facts,
        "decision_no": entry.decision_no,
        "decided_on": entry.decided_on.isoformat(),
        "decision": entry.decision,
        "ordered": entry.is_ordered,
        "correct_until_on": due.isoformat() if due else None,
        "penalty": entry.penalty,
        "amount": entry.amount,
        "statement": entry.statement,
        "statement_adopted": entry.statement_adopted,
        "statement_answer": entry.statement_answer,
        "statement_points": [asdict(point) for point in entry.points],
        "from_on": entry.from_on.isoformat(),
        "until_on": entry.until_on.isoformat(),
    }
