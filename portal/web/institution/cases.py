"""Cases at the institution's desk: served notices, days left, and the statement."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.casework.case_proceedings import reply_to_notice
from portal.casework.cases import Stand, find_case
from portal.domain.cases import CaseAct, CaseState, hindrance, is_public
from portal.domain.people import Permission
from portal.store.cases import CaseFile
from portal.web.boundary import Act, act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.language import lazy

_LONGEST = 5000


class ReplyForm(Form):
    """The institution's statement, in its own words."""

    revision = IntegerField(widget=HiddenInput())
    words = TextAreaField(
        lazy("陈述和申辩意见"),
        [
            InputRequired(lazy("请写明意见；没有意见可以不提交")),
            Length(max=_LONGEST, message=lazy("最多 5,000 字")),
        ],
    )
    wants_hearing = BooleanField(lazy("要求听证"))


@allowed(Permission.ANSWER_CASE)
def index() -> str:
    """Show the notices served on this institution."""
    with look() as here:
        cases = served_on_us(here)
        left = {c.number: days_left(here, c) for c in cases}
        return render_template("institution/cases.html", cases=cases, left=left)


@allowed(Permission.ANSWER_CASE)
def case(number: str) -> str | tuple[str, int] | Response:
    """Show one notice and take the statement."""
    with act() as here:
        found = find_case(here.session, number, here.actor)
        form = ReplyForm(revision=found.revision)
        if form.validate_on_submit():
            reply_to_notice(
                Stand(
                    session=here.session,
                    actor=here.actor,
                    at=here.at,
                    day=here.day,
                    rules=here.rules,
                ),
                number,
                form.revision.data or 0,
                words=form.words.data,
                wants_hearing=form.wants_hearing.data,
            )
            return redirect(url_for(".case", number=number), 303)
        body = render_template(
            "institution/case.html",
            case=found,
            form=form,
            ground=here.rules.ground(found.ground),
            may_reply=hindrance(found, CaseAct.REPLY, here.actor, here.day, here.rules) is None,
            days_left=days_left(here, found),
            public=is_public(found, here.day),
        )
        return (body, 422) if form.errors else body


def served_on_us(here: Act) -> Sequence[CaseFile]:
    """Return the notices served on the signed-in person's institution, the latest first."""
    served = (
        select(CaseFile)
        .where(
            CaseFile.institution_id == here.actor.institution_id,
            CaseFile.served_on.is_not(None),
        )
        .order_by(CaseFile.served_on.desc(), CaseFile.id.desc())
    )
    return here.session.scalars(served).all()


def days_left(here: Act, case_file: CaseFile) -> int | None:
    """Return the working days left to reply, today included; None once it is decided."""
    until = case_file.reply_until_on
    if case_file.state != CaseState.SERVED or until is None or case_file.statement is not None:
        return None
    if here.day > until:
        return 0
    calendar = here.rules.calendar
    return calendar.working_days_between(here.day, until) + int(calendar.is_working_day(here.day))
