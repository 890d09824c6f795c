"""Turning a slip into a password: first the code, then the password, typed twice."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from wtforms import PasswordField, StringField

from portal.casework.access.sign_in import forget, knock_with_slip
from portal.casework.access.slips import person_of_slip, use_slip
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.rules.words import say
from portal.web.account.fields import given, typed_alike
from portal.web.boundary import act, look
from portal.web.forms import Form, at_most, needed, shows_again
from portal.web.language import language, lazy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.store.people import Person

_LONGEST_CODE = 100


class CodeForm(Form):
    """The code of a slip."""

    code = StringField(
        lazy("凭条码"),
        [needed("people.slip_missing"), at_most(_LONGEST_CODE, "people.slip_letters")],
    )


class SignUpForm(CodeForm):
    """The code of a slip and the password that its owner chose."""

    password = PasswordField(lazy("新密码"), [given])
    again = PasswordField(lazy("再输一次新密码"), [typed_alike])


@shows_again
def sign_up() -> ResponseReturnValue:
    """Show the page, judge a code, or set the password."""
    if request.method == "GET":
        return _page(CodeForm(), None)
    form = SignUpForm() if "password" in request.form else CodeForm()
    if not form.validate():
        return _page(form, _known(form)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return _judged(form)
    except RuleBroken as error:
        form.blame(error)
        return _page(form, _known(form)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotFound as error:
        form.code.errors = [say(error.key, language())]
        return _page(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        form.code.errors = [say(error.key, language())]
        return _page(form, None), HTTPStatus.GONE


def _judged(form: CodeForm) -> ResponseReturnValue:
    with act() as a:
        marks = knock_with_slip(a.session, request.remote_addr or "", at=a.at, rules=a.rules)
    with act() as a:
        if isinstance(form, SignUpForm):
            typed = (form.code.data, form.password.data)
            person = use_slip(a.session, *typed, at=a.at, rules=a.rules)
        else:
            person = person_of_slip(a.session, form.code.data, a.at)
        forget(a.session, marks)
    if not isinstance(form, SignUpForm):
        return _page(SignUpForm(formdata=None, data={"code": form.code.data}), person)
    done = url_for("account.sign_in", user=person.username, done="password")
    return redirect(done, HTTPStatus.SEE_OTHER)


def _known(form: CodeForm) -> Person | None:
    """Return the person of the slip, if the code was right and only the password was not."""
    if not isinstance(form, SignUpForm) or form.code.errors:
        return None
    with look() as a:
        try:
            return person_of_slip(a.session, form.code.data, a.at)
        except (NotFound, Conflict):
            return None


def _page(form: CodeForm, person: Person | None) -> str:
    with look() as a:
        least = a.rules.accounts.password_min_length
    return render_template("account/signup.html", form=form, slip_of=person, least=least)
