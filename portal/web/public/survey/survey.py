"""The trainee's survey before and after: the code of a slip, and what a receipt proves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, render_template, request, url_for
from wtforms import StringField

from portal.casework.survey.survey_answers import count_wrong, group_open_for, look_up, slip_of
from portal.casework.survey.survey_slips import Now
from portal.domain import slips
from portal.domain.errors import Conflict, NotFound, TooLate
from portal.rules.words import say
from portal.store.institutions import Institution
from portal.web.boundary import Act, act, look, wiring
from portal.web.forms import Form, at_most, needed, shows_again
from portal.web.language import language, lazy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from portal.domain.errors import PortalError
    from portal.store.surveys import SlipGroup

_LONGEST_CODE = 100
View = Callable[..., "ResponseReturnValue"]


def unseen(view: View) -> View:
    """Let nobody keep the page, and no other page learn its address: a code stands in it."""

    @wraps(view)
    def quiet(*given: Any, **named: Any) -> Response:  # noqa: ANN401  # as Flask calls
        answer = make_response(view(*given, **named))
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "strict-origin"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return quiet


class CodeForm(Form):
    """The code of a slip."""

    code = StringField(
        lazy("凭条上的码"),
        [needed("survey.code_missing"), at_most(_LONGEST_CODE, "survey.slip_unknown")],
    )


class ReceiptForm(Form):
    """The code of a receipt."""

    code = StringField(
        lazy("回执码"),
        [needed("survey.receipt_missing"), at_most(_LONGEST_CODE, "survey.receipt_unknown")],
    )


def now_of(a: Act) -> Now:
    """Return when, and under which key, this request acts."""
    return Now(at=a.at, day=a.day, person_key=wiring().settings.person_key)


@unseen
@shows_again
def start() -> ResponseReturnValue:
    """Ask for the code, or go on with the one that was typed."""
    form = CodeForm()
    if request.method == "GET":
        return render_template("public/survey.html", form=form)
    if not form.validate():
        return render_template("public/survey.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    typed = slips.read(form.code.data)
    try:
        opened(typed)
    except (NotFound, Conflict, TooLate) as error:
        return refused(form, error)
    return redirect(url_for("public.survey_slip", code=slips.written(typed)), HTTPStatus.SEE_OTHER)


def opened(code: str) -> tuple[SlipGroup, Institution]:
    """Return the group that the code's slip belongs to, and its institution.

    Raises:
        NotFound: no slip bears the code; it was written down as wrong.
        Conflict: the slip was used, is void, or is a spare.
        TooLate: its last day is over.
        TooOften: too many wrong codes came from this network; right ones are never held up.

    """
    with look() as a:
        slip = slip_of(a.session, code, now_of(a), a.rules.survey)
        if slip is not None:
            group = group_open_for(a.session, slip, a.day)
            return group, a.session.get_one(Institution, group.institution_id)
    _count_wrong()
    raise NotFound("survey.slip_unknown")


def _count_wrong() -> None:
    with act() as a:
        count_wrong(a.session, request.remote_addr or "", now_of(a), a.rules.survey)


def refused(form: CodeForm, error: PortalError) -> ResponseReturnValue:
    """Show the first page again, with why this code cannot be used."""
    form.code.errors = [say(error.key, language(), **error.facts)]
    status = HTTPStatus.NOT_FOUND if isinstance(error, NotFound) else HTTPStatus.GONE
    return render_template("public/survey.html", form=form), status


def with_code(code: str) -> CodeForm:
    """Return the first page's form, filled in with a code."""
    return CodeForm(formdata=None, data={"code": slips.written(slips.read(code))[:_LONGEST_CODE]})


@unseen
@shows_again
def receipt() -> ResponseReturnValue:
    """Tell what a receipt proves."""
    form = ReceiptForm()
    if request.method == "GET":
        return render_template("public/survey_receipt.html", form=form, found=None)
    found = None
    if form.validate():
        with look() as a:
            found = look_up(a.session, form.code.data, now_of(a), a.rules.survey)
        if found is None:
            _count_wrong()
            form.code.errors = [say("survey.receipt_unknown", language())]
    status = HTTPStatus.OK if found else HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("public/survey_receipt.html", form=form, found=found), status
