"""What has changed, for programs that keep copies: they expire by it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from werkzeug.exceptions import BadRequest

from portal.publication.changes import Change, chain_head, changes_on
from portal.rules.words import say
from portal.web.api.answering import Listing, listed, listing_asked
from portal.web.boundary import look_for_everybody
from portal.web.language import language

COLUMNS = (
    "kind",
    "on",
    "at",
    "edition",
    "period",
    "replaces",
    "withdraws",
    "why_zh",
    "why_en",
    "issue",
    "institution",
    "subject",
    "reason",
    "chain_number",
    "digest",
    "head",
    "statement",
    "salt",
)


def change_list() -> Response:
    """Return every change since a day, newest first, with its place in the chain."""
    given, page = listing_asked("since")
    with look_for_everybody() as here:
        since = _day(given["since"], here.office.zone) if "since" in given else None
        found = changes_on(here.session, here.day, here.office.zone, since)
        last = chain_head(here.session)
        head = {
            "as_of": here.day.isoformat(),
            "chain": last and {"entries": last[0], "head": last[1]},
        }
        items = [_item(one) for one in found]
        places = {id(item): list(one.place) for item, one in zip(items, found, strict=True)}
        return listed(Listing(items, lambda item: places[id(item)], COLUMNS, head), page)


def _day(text: str, zone: ZoneInfo) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(zone).date()
    except (ValueError, OverflowError) as error:
        raise BadRequest(say("api.since", language())) from error


def _item(one: Change) -> dict[str, Any]:
    edition, entry = one.edition, one.entry
    return {
        "kind": one.kind,
        "on": one.on.isoformat(),
        "at": one.at.isoformat(timespec="seconds").replace("+00:00", "Z") if one.at else None,
        "edition": edition.number if edition else None,
        "period": edition.period if edition else None,
        "replaces": edition.replaces if edition else None,
        "withdraws": edition.withdraws if edition else None,
        "why_zh": edition.why_zh if edition else None,
        "why_en": edition.why_en if edition else None,
        "issue": one.issue,
        "institution": entry.institution_code if entry else None,
        "subject": entry.subject if entry else None,
        "reason": one.reason,
        "chain_number": one.chain_number,
        "digest": one.digest,
        "head": one.head,
        "statement": one.statement,
        "salt": one.salt,
    }
