"""Errors become a status and words here, and only here."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.domain.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PortalError,
    RuleBroken,
    TooLate,
)
from portal.rules.words import say
from portal.web.language import language

if TYPE_CHECKING:
    from werkzeug.sansio.response import Response as AnyResponse

STATUS: dict[type[PortalError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLate: 409,
    RuleBroken: 422,
}
_PAGES = frozenset({403, 404, 410, 429, 503})


def install(app: Flask) -> None:
    """Let the application answer every error in words."""
    app.register_error_handler(PortalError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(Exception, broken)


def refused(error: PortalError) -> Response:
    """Answer an act that was refused."""
    return answer(status_of(error), say(error.key, language(), **error.facts))


def status_of(error: PortalError) -> int:
    """Return the HTTP status for a refused act."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def http_error(error: HTTPException) -> Response | AnyResponse:
    """Answer what Flask itself refused."""
    if error.code is None or error.code < 400:  # noqa: PLR2004  # a redirect, not an error
        return error.get_response()
    said = error.description if request.path.startswith("/api/") else None
    response = answer(error.code, said)
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
    """Return an error page, or a problem document where a program asks."""
    if request.path.startswith("/api/"):
        response = problem(status, words)
    else:
        page = f"errors/{status if status in _PAGES else 'generic'}.html"
        body = render_template(page, status=status, words=words, **facts)
        response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: int, words: str | None, **facts: object) -> Response:
    """Return an RFC 9457 problem document; ``facts`` become members of their own."""
    title = (
        say(f"http.{status}", language()) if status in _TITLED else say("http.error", language())
    )
    body = {"type": "about:blank", "status": status, "title": title}
    response = jsonify(body | ({"detail": words} if words else {}) | facts)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


_TITLED = frozenset({400, 403, 404, 405, 406, 409, 410, 415, 422, 429, 500, 503})
