"""The register at the desk: looking through it, taking an institution in, keeping its facts."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select

from portal.casework.institutions.register import (
    Known,
    details_of,
    edit,
    former_names,
    institution_in_care,
    register,
)
from portal.casework.institutions.register_search import Wanted, search
from portal.casework.institutions.states import running, states_of
from portal.domain.people import Permission
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.regulator.register.register_forms import DetailsForm, RegisterForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

STATES = ("enrolling", "suspended", "closed")
_LONGEST_SEARCH = 200


@allowed(Permission.DESK)
def index() -> str:
    """Show the register, by code."""
    asked = {name: request.args.get(name, "")[:_LONGEST_SEARCH] for name in _ASKED}
    wanted = Wanted(text=asked["q"], area=asked["area"], state=asked["state"], after=asked["after"])
    with look() as a:
        found, more = search(a.session, a.actor, wanted, a.day)
        kept: dict[str, Any] = {
            name: value for name, value in asked.items() if value and name != "after"
        }
        further: dict[str, Any] = {"after": found[-1].code} if more else {}
        return render_template(
            "regulator/institutions.html",
            found=found,
            asked=asked,
            states=STATES,
            first=url_for("regulator.institutions", **kept) if wanted.after else None,
            next=url_for("regulator.institutions", **kept, **further) if more else None,
            anything=bool(found) or wanted != Wanted(),
            may_keep=a.actor.may(Permission.KEEP_REGISTER),
        )


_ASKED = ("q", "area", "state", "after")


@allowed(Permission.KEEP_REGISTER)
def new() -> ResponseReturnValue:
    """Show the form for a new institution, or take it in."""
    form = RegisterForm()
    with look() as a:
        form.offer(a.office)
    if request.method == "GET":
        return _form(form, None)
    code = (form.code.data or "").strip()
    details = form.details()
    done = form.attempt(
        lambda a: register(a.session, a.actor, code, details, known=_known(a), at=a.at)
    )
    if done is None:
        return _form(form, None), form.status
    return redirect(_address(code), HTTPStatus.SEE_OTHER)


@allowed(Permission.DESK)
def one(code: str) -> str:
    """Show an institution as the register has it."""
    with look() as a:
        institution = institution_in_care(a.session, a.actor, code)
        details = details_of(a.session, institution)
        return render_template(
            "regulator/institution.html",
            code=code,
            details=details,
            closed_on=institution.closed_on,
            trades=[trade for trade in a.office.offered() if trade.slug in details.trades],
            area=a.office.area(details.area_code),
            former=former_names(a.session, institution),
            states=states_of(a.session, institution),
            still={row.id for row in running(a.session, institution, a.day)},
            people=_people(a, institution),
            may_keep=a.actor.may(Permission.KEEP_REGISTER),
            may_case=a.actor.may(Permission.HANDLE_CASE),
            may_people=a.actor.may(Permission.MANAGE_PEOPLE),
        )


@allowed(Permission.KEEP_REGISTER)
def change(code: str) -> ResponseReturnValue:
    """Show the form with what the register says, or change it."""
    form = DetailsForm()
    with look() as a:
        form.offer(a.office)
        now = details_of(a.session, institution_in_care(a.session, a.actor, code))
    if request.method == "GET":
        form.show(now)
        return _form(form, code)
    asked = (form.details(), form.seen.data or "")
    done = form.attempt(lambda a: edit(a.session, a.actor, code, asked, known=_known(a), at=a.at))
    if done is not None:
        return redirect(_address(code), HTTPStatus.SEE_OTHER)
    # If somebody changed it meanwhile, what was typed stands beside what stands now; sent again,
    # it counts.
    conflict = form.status == HTTPStatus.CONFLICT
    form.seen.data = now.seen if conflict else form.seen.data
    return _form(form, code, now=now if conflict else None), form.status


def _form(form: DetailsForm, code: str | None, now: object = None) -> str:
    return render_template("regulator/institution_form.html", form=form, code=code, now=now)


def _address(code: str) -> str:
    return url_for("regulator.institution", code=code)


def _known(a: Act) -> Known:
    return Known(areas=[area.code for area in a.office.areas], trades=a.office.trades)


def _people(a: Act, institution: Institution) -> list[Person]:
    own = select(Person).where(Person.institution_id == institution.id, Person.ended_at.is_(None))
    return list(a.session.scalars(own.order_by(Person.is_holder.desc(), Person.name)))
