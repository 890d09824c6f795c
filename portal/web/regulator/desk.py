"""The regulator's home: what waits today, and on a young site what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from portal.casework.first_steps import FirstSteps, first_steps
from portal.casework.waiting import waiting
from portal.domain.people import Permission, Role
from portal.rules.catalogue import catalogue
from portal.rules.sources import cite
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.language import ENGLISH, language
from portal.web.menu import address_of

_PAGES = ("reports", "cases", "editions", "institutions", "people", "imports", "notices")


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Something a person still has to look up or confirm: its name, source, and what to do."""

    title: str
    source: str
    words: str


@allowed(Permission.DESK)
def show() -> str:
    """Show the desk; a street's person sees what concerns the area."""
    with look() as a:
        street = a.actor.role is Role.STREET
        area = (a.actor.area_code or "") if street else None
        return render_template(
            "regulator/desk.html",
            waits=waiting(a.session, a.day, area),
            area=a.office.area(area) if area else None,
            steps=None if street else _steps(a),
            unverified=[] if street else _unverified(a),
            to_confirm=[words.in_(language()) for words in a.office.to_confirm],
            ways={page: address_of(f"regulator.{page}") for page in _PAGES},
        )


def _steps(a: Act) -> FirstSteps | None:
    steps = first_steps(a.session)
    return None if steps.all_done else steps


def _unverified(a: Act) -> list[Open]:
    """Return every rule in force, and every list of trades, that nobody has confirmed."""
    lang = language()
    rules = [
        Open(
            title=note.title.in_(lang),
            source=cite(note.source, lang),
            words=note.to_fill.in_(lang) if note.to_fill else "",
        )
        for note in a.rules.unverified
    ]
    lists = [
        Open(
            title=cite(note.source, lang),
            source="",
            words=note.to_fill_en if lang == ENGLISH else note.to_fill_zh,
        )
        for note in catalogue().notes
        if not note.verified
    ]
    return rules + lists
