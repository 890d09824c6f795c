"""One's own account: who one is to the portal, and one's own password."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms import PasswordField

from portal.casework.access.passwords import matches
from portal.casework.access.sign_in import change_password, knock
from portal.domain.errors import RuleBroken
from portal.rules.words import say
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.web.account.fields import given, typed_alike
from portal.web.boundary import Act, act, look
from portal.web.forms import Form
from portal.web.guard import SIGNED_IN, allowed, let_in
from portal.web.language import language, lazy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


class PasswordForm(Form):
    """The old password, and the new one typed twice."""

    old = PasswordField(lazy("原来的密码"), [given])
    password = PasswordField(lazy("新密码"), [given])
    again = PasswordField(lazy("再输一次新密码"), [typed_alike])


@allowed(SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show the page, or change the password."""
    form = PasswordForm()
    if request.method == "GET":
        return _page(form)
    if form.validate():
        try:
            if _changed(form):
                return redirect(url_for("account.account", done="password"), HTTPStatus.SEE_OTHER)
        except RuleBroken as error:
            form.blame(error)
        else:
            form.old.errors = [say("people.old_password_wrong", language())]
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


def _changed(form: PasswordForm) -> bool:
    """Change the password if the old one is right; tell whether it was."""
    with act() as a:
        username = _person(a).username
        address = request.remote_addr or ""
        tried = knock(a.session, username, address, at=a.at, rules=a.rules)
    if not matches(form.old.data, tried.password_hash):
        return False
    with act() as a:
        person = change_password(
            a.session, a.actor, tried, form.password.data, at=a.at, rules=a.rules
        )
    let_in(person, a.at, a.rules.accounts.session_hours)
    return True


def _person(a: Act) -> Person:
    return a.session.get_one(Person, a.actor.person_id)


def _page(form: PasswordForm) -> str:
    with look() as a:
        person = _person(a)
        institution = None
        holders: list[str] = []
        if person.institution_id is not None:
            institution = a.session.get_one(Institution, person.institution_id)
            holders = _holders(a, institution)
        area = a.office.area(person.area_code) if person.area_code else None
        least = a.rules.accounts.password_min_length
    return render_template(
        "account/account.html",
        form=form,
        me=person,
        institution=institution,
        holders=holders,
        area=area,
        least=least,
    )


def _holders(a: Act, institution: Institution) -> list[str]:
    found = select(Person.name).where(
        Person.institution_id == institution.id, Person.is_holder, Person.ended_at.is_(None)
    )
    return list(a.session.scalars(found.order_by(Person.name)))
