"""What the portal was taught about files: to be looked through, and to be forgotten again."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from wtforms import HiddenField, IntegerField

from portal.domain.people import Permission
from portal.intake.files.formats import Kind, format_of
from portal.intake.remembering import COLUMN, Taught, forget, taught
from portal.web.boundary import look
from portal.web.checked import column_words
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.handing_in import OURS
from portal.web.language import gettext

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


class ForgetForm(Form):
    """What is to be forgotten."""

    what = HiddenField()
    row = IntegerField()


@allowed(Permission.AUTHORITY_DESK)
def words() -> str:
    """Show the words for columns and the names of institutions that were taught."""
    with look() as a:
        known = [(one, _meaning(one)) for one in taught(a.session)]
    return render_template("authority/words.html", known=known)


def _meaning(one: Taught) -> str:
    if one.meaning is None:
        return gettext("不是这里登记的机构（外区），不计入")
    if one.what != COLUMN:
        return one.meaning
    forms = [format_of(Kind(kind)) for kind in OURS]
    form = next((form for form in forms if one.meaning in form.keys), None)
    return column_words(form, one.meaning) if form else one.meaning


@allowed(Permission.TAKE_IN_EXAMS)
def drop() -> ResponseReturnValue:
    """Forget one of them."""
    form = ForgetForm()
    form.attempt(
        lambda a: forget(a.session, a.actor, form.what.data or "", form.row.data or 0, a.at)
    )
    return redirect(url_for("authority.words"), HTTPStatus.SEE_OTHER)
