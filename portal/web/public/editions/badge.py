"""The status badge of an institution: a picture for its wall or page that anybody can check.

The badge bears a mark that only this portal can make. Whoever scans it comes to ``/check`` of this
site, which says whether the mark is genuine and what holds today, not on the day of the badge.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import segno
from flask import Response, render_template, request, url_for
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.domain.keyed import keyed
from portal.publication.institutions.directory import Listed, institution_on
from portal.publication.listing.problem_list import Wanted, entries_on
from portal.publication.standings import rankings
from portal.rules.words import say
from portal.web.addresses import own_host
from portal.web.boundary import Act, look_for_everybody, wiring
from portal.web.language import CHINESE, gettext, language
from portal.web.shape import capital, label
from portal.web.shape import day as in_words

if TYPE_CHECKING:
    from collections.abc import Callable

_PURPOSE = "badge"
_GROUP, _GROUPS = 4, 4
_LONGEST_NAME = 18
_SIDE = 100
_ENROLLING = "institution.enrolling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A badge that somebody asks about: is it ours, of whom, of which day, what holds now."""

    is_genuine: bool
    institution: Listed | None
    on: date | None
    states: tuple[str, ...] = ()

    @property
    def asks_for_care(self) -> bool:
        """Tell whether more holds of the institution than that it enrols."""
        return self.states != (_ENROLLING,)


def badge(code: str) -> Response:
    """Return the badge of an institution as it stands today."""
    with look_for_everybody() as here:
        one = institution_on(here.session, code, here.day)
        if one is None or _marker() is None:
            raise NoSuchPage
        edition = rankings.latest(here.session)
        body = render_template(
            "public/badge.svg",
            name=_short(one),
            states=[capital(label(state)) for state in _states(here, one)],
            on=in_words(here.day),
            edition=say("badge.edition", language(), number=edition.number) if edition else "",
            how=gettext("扫码核对真假和现在的状态"),
            mark=mark_of(code, here.day),
            **_drawn(own_host() + _address(code, here.day)),
        )
    response = Response(body, content_type="image/svg+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def asked_badge(here: Act) -> Badge | None:
    """Return the badge that the request asks about; None where it asks about none."""
    code, on, mark = (request.args.get(name, "").strip() for name in ("code", "on", "mark"))
    if not code or not mark:
        return None
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return Badge(is_genuine=False, institution=None, on=None)
    plain = _plain(mark)
    genuine = _marker() is not None and plain == _plain(mark_of(code, day)) and day <= here.day
    one = institution_on(here.session, code, here.day) if genuine else None
    states = _states(here, one) if one else ()
    return Badge(is_genuine=one is not None, institution=one, on=day, states=states)


def mark_of(code: str, on: date) -> str:
    """Return the mark of an institution's badge of a day, in groups of four."""
    marker = _marker()
    digits = marker(f"{code} {on.isoformat()}").upper() if marker else ""
    groups = (digits[at * _GROUP : (at + 1) * _GROUP] for at in range(_GROUPS))
    return "-".join(groups)


def _marker() -> Callable[[str], str] | None:
    key = wiring().settings.person_key
    return keyed(key, _PURPOSE) if key else None


def _plain(mark: str) -> str:
    return "".join(sign for sign in mark.upper() if sign.isalnum())


def _address(code: str, on: date) -> str:
    asked = {"code": code, "on": on.isoformat(), "mark": mark_of(code, on)}
    return f"{url_for('public.check')}?{urlencode(asked)}"


def _states(here: Act, one: Listed) -> tuple[str, ...]:
    """Return what holds today; of who is on the problem list never only that it enrols."""
    state = f"institution.{one.state_on(here.day)}"
    if not entries_on(here.session, here.day, Wanted(institution_code=one.code)):
        return (state,)
    return ("institution.listed",) if state == _ENROLLING else (state, "institution.listed")


def _short(one: Listed) -> str:
    name = one.name if language() == CHINESE else one.name_en or one.name
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _drawn(address: str) -> dict[str, object]:
    """Return a QR code as the path of an SVG, a unit for each module, and its scale."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=False, border=0, svgclass=None, lineclass=None)
    path = out.getvalue().decode().partition(' d="')[2].partition('"')[0]
    return {"picture": path, "scale": round(_SIDE / code.symbol_size(border=0)[0], 3)}
