"""Public notices: the list, and one notice or what is left of its address."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template, request, url_for

from portal.domain.errors import NotFound
from portal.store.notices import KINDS, Notice, notices_on
from portal.web.boundary import look
from portal.web.errors import answer
from portal.web.shape import label

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def index() -> str:
    """Show the notices of the day, or the law library, or good practice; newest first."""
    asked = request.args.get("kind", "")
    kind = asked if asked in KINDS else KINDS[0]
    with look() as a:
        return render_template(
            "public/notices.html",
            kind=kind,
            notices=notices_on(a.session, a.day, kind),
            tabs=[_tab(one, kind) for one in KINDS],
        )


def _tab(kind: str, current: str) -> dict[str, object]:
    address = url_for("public.notices", kind=None if kind == KINDS[0] else kind)
    return {"text": label(f"notice_kind.{kind}"), "href": address, "current": kind == current}


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
