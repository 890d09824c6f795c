"""Public notices: the list, and one notice or what is left of its address."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template

from portal.domain.errors import NotFound
from portal.store.notices import Notice, notices_on
from portal.web.boundary import look
from portal.web.errors import answer

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def index() -> str:
    """Show the notices of the day, newest first."""
    with look() as a:
        return render_template("public/notices.html", notices=notices_on(a.session, a.day))


def one(notice_id: int) -> ResponseReturnValue:
    """Show a notice; a withdrawn one answers with number, date and reason only."""
    with look() as a:
        notice = a.session.get(Notice, notice_id)
        day = a.day
    if notice is None or notice.published_on is None or notice.published_on > day:
        raise NotFound("notices.unknown")
    if notice.withdrawn_on is not None and notice.withdrawn_on <= day:
        gone = {
            "number": notice.document_no or str(notice.id),
            "on": notice.withdrawn_on,
            "reason": notice.withdraw_reason,
        }
        return answer(HTTPStatus.GONE, None, gone=gone)
    return render_template("public/notice.html", notice=notice)
