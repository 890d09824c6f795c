"""Evidence to a submitted report, for those who review it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.casework.special_reports.evidence import submitted_file
from portal.domain.people import Permission
from portal.web.boundary import look
from portal.web.guard import allowed
from portal.web.kept_files import file_answer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@allowed(Permission.REVIEW_REPORT)
def show(number: int) -> ResponseReturnValue:
    """Return a file that a submitted version rests on."""
    with look() as a:
        return file_answer(submitted_file(a.session, a.actor, number))
