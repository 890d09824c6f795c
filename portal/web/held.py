"""What was sent after its session had ended: held for its person, shown once they are back.

A page of a desk bears a signed ticket that names the person. Without it nothing is held, so nobody
can fill the store, and nobody can leave words for another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import Flask, current_app, g, request
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal.casework.special_reports.parking import forget, park_form, parked_form
from portal.domain.people import Actor
from portal.store.session import reading, transaction
from portal.web.boundary import act_as, actor, wiring
from portal.web.guard import person_numbered

if TYPE_CHECKING:
    from werkzeug.datastructures import ImmutableMultiDict

P = ParamSpec("P")
R = TypeVar("R")

FIELD = "_ticket"
_LASTS = timedelta(days=2)
_DESKS = frozenset({"institution", "regulator"})
_holding: set[object] = set()


def install(app: Flask) -> None:
    """Let every form of a desk bear its ticket."""
    app.jinja_env.globals["ticket"] = _field


def holds(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view whose form comes back with what was typed after the session was lost."""

    @wraps(view)
    def holding(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method == "POST" and not current_user.is_authenticated:
            hold()
        answer = view(*args, **kwargs)
        if request.method == "POST" and current_user.is_authenticated:
            _let_go()
        return answer

    _holding.add(holding)
    return holding


def is_holding(view: object) -> bool:
    """Tell whether a view was marked by :func:`holds`."""
    return view in _holding


def hold() -> None:
    """Keep what was sent to this address, if its ticket is good."""
    person = whose_ticket()
    if person is None:
        return
    kept = {
        name: values
        for name, values in request.form.lists()
        if not name.startswith("_") and name != "csrf_token"
    }
    with transaction(wiring().engine) as session:
        park_form(session, person, request.path, kept, at=act_as(session, person).at)


def held() -> MultiDict[str, str] | None:
    """Return what was typed here when the session was lost; None when nothing was."""
    if request.method != "GET" or request.blueprint not in _DESKS:
        return None
    if "held" not in g:
        person = actor()
        with reading(wiring().engine) as session:
            g.held = parked_form(session, person, request.path) if person.person_id else None
    return None if g.held is None else MultiDict(g.held)


def fields_sent() -> MultiDict[str, str] | ImmutableMultiDict[str, str]:
    """Return the fields that came with this request, or were held for its page."""
    return request.form if request.method == "POST" else held() or MultiDict()


def whose_ticket() -> Actor | None:
    """Return the person on whose page the form stood; None without a good ticket."""
    try:
        number = _signer().loads(request.form.get(FIELD, ""), max_age=int(_LASTS.total_seconds()))
    except BadData:
        return None
    return person_numbered(number) if isinstance(number, int) else None


def _let_go() -> None:
    person, here = actor(), request.path
    with reading(wiring().engine) as session:
        if parked_form(session, person, here) is None:
            return
    with transaction(wiring().engine) as session:
        forget(session, person, "", here)


def _field() -> Markup:
    if request.blueprint not in _DESKS or actor().person_id is None:
        return Markup()
    ticket = str(_signer().dumps(actor().person_id))
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, ticket)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="form after session")
