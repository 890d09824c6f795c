"""Bulletins at the desk: what is due, and issuing it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from wtforms import SelectChoice, SelectField, StringField

from portal.domain.people import Permission
from portal.publication.listing.bulletins import bulletins, due_bulletins, issue_bulletin
from portal.publication.listing.problem_list import entries_on
from portal.web.boundary import Act, look
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.language import lazy
from portal.web.party_forms import stand_on
from portal.web.shape import day as in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.store.bulletins import Bulletin

_NUMBER = 100


class BulletinForm(Form):
    """For which of the calendar's days, and under which document number."""

    planned_on = SelectField(lazy("日历上的发布日"))
    document_no = StringField(lazy("文号"), [at_most(_NUMBER, "register.long")])


@allowed(Permission.HANDLE_CASE)
def index() -> ResponseReturnValue:
    """Show the bulletins and what is due, or issue one."""
    form = BulletinForm()
    with look() as here:
        due = due_bulletins(here.session, here.office, here.day)
    form.planned_on.choices = [SelectChoice(on.isoformat(), in_words(on)) for on in due]
    if request.method == "POST":
        issued = form.attempt(lambda a: _issued(a, form))
        if issued is not None:
            return redirect(url_for("public.bulletin", number=issued.number), HTTPStatus.SEE_OTHER)
    with look() as here:
        page = render_template(
            "regulator/bulletins.html",
            form=form,
            due=due,
            bulletins=bulletins(here.session),
            entries=entries_on(here.session, here.day),
            next_on=here.office.calendar.next_bulletin_on(here.day),
        )
    return (page, form.status) if request.method == "POST" else page


def _issued(a: Act, form: BulletinForm) -> Bulletin:
    known = {on.isoformat(): on for on in due_bulletins(a.session, a.office, a.day)}
    return issue_bulletin(
        stand_on(a),
        a.office,
        planned_on=known.get(form.planned_on.data, a.day),
        document_no=form.document_no.data or "",
    )
