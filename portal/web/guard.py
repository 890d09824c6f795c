"""Who gets in: the signed-in person of a request, and the permission check of a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import select

from portal.domain.people import Actor, Permission, Role
from portal.store.people import Person
from portal.store.session import reading
from portal.web.boundary import actor, wiring

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

P = ParamSpec("P")
R = TypeVar("R")

logins = LoginManager()


class SignedIn(UserMixin):
    """The person of a session; a new ``epoch`` in the store ends it."""

    def __init__(self, person: Person) -> None:
        """Take from the row what a request needs."""
        self.actor = actor_of(person)
        self.epoch = person.session_epoch

    def get_id(self) -> str:
        """Return what the session cookie holds: the person and the epoch."""
        return f"{self.actor.person_id}.{self.epoch}"


def actor_of(person: Person) -> Actor:
    """Return who a person is to the acts of the house."""
    return Actor(
        person_id=person.id,
        name=person.name,
        role=Role(person.role),
        institution_id=person.institution_id,
        area_code=person.area_code,
        is_holder=person.is_holder,
    )


@logins.user_loader
def _person_of(session_id: str) -> SignedIn | None:
    number, _, epoch = session_id.partition(".")
    if not (number.isdecimal() and epoch.isdecimal()):
        return None
    alive = select(Person).where(
        Person.id == int(number), Person.session_epoch == int(epoch), Person.ended_at.is_(None)
    )
    with reading(wiring().engine) as session:
        person = session.scalar(alive)
        return person and SignedIn(person)


def allowed(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only persons with ``permission`` open the page; others sign in (303) or get 403."""

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not current_user.is_authenticated:
                return redirect(url_for("account.sign_in", next=asked_for()), 303)
            actor().require(permission)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the access matrix
        return guarded

    return guard


def asked_for() -> str:
    """Return the address of this request inside the site, to come back to after signing in."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def safe_way_on(address: str | None, otherwise: str) -> str:
    """Return ``address`` if it is a path of this site, else ``otherwise``."""
    if not address or any(ord(letter) < ord(" ") for letter in address):
        return otherwise
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and not parts.scheme and not parts.netloc else otherwise
