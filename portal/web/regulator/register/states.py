"""Suspending, closing and resuming an institution at the desk."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from portal.casework.institutions.register import details_of, institution_in_care
from portal.casework.institutions.states import Ending, NewState, resume, running, set_state
from portal.domain.errors import NotFound, RuleBroken
from portal.domain.people import Permission
from portal.store.institutions import InstitutionState
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.regulator.register.register_forms import EndForm, StateForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@allowed(Permission.KEEP_REGISTER)
def begin(code: str) -> ResponseReturnValue:
    """Show the form for a new state, or set it."""
    form = StateForm()
    with look() as a:
        institution = institution_in_care(a.session, a.actor, code)
        form.offer(a.office, details_of(a.session, institution).trades)
    page = {"form": form, "code": code, "name": institution.name}
    if request.method == "GET":
        form.from_on.data = a.day
        return render_template("regulator/state_begin.html", **page)
    if form.attempt(lambda a: _set(a, code, form)):
        return redirect(_address(code), HTTPStatus.SEE_OTHER)
    return render_template("regulator/state_begin.html", **page), form.status


def _set(a: Act, code: str, form: StateForm) -> InstitutionState:
    if form.from_on.data is None:
        raise RuleBroken("register.refused", {"from_on": "register.from_missing"})
    new = NewState(
        state=form.state.data or "",
        from_on=form.from_on.data,
        until_on=form.until_on.data,
        trade=form.trade.data or None,
        reason=form.reason.data or "",
        decision_no=(form.decision_no.data or "").strip() or None,
    )
    return set_state(a.session, a.actor, code, new, at=a.at)


@allowed(Permission.KEEP_REGISTER)
def end(code: str, state_id: int) -> ResponseReturnValue:
    """Show the form for the end of a state, or end it."""
    form = EndForm()
    with look() as a:
        institution = institution_in_care(a.session, a.actor, code)
        row = {row.id: row for row in running(a.session, institution, a.day)}.get(state_id)
    if row is None:
        raise NotFound("register.state_unknown")
    page = {"form": form, "code": code, "row": row, "name": institution.name}
    if request.method == "GET":
        form.on.data = a.day
        return render_template("regulator/state_end.html", **page)
    if form.attempt(lambda a: _resume(a, code, state_id, form)):
        return redirect(_address(code), HTTPStatus.SEE_OTHER)
    return render_template("regulator/state_end.html", **page), form.status


def _resume(a: Act, code: str, state_id: int, form: EndForm) -> InstitutionState:
    if form.on.data is None:
        raise RuleBroken("register.refused", {"on": "register.from_missing"})
    ending = Ending(state_id=state_id, on=form.on.data, reason=form.reason.data or "", today=a.day)
    return resume(a.session, a.actor, code, ending, at=a.at)


def _address(code: str) -> str:
    return url_for("regulator.institution", code=code)
