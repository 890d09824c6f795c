"""What has changed, newest first: a page, and the same as an Atom feed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time

from flask import Response, render_template, request, url_for

from portal.publication.changes import Change, changes_on
from portal.rules.words import say
from portal.web.addresses import own_host, site_root
from portal.web.boundary import Act, look, look_for_everybody
from portal.web.language import language
from portal.web.shape import period as in_words

PER_PAGE = 50
_FEED_ENTRIES = 100


def changes() -> str:
    """Show every publication, correction, listing and delisting, a page at a time."""
    with look() as here:
        found = changes_on(here.session, here.day, here.office.zone)
        start = _start()
        return render_template(
            "public/changes.html",
            changes=[(one, words_of(one), address_of(one)) for one in found[start:][:PER_PAGE]],
            first=url_for("public.changes") if start else None,
            older=_older(start, len(found)),
            address=site_root(),
        )


def feed() -> Response:
    """Send the newest changes as an Atom feed."""
    with look_for_everybody() as here:
        found = changes_on(here.session, here.day, here.office.zone)[:_FEED_ENTRIES]
        body = render_template(
            "public/changes.xml",
            entries=[_entry(here, one) for one in found],
            updated=_instant(here, found[0]) if found else _stamp(here.at),
            itself=own_host() + url_for("public.changes_feed"),
            page=own_host() + url_for("public.changes"),
            id=_name(here, "changes"),
        )
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def words_of(change: Change) -> str:
    """Return what has changed in one sentence."""
    lang = language()
    if change.edition is not None:
        one = change.edition
        of = one.replaces or one.withdraws
        period = in_words(one.period)
        return say(f"change.{change.kind}", lang, number=one.number, period=period, of=of)
    if change.entry is not None:
        entry = change.entry
        subject = entry.subject_en if lang == "en" and entry.subject_en else entry.subject
        return say(
            "change.listing", lang, no=entry.no, subject=subject, ground=f"ground.{entry.ground}"
        )
    if change.issue is not None:
        why = say(f"gone.{change.reason}", lang)
        return say("change.delisting", lang, no=change.issue, why=why)
    return say("change.key", lang)


def address_of(change: Change) -> str:
    """Return the address of what has changed."""
    if change.edition is not None:
        return url_for("public.edition", number=change.edition.number)
    if change.issue is not None:
        return url_for("public.issue", no=change.issue)
    return url_for("public.editions")


def why_of(change: Change) -> str:
    """Return why an edition was corrected or withdrawn; "" where nothing was."""
    one = change.edition
    if one is None:
        return ""
    english = language() == "en" and one.why_en
    return (one.why_en if english else one.why_zh) or ""


def _entry(here: Act, change: Change) -> dict[str, str]:
    name = change.issue or str(change.edition and change.edition.number) or str(change.digest)
    return {
        "id": _name(here, change.kind, name, change.digest or ""),
        "title": words_of(change),
        "updated": _instant(here, change),
        "link": own_host() + address_of(change),
        "why": why_of(change),
        "digest": change.digest or "",
        "kind": change.kind,
    }


def _name(here: Act, *parts: str) -> str:
    told = "/".join((here.office.key, here.site.world, language(), *parts))
    return uuid.uuid5(uuid.NAMESPACE_URL, told).urn


def _instant(here: Act, change: Change) -> str:
    return _stamp(change.at or datetime.combine(change.on, time(), here.office.zone))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _start() -> int:
    asked = request.args.get("from", "0")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0  # noqa: PLR2004  # no list of ours is longer


def _older(start: int, total: int) -> str | None:
    rest = start + PER_PAGE
    return f"{url_for('public.changes')}?from={rest}" if total > rest else None
