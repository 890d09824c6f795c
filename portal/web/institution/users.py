"""The people of one institution: its account holders add them, help them, and end them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.casework.access.accounts import (
    end_person,
    in_care,
    new_slip,
    person_in_care,
    set_holder,
)
from portal.casework.access.people import NewPerson, add_person
from portal.domain.people import Permission, Role
from portal.store.people import Person
from portal.web.addresses import on_paper
from portal.web.boundary import look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.person_forms import LeaveForm, PersonForm, SlipForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.casework.access.slips import Slip


class HolderForm(Form):
    """One button: a holder, or no longer one."""

    also = frozenset({"is_holder"})


@allowed(Permission.MANAGE_COLLEAGUES)
def index() -> str:
    """Show the people of the holder's institution."""
    with look() as a:
        active = in_care(a.actor).where(Person.ended_at.is_(None))
        people = list(a.session.scalars(active.order_by(Person.is_holder.desc(), Person.name)))
    return render_template("institution/users.html", people=people)


@allowed(Permission.MANAGE_COLLEAGUES)
def new() -> ResponseReturnValue:
    """Show the form for a colleague, or add one and show the slip, once."""
    form = PersonForm()
    if request.method == "GET":
        return render_template("institution/user_new.html", form=form)
    colleague = NewPerson(
        name=form.name.data or "", username=form.username.data or "", role=Role.INSTITUTION
    )
    added = form.attempt(
        lambda a: add_person(a.session, a.actor, colleague, areas=(), at=a.at, rules=a.rules)
    )
    if added is None:
        return render_template("institution/user_new.html", form=form), form.status
    return _slip_page(added.slip)


@allowed(Permission.MANAGE_COLLEAGUES)
def one(person_id: int) -> ResponseReturnValue:
    """Show a colleague and what can be done."""
    return _page(person_id, SlipForm(), LeaveForm())


@allowed(Permission.MANAGE_COLLEAGUES)
def slip(person_id: int) -> ResponseReturnValue:
    """Give a colleague who lost the password a new slip, and show it once."""
    form = SlipForm()
    reason = form.recognised.data or ""
    given = form.attempt(
        lambda a: new_slip(a.session, a.actor, person_id, reason=reason, at=a.at, rules=a.rules)
    )
    return _slip_page(given) if given else _page(person_id, form, LeaveForm(formdata=None), form)


@allowed(Permission.MANAGE_COLLEAGUES)
def end(person_id: int) -> ResponseReturnValue:
    """End a colleague's account."""
    form = LeaveForm()
    reason = form.reason.data or ""
    ended = form.attempt(
        lambda a: end_person(a.session, a.actor, person_id, reason=reason, at=a.at)
    )
    return _back() if ended else _page(person_id, SlipForm(formdata=None), form, form)


@allowed(Permission.MANAGE_COLLEAGUES)
def holder(person_id: int) -> ResponseReturnValue:
    """Make a colleague a holder, or no longer one."""
    form = HolderForm()
    is_holder = request.form.get("is_holder") == "1"
    changed = form.attempt(
        lambda a: set_holder(a.session, a.actor, person_id, is_holder=is_holder, at=a.at)
    )
    forms = SlipForm(formdata=None), LeaveForm(formdata=None)
    return _back() if changed else _page(person_id, *forms, form)


def _page(
    person_id: int, slip_form: SlipForm, leave_form: LeaveForm, faulty: Form | None = None
) -> ResponseReturnValue:
    with look() as a:
        person = person_in_care(a.session, a.actor, person_id)
    page = render_template(
        "institution/user.html",
        who=person,
        slip_form=slip_form,
        leave_form=leave_form,
        form=faulty,
    )
    return page, faulty.status if faulty else HTTPStatus.OK


def _slip_page(given: Slip | None) -> str:
    return render_template(
        "institution/slip.html", slip=given, address=on_paper(url_for("account.sign_up"))
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("institution.users"), HTTPStatus.SEE_OTHER)
