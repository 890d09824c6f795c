"""Signals at the desk: which institutions' tallies look unusual, and why that proves nothing."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from portal.casework.supervision.sources import cases_from, signal_ref
from portal.domain.cases import CaseSource
from portal.domain.people import Permission
from portal.publication.signals import Found, periods_of, signals
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.language import language
from portal.web.shape import period as period_words

BAND_OF = {
    "low_998": "below",
    "low_95": "near",
    "inside": "near",
    "high_95": "near",
    "high_998": "above",
}


@allowed(Permission.SEE_CASES)
def show() -> str:
    """Show the signals of a period, the newest one first."""
    with look() as here:
        periods = periods_of(here.session)
        asked = request.args.get("period", "")
        period = asked if asked in periods else next(iter(periods), "")
        found = signals(here.session, period, here.rules, here.office, here.day) if period else None
        return render_template(
            "regulator/signals.html",
            found=found,
            rules=here.rules.signals,
            periods=[
                {"text": period_words(text), "href": url_for("regulator.signals", period=text)}
                | {"current": text == period}
                for text in periods[: here.rules.ranking.trend_periods]
            ],
            signal_ref=signal_ref,
            may_open=here.actor.may(Permission.HANDLE_CASE),
            **(_words(here, found) if found else {}),
        )


def _words(here: Act, found: Found) -> dict[str, Any]:
    trades = {one.trade for one in found.drops} | {one.trade for one in found.all_passed}
    known = {slug: here.office.trade(slug) for slug in trades}
    return {
        "institutions": found.institutions,
        "cases": cases_from(here.session, CaseSource.ANOMALY, _refs(found)),
        "trades": {slug: one.name(language()) if one else slug for slug, one in known.items()},
        "points": [
            {"n": place.n, "rate": place.share, "band": BAND_OF[place.zone]}
            for place in found.places
        ],
    }


def _refs(found: Found) -> list[str]:
    """Return how cases refer to the signals of a page."""
    places = [signal_ref(found.period, one.institution, "limits") for one in found.places]
    drops = [signal_ref(found.period, one.institution, "drop", one.trade) for one in found.drops]
    passed = [
        signal_ref(found.period, one.institution, "passed", one.trade) for one in found.all_passed
    ]
    return [*places, *drops, *passed]
