"""The problem list and its entries, as they are public on the day of the request."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.publication.listing.case_course import course_of
from portal.publication.listing.problem_list import (
    ALL,
    STATES,
    Entry,
    Gone,
    Wanted,
    entries_on,
    entry_on,
    gone_by,
    versions_on,
)
from portal.web.boundary import Act, look
from portal.web.language import gettext
from portal.web.public.telling import area_name, trade_name
from portal.web.shape import capital, label

_FEW_GONE = 10
_NAMES = ("subject", "ground", "trade", "area", "state")


def issues() -> str:
    """Show the list, filtered as the address says."""
    with look() as here:
        everything = entries_on(here.session, here.day)
        choices = _choices(here, everything)
        wanted = _wanted(choices)
        return render_template(
            "public/issues.html",
            entries=entries_on(here.session, here.day, wanted),
            count=len(everything),
            fields=_fields(choices, wanted),
            chosen=_chosen(choices, wanted),
            gone=gone_by(here.session, here.day)[:_FEW_GONE],
            next_bulletin_on=here.office.calendar.next_bulletin_on(here.day),
            as_of=here.day,
        )


def issue(no: str) -> str | tuple[str, int]:
    """Show one entry; what has ended answers 410 with number, day and legal reason only."""
    return _entry_page(no, "public/issue.html")


def issue_history(no: str) -> str | tuple[str, int]:
    """Show what an entry said before it was amended, as long as the entry is public."""
    return _entry_page(no, "public/issue_history.html")


def penalties() -> str:
    """Show the register of penalties, and apart from it the orders to correct."""
    with look() as here:
        entries = entries_on(here.session, here.day)
        grounds = {ground.key: ground for ground in here.rules.grounds}
        return render_template(
            "public/penalties.html",
            penalties=[entry for entry in entries if entry.penalty != "none"],
            orders=[entry for entry in entries if entry.is_ordered],
            grounds=grounds,
            as_of=here.day,
        )


def _entry_page(no: str, page: str) -> str | tuple[str, int]:
    with look() as here:
        entry = entry_on(here.session, no, here.day)
        if entry is None:
            raise NoSuchPage
        if isinstance(entry, Gone):
            return render_template("public/issue_gone.html", gone=entry), 410
        return render_template(
            page,
            entry=entry,
            ground=here.rules.ground(entry.ground),
            course=course_of(here.session, no, here.day),
            versions=versions_on(here.session, no, here.day),
            recheck_days=here.rules.cases.recheck_days,
            as_of=here.day,
        )


Choices = dict[str, dict[str, str]]


def _choices(here: Act, entries: list[Entry]) -> Choices:
    """Return filter → value → words, of what the list holds today."""
    return {
        "subject": {
            "institution": gettext("培训机构"),
            "unit": gettext("用人单位"),
        },
        "ground": {e.ground: capital(label(f"ground.{e.ground}")) for e in entries},
        "trade": {e.trade: trade_name(here.office, e.trade) for e in entries if e.trade},
        "area": {e.area: area_name(here.office, e.area) for e in entries},
        "state": {state: capital(label(f"listing.{state}")) for state in STATES},
    }


def _wanted(choices: Choices) -> Wanted:
    given = {name: request.args.get(name, "") for name in _NAMES}
    return replace(ALL, **{name: value for name, value in given.items() if value in choices[name]})


def _fields(choices: Choices, wanted: Wanted) -> list[dict[str, Any]]:
    titles = {
        "subject": gettext("对象"),
        "ground": gettext("问题类型"),
        "trade": gettext("工种"),
        "area": gettext("街道和镇"),
        "state": gettext("状态"),
    }
    return [
        {
            "name": name,
            "label": titles[name],
            "options": [("", gettext("全部")), *sorted(choices[name].items())],
            "value": getattr(wanted, name) or "",
        }
        for name in _NAMES
    ]


def _chosen(choices: Choices, wanted: Wanted) -> list[dict[str, str]]:
    kept = {name: value for name, value in asdict(wanted).items() if value}
    return [
        {"text": choices[name][value], "href": _without(kept, name)} for name, value in kept.items()
    ]


def _without(kept: dict[str, str], name: str) -> str:
    query = urlencode({other: value for other, value in kept.items() if other != name})
    return f"{url_for('public.issues')}?{query}" if query else url_for("public.issues")
