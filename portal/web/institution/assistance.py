"""Asking the office for help from an institution's desk, with the answers it has given."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms import TextAreaField

from portal.casework.supervision.letters import Written, answer_times, receive_letter
from portal.domain.people import Permission
from portal.store.letters import Letter
from portal.web.boundary import Act, look
from portal.web.forms import Form, at_most, needed
from portal.web.guard import allowed
from portal.web.language import lazy
from portal.web.party_forms import stand_on

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_LONG = 5000


class HelpForm(Form):
    """What the institution needs."""

    words = TextAreaField(
        lazy("要解决什么"), [needed("letter.words_missing"), at_most(_LONG, "letter.long")]
    )


@allowed(Permission.MY_DESK)
def show() -> ResponseReturnValue:
    """Show what was asked and answered, or take a request in."""
    form = HelpForm()
    if request.method == "POST":
        if form.attempt(lambda a: _asked(a, form)) is not None:
            return redirect(url_for(".help"), HTTPStatus.SEE_OTHER)
        return _page(form), form.status
    return _page(form)


def _asked(a: Act, form: HelpForm) -> Letter:
    written = Written(kind="help", words=form.words.data or "", writer=a.actor.name)
    return receive_letter(stand_on(a), written)[0]


def _page(form: HelpForm) -> str:
    with look() as here:
        mine = select(Letter).where(Letter.by_institution_id == here.actor.institution_id)
        return render_template(
            "institution/help.html",
            form=form,
            letters=here.session.scalars(mine.order_by(Letter.id.desc())).all(),
            rules=here.rules.letters,
            times=answer_times(here.session, "help", here.day, here.rules.calendar),
        )
