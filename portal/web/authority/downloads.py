"""What the exam authority takes away from its desk: lists of errors, workbooks, empty tables."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, redirect, url_for

from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.intake.blanks import blank_of
from portal.intake.files.formats import Kind
from portal.intake.files.workbook_out import MIME
from portal.intake.uploads import handed_in
from portal.web.boundary import look
from portal.web.checked import attachment, list_of_faults, workbook_of
from portal.web.guard import allowed
from portal.web.handing_in import OURS
from portal.web.language import language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@allowed(Permission.AUTHORITY_DESK)
def refusals(number: int) -> Response:
    """Return all refusals of a staged file as CSV."""
    with look() as a:
        return list_of_faults(handed_in(a.session, number))


@allowed(Permission.AUTHORITY_DESK)
def workbook(number: int) -> Response:
    """Return a staged file as a workbook in which every row says what became of it."""
    with look() as a:
        return workbook_of(a, handed_in(a.session, number))


@allowed(Permission.AUTHORITY_DESK)
def blank(kind: str) -> Response:
    """Return an empty table to be filled in."""
    if kind not in OURS:
        raise NotFound("intake.no_upload")
    return attachment(blank_of(Kind(kind), language()), MIME, f"{kind}.xlsx")


@allowed(Permission.AUTHORITY_DESK)
def blank_moved(kind: str) -> ResponseReturnValue:
    """Lead from the empty CSV file of earlier days to the workbook."""
    return redirect(url_for("authority.blank", kind=kind), HTTPStatus.MOVED_PERMANENTLY)
