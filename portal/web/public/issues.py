"""The problem list and its entries, as they are public on the day of the request."""

from __future__ import annotations

from flask import render_template
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.publication.problem_list import Gone, course_of, entries_on, entry_on
from portal.web.boundary import look


def issues() -> str:
    """Show the list."""
    with look() as here:
        return render_template(
            "public/issues.html", entries=entries_on(here.session, here.day), as_of=here.day
        )


def issue(no: str) -> str | tuple[str, int]:
    """Show one entry; what has ended answers 410 with number, day and legal reason only."""
    with look() as here:
        entry = entry_on(here.session, no, here.day)
        if entry is None:
            raise NoSuchPage
        if isinstance(entry, Gone):
            return render_template("public/issue_gone.html", gone=entry), 410
        return render_template(
            "public/issue.html",
            entry=entry,
            ground=here.rules.ground(entry.ground),
            course=course_of(here.session, no, here.day),
        )
