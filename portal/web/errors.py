"""Errors become a status and words here, and only here."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import DatabaseError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.domain.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    NotYours,
    PortalError,
    RuleBroken,
    TooLate,
    TooOften,
)
from portal.domain.people import GRANTS, Permission, Role
from portal.rules.words import label, say
from portal.store.audit import record
from portal.web.boundary import act, actor, surroundings
from portal.web.finding import area_options, trade_options
from portal.web.language import ENGLISH, gettext, language

if TYPE_CHECKING:
    from werkzeug.sansio.response import Response as AnyResponse

STATUS: dict[type[PortalError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLate: 409,
    TooOften: 429,
    RuleBroken: 422,
}
ASKED = "access.refused"
"""The act of the trail by which somebody asked for what is another's."""
_PAGES = frozenset({400, 403, 404, 409, 410, 422, 429, 500, 503})


def install(app: Flask) -> None:
    """Let the application answer every error in words."""
    app.register_error_handler(PortalError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(Exception, broken)


def refused(error: PortalError) -> Response:
    """Answer an act that was refused."""
    words = say(error.key, language(), **error.facts)
    if isinstance(error, NotYours):
        _tell(error)
    if isinstance(error, NotAllowed):
        return answer(status_of(error), words, can_open=_who_may(error))
    if not isinstance(error, TooOften):
        return answer(status_of(error), words)
    response = answer(status_of(error), words, wait=error.wait_seconds)
    response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def _tell(error: NotYours) -> None:
    """Record who asked for what is another's; only who has signed in gets that far."""
    try:
        with act() as a:
            record(a.session, a.actor, ASKED, error.subject, a.at, address=request.path)
    except DatabaseError:
        current_app.logger.exception("%s asked for %s", actor().name, error.subject)


def _who_may(error: NotAllowed) -> str | None:
    """Return whom a permission is granted to, in words; None where no permission was asked for."""
    permission = error.facts.get("permission")
    if not isinstance(permission, str):
        return None
    roles = [role for role in Role if role in GRANTS[Permission(permission)]]
    return gettext("、").join(label(f"role.{role}", language()) for role in roles)


def status_of(error: PortalError) -> int:
    """Return the HTTP status for a refused act."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def http_error(error: HTTPException) -> Response | AnyResponse:
    """Answer what Flask itself refused."""
    if error.code is None or error.code < 400:  # noqa: PLR2004  # a redirect, not an error
        return error.get_response()
    own = error.description if error.description != type(error).description else None
    response = answer(error.code, own if request.path.startswith("/api/") else None)
    kept = {"allow", "retry-after", "location"}
    for name, value in error.get_response().headers:
        if name.lower() in kept:
            response.headers[name] = value
    return response


def busy(error: OperationalError) -> Response:
    """Answer when the database does not."""
    current_app.logger.error("database: %s", error.orig)
    return answer(503, None)


def broken(error: Exception) -> Response:
    """Answer a fault of ours with a reference that the log bears too."""
    reference = uuid.uuid4().hex[:8]
    current_app.logger.error("fault %s", reference, exc_info=error)
    return answer(500, None, reference=reference)


def answer(status: int, words: str | None, **facts: object) -> Response:
    """Return an error page with the sentence ``words``, or a problem document for a program.

    ``facts`` are what the page of that status takes: see ``templates/errors``.
    """
    if request.path.startswith("/api/"):
        response = problem(status, words)
    else:
        page = f"errors/{status if status in _PAGES else 'other'}.html"
        response = make_response(_page(page, status, words, facts), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(page: str, status: int, words: str | None, facts: dict[str, object]) -> str:
    """Return the page; its bare words where the site has no office, database or name of ours."""
    title = title_of(status)
    if isinstance(request.routing_exception, SecurityError):
        return _bare(title, words)
    try:
        finder = _finder() if status == HTTPStatus.NOT_FOUND else {}
        return render_template(page, status=status, heading=title, message=words, **finder, **facts)
    except (HTTPException, DatabaseError):
        return _bare(title, words)


def _bare(title: str, words: str | None) -> str:
    tongue = "en" if language() == ENGLISH else "zh-CN"
    said = Markup("<p>{}</p>").format(words) if words else ""
    return Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{}</title><h1>{}</h1>{}'
    ).format(tongue, title, title, said)


def _finder() -> dict[str, object]:
    """Return what the finder of a 404 page offers."""
    office = surroundings().office
    return {"trades": trade_options(office), "areas": area_options(office)}


def title_of(status: int) -> str:
    """Return what a status is called, in the language of the request."""
    return say(f"http.{status}" if status in _TITLED else "http.error", language())


def problem(status: int, words: str | None, **facts: object) -> Response:
    """Return an RFC 9457 problem document; ``facts`` become members of their own."""
    detail = words or say(f"api.http_{status}" if status in _TITLED else "api.http", language())
    body = {"type": "about:blank", "status": status, "title": title_of(status), "detail": detail}
    response = jsonify(body | facts)
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers["Content-Language"] = "en" if language() == ENGLISH else "zh-CN"
    response.vary.update(("Accept", "Accept-Language"))
    return response


_TITLED = frozenset({400, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429, 500, 503})
