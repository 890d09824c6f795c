"""Who gets in: the signed-in person of a request, and the permission check of a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from flask import redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import select

from portal.domain.people import Actor, Permission, Role
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.session import reading
from portal.web.boundary import actor, surroundings, wiring

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

P = ParamSpec("P")
R = TypeVar("R")


class Logins(LoginManager):
    """The library's keeper of sessions, without its cookie that remembers people for months."""

    def _update_remember_cookie(self, response: Response) -> Response:
        # The library reads the session here for every answer; an answer that is the same for
        # everybody would then count as one person's own.
        return response


logins = Logins()


class SignedIn(UserMixin):
    """The person of a session; a new ``epoch`` in the store ends it, and so does its last hour."""

    def __init__(self, person: Person, until: int, *, is_closed: bool = False) -> None:
        """Take from the row what a request needs; ``until`` is in seconds since 1970."""
        self.actor = actor_of(person, is_closed=is_closed)
        self.epoch = person.session_epoch
        self.until = until

    def get_id(self) -> str:
        """Return what the session cookie holds: the person, the epoch and the last second."""
        return f"{self.actor.person_id}.{self.epoch}.{self.until}"


def let_in(person: Person, at: datetime, hours: int) -> None:
    """Open a session for the person, new in every part, that ends after ``hours``."""
    session.clear()
    login_user(SignedIn(person, int((at + timedelta(hours=hours)).timestamp())))


def actor_of(person: Person, *, is_closed: bool = False) -> Actor:
    """Return who a person is to the acts of the house; ``is_closed``: the institution is."""
    return Actor(
        person_id=person.id,
        name=person.name,
        role=Role(person.role),
        institution_id=person.institution_id,
        area_code=person.area_code,
        is_holder=person.is_holder,
        is_closed=is_closed,
    )


def person_numbered(number: int) -> Actor | None:
    """Return a person who still has an account; None where there is none any more."""
    wanted = select(Person).where(Person.id == number, Person.ended_at.is_(None))
    with reading(wiring().engine) as database:
        person = database.scalar(wanted)
    return actor_of(person) if person else None


@logins.user_loader
def _person_of(session_id: str) -> SignedIn | None:
    if not _SESSION_ID.fullmatch(session_id):
        return None
    number, epoch, until = (int(part) for part in session_id.split("."))
    here = surroundings()
    if here.at.timestamp() >= until:
        return None
    alive = (
        select(Person, Institution.closed_on)
        .outerjoin(Institution, Person.institution_id == Institution.id)
        .where(Person.id == number, Person.session_epoch == epoch, Person.ended_at.is_(None))
    )
    with reading(wiring().engine) as database:
        found = database.execute(alive).one_or_none()
    if found is None:
        return None
    person, closed_on = found
    return SignedIn(person, until, is_closed=closed_on is not None and closed_on <= here.day)


_SESSION_ID = re.compile(r"[0-9]{1,12}\.[0-9]{1,12}\.[0-9]{1,12}")


SIGNED_IN = None


def allowed(
    permission: Permission | None, keep: Callable[..., None] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only persons with ``permission`` open the page; others sign in (303) or get 403.

    ``SIGNED_IN`` lets everybody in who has signed in. ``keep`` may save what was sent by somebody
    whose session has ended, before they sign in again.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not current_user.is_authenticated:
                if keep is not None:
                    keep(*args, **kwargs)
                return redirect(url_for("account.sign_in", next=asked_for()), 303)
            if permission is not SIGNED_IN:
                actor().require(permission)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the access matrix
        return guarded

    return guard


def asked_for() -> str:
    """Return the address of this request inside the site, to come back to after signing in."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def safe_way_on(address: str | None, otherwise: str) -> str:
    """Return ``address`` if it is plainly a path of this site, else ``otherwise``.

    It is judged as it would read after any number of decodings: what a browser or a proxy might
    take for another host, a scheme or a step upwards is not followed.
    """
    read = address or ""
    while (decoded := unquote(read)) != read:
        read = decoded
    path = urlsplit(address or "").path
    plain = read.isprintable() and "\\" not in read and "//" not in read and ".." not in read
    return address if address and plain and path.startswith("/") and read[0] == "/" else otherwise
