"""Bulletins of the problem list for the public, and its feed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from flask import Response, render_template, request
from flask import url_for as address_of

from portal.publication.listing.bulletins import bulletin_told, bulletins
from portal.publication.listing.problem_list import entries_on, gone_by
from portal.web.boundary import look

_ATOM = "application/atom+xml; charset=utf-8"
_GONE_IN_FEED = 100


def index() -> str:
    """Show all bulletins."""
    with look() as here:
        return render_template(
            "public/bulletins.html",
            bulletins=bulletins(here.session),
            next_on=here.office.calendar.next_bulletin_on(here.day),
        )


def one(number: int) -> str:
    """Show one bulletin, fit to be printed."""
    with look() as here:
        told = bulletin_told(here.session, number, here.day)
        grounds = {ground.key: ground for ground in here.rules.grounds}
        return render_template("public/bulletin.html", told=told, grounds=grounds, as_of=here.day)


def feed() -> Response:
    """Return the list as an Atom feed: what came onto it, and of what left it no more than that."""
    with look() as here:
        entries = entries_on(here.session, here.day)
        gone = gone_by(here.session, here.day)[:_GONE_IN_FEED]
        zone = here.office.zone
        days = [*(entry.from_on for entry in entries), *(one.on for one in gone)]

        def at(day: date) -> str:
            return datetime.combine(day, time(), zone).astimezone(UTC).isoformat()

        body = render_template(
            "public/issues_feed.xml",
            host=request.host_url.rstrip("/"),
            own=address_of("public.issues_feed"),
            entries=entries,
            gone=gone,
            at=at,
            updated=at(max(days, default=here.day)),
        )
    response = Response(body, content_type=_ATOM)
    response.headers["Cache-Control"] = "no-cache"
    return response
