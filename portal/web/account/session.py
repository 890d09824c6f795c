"""Signing in and out."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, session
from flask_login import current_user, logout_user
from sqlalchemy import select
from wtforms import HiddenField, PasswordField, StringField

from portal.casework.access.passwords import matches
from portal.casework.access.sign_in import knock, leave, welcome
from portal.domain.accounts import LONGEST_USERNAME
from portal.domain.errors import NotAllowed
from portal.domain.people import Actor
from portal.rules.words import say
from portal.store.people import Person
from portal.web.account.fields import given
from portal.web.boundary import act, actor, look
from portal.web.forms import Form, at_most, needed, shows_again
from portal.web.guard import actor_of, let_in, safe_way_on
from portal.web.language import language, lazy
from portal.web.menu import home_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_LONGEST_WAY_ON = 2000


class SignInForm(Form):
    """User name, password, and where to go then."""

    username = StringField(
        lazy("用户名"),
        [
            needed("people.username_missing"),
            at_most(LONGEST_USERNAME, "people.username_long"),
        ],
    )
    password = PasswordField(lazy("密码"), [given])
    next = HiddenField(validators=[at_most(_LONGEST_WAY_ON, "form.not_asked")])


@shows_again
def sign_in() -> ResponseReturnValue:
    """Show the page, or let somebody in."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
        form.username.data = request.args.get("user", "")
        if current_user.is_authenticated:
            return redirect(_way_on(form, actor()), HTTPStatus.SEE_OTHER)
        return _page(form)
    if form.validate():
        person = _judged(form.username.data, form.password.data)
        if person is not None:
            return redirect(_way_on(form, actor_of(person)), HTTPStatus.SEE_OTHER)
        form.form_errors.append(say("people.wrong_password", language()))
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


def _judged(username: str, password: str) -> Person | None:
    """Return the person whose name and password they are, now signed in; None if they are not."""
    with act() as a:
        tried = knock(a.session, username, request.remote_addr or "", at=a.at, rules=a.rules)
    if not matches(password, tried.password_hash):
        return None
    try:
        with act() as a:
            person = welcome(a.session, tried, a.at)
    except NotAllowed:
        return None
    let_in(person, a.at, a.rules.accounts.session_hours)
    return person


def _way_on(form: SignInForm, person: Actor) -> str:
    """Return the address inside the site that was asked for, or the person's own desk."""
    asked = safe_way_on(form.next.data or request.args.get("next"), "")
    if not asked:
        return home_of(person)
    root = request.script_root
    return asked if root and asked.startswith(f"{root}/") else root + asked


def _page(form: SignInForm) -> str:
    with look() as a:
        anybody = a.session.scalar(select(Person.id).limit(1)) is not None
    return render_template("account/login.html", form=form, anybody=anybody)


def sign_out() -> ResponseReturnValue:
    """End every open session of the person who asks."""
    with act() as a:
        leave(a.session, a.actor, a.at)
    logout_user()
    session.clear()
    return redirect(f"{request.script_root}/", HTTPStatus.SEE_OTHER)
