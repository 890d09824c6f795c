"""People at the regulator's desk: added, helped after an identity check, replaced, ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import or_, select
from wtforms import Field, SelectField, StringField
from wtforms.validators import StopValidation

from portal.casework.access.accounts import (
    Handover,
    change_role,
    end_person,
    in_care,
    new_slip,
    person_in_care,
    replace_holder,
)
from portal.casework.access.people import NewPerson, add_person
from portal.domain.people import Actor, Permission, Role
from portal.rules.office import Office
from portal.rules.words import say
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.web.addresses import on_paper
from portal.web.boundary import Act, look
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.language import gettext, language, lazy
from portal.web.person_forms import HandoverForm, LeaveForm, PersonForm, SlipForm
from portal.web.shape import capital, label

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.casework.access.people import Added
    from portal.casework.access.slips import Slip

_PER_PAGE = 50
_LONGEST = 200


def _one_of_the_roles(_form: Form, field: Field) -> None:
    """Refuse a role that nobody has."""
    if field.data not in set(Role):
        raise StopValidation(say("people.role_missing", language()))


class NewPersonForm(PersonForm):
    """Somebody to add, of any role that the person at the desk looks after."""

    role = SelectField(lazy("角色"), [_one_of_the_roles], validate_choice=False)
    institution_code = StringField(lazy("机构编号"), [at_most(_LONGEST, "people.name_long")])
    area_code = SelectField(lazy("所在街道（镇）"), validate_choice=False)

    def offer(self, office: Office, actor: Actor) -> None:
        """Offer the roles that the actor may give, and the office's areas."""
        roles = [
            (role.value, capital(label(f"role.{role}"))) for role in Role if actor.manages(role)
        ]
        self.role.choices = [("", gettext("请选择")), *roles]
        areas = [(area.code, area.name(language())) for area in office.areas]
        self.area_code.choices = [("", gettext("请选择")), *areas]


class RoleForm(Form):
    """Another role for a person of the offices."""

    role = SelectField(lazy("角色"), [_one_of_the_roles], validate_choice=False)
    area_code = SelectField(lazy("所在街道（镇）"), validate_choice=False)

    def offer(self, office: Office, actor: Actor) -> None:
        """Offer the roles that the actor may give, but no institution's, and the areas."""
        roles = [role for role in Role if actor.manages(role) and role is not Role.INSTITUTION]
        self.role.choices = [(role.value, capital(label(f"role.{role}"))) for role in roles]
        areas = [(area.code, area.name(language())) for area in office.areas]
        self.area_code.choices = [("", gettext("请选择")), *areas]


@allowed(Permission.MANAGE_PEOPLE)
def index() -> str:
    """Show the people whom the person at the desk looks after."""
    text = request.args.get("q", "").strip()[:_LONGEST]
    role = request.args.get("role", "")[:_LONGEST]
    after = request.args.get("after", "")[:_LONGEST]
    with look() as a:
        roles = [one for one in Role if a.actor.manages(one)]
        query = _listed(a, text, role if role in roles else "", after)
        found = [tuple(row) for row in a.session.execute(query)]
    kept: dict[str, Any] = {"q": text or None, "role": role or None}
    page, more = found[:_PER_PAGE], found[_PER_PAGE:]
    return render_template(
        "regulator/people.html",
        people=page,
        text=text,
        role=role,
        roles=roles,
        first=url_for("regulator.people", **kept) if after else None,
        next=url_for("regulator.people", **kept, after=page[-1][0].username) if more else None,
    )


def _listed(a: Act, text: str, role: str, after: str) -> Any:  # noqa: ANN401  # a query of two rows
    query = (
        select(Person, Institution)
        .outerjoin(Institution, Institution.id == Person.institution_id)
        .where(Person.id.in_(in_care(a.actor).with_only_columns(Person.id)))
        .where(Person.ended_at.is_(None), Person.username > after)
    )
    if text:
        columns = (Person.name, Person.username, Institution.name, Institution.code)
        query = query.where(or_(*(each.icontains(text, autoescape=True) for each in columns)))
    if role:
        query = query.where(Person.role == role)
    return query.order_by(Person.username).limit(_PER_PAGE + 1)


@allowed(Permission.MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    """Show the form for a person, or add one and show the slip, once."""
    form = NewPersonForm()
    with look() as a:
        form.offer(a.office, a.actor)
    if request.method == "GET":
        form.institution_code.data = request.args.get("institution", "")[:_LONGEST]
        form.role.data = Role.INSTITUTION.value if form.institution_code.data else ""
        return render_template("regulator/person_new.html", form=form)
    added = form.attempt(lambda a: _add(a, form))
    if added is None:
        return render_template("regulator/person_new.html", form=form), form.status
    return _slip_page(added.slip)


def _add(a: Act, form: NewPersonForm) -> Added:
    new_person = NewPerson(
        name=form.name.data or "",
        username=form.username.data or "",
        role=Role(form.role.data),
        institution_code=(form.institution_code.data or "").strip() or None,
        area_code=form.area_code.data or None,
    )
    areas = [area.code for area in a.office.areas]
    return add_person(a.session, a.actor, new_person, areas=areas, at=a.at, rules=a.rules)


@allowed(Permission.MANAGE_PEOPLE)
def one(person_id: int) -> ResponseReturnValue:
    """Show a person and what can be done."""
    return _page(person_id, None)


@allowed(Permission.MANAGE_PEOPLE)
def slip(person_id: int) -> ResponseReturnValue:
    """Give a person a new slip after an identity check, and show it once."""
    form = SlipForm()
    reason = form.recognised.data or ""
    given = form.attempt(
        lambda a: new_slip(a.session, a.actor, person_id, reason=reason, at=a.at, rules=a.rules)
    )
    return _slip_page(given) if given else _page(person_id, form)


@allowed(Permission.MANAGE_PEOPLE)
def end(person_id: int) -> ResponseReturnValue:
    """End a person's account."""
    form = LeaveForm()
    reason = form.reason.data or ""
    ended = form.attempt(
        lambda a: end_person(a.session, a.actor, person_id, reason=reason, at=a.at)
    )
    return _back() if ended else _page(person_id, form)


@allowed(Permission.MANAGE_PEOPLE)
def replace(person_id: int) -> ResponseReturnValue:
    """Replace a holder who has left, and show the new holder's slip once."""
    form = HandoverForm()
    handover = Handover(
        leaver_id=person_id,
        name=form.new_name.data or "",
        username=form.new_username.data or "",
        reason=form.why.data or "",
    )
    added = form.attempt(
        lambda a: replace_holder(a.session, a.actor, handover, at=a.at, rules=a.rules)
    )
    return _slip_page(added.slip) if added else _page(person_id, form)


@allowed(Permission.MANAGE_PEOPLE)
def role(person_id: int) -> ResponseReturnValue:
    """Give a person of the offices another role."""
    form = RoleForm()
    changed = form.attempt(lambda a: _change(a, person_id, form))
    return _back() if changed else _page(person_id, form)


def _change(a: Act, person_id: int, form: RoleForm) -> Person:
    new_role = NewPerson(name="", role=Role(form.role.data), area_code=form.area_code.data or None)
    areas = [area.code for area in a.office.areas]
    return change_role(a.session, a.actor, person_id, new_role, areas=areas, at=a.at)


def _page(person_id: int, faulty: Form | None) -> ResponseReturnValue:
    """Show the person with a form for each act; the one that was refused as it was sent."""
    forms = {
        kind: faulty if isinstance(faulty, kind) else kind(formdata=None)
        for kind in (SlipForm, LeaveForm, HandoverForm, RoleForm)
    }
    with look() as a:
        person = person_in_care(a.session, a.actor, person_id)
        owner = person.institution_id and a.session.get(Institution, person.institution_id)
        forms[RoleForm].offer(a.office, a.actor)
    page = render_template(
        "regulator/person.html",
        who=person,
        institution=owner,
        slip_form=forms[SlipForm],
        leave_form=forms[LeaveForm],
        handover_form=forms[HandoverForm],
        role_form=forms[RoleForm],
        form=faulty,
    )
    return page, faulty.status if faulty else HTTPStatus.OK


def _slip_page(given: Slip | None) -> str:
    return render_template(
        "regulator/slip.html", slip=given, address=on_paper(url_for("account.sign_up"))
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("regulator.people"), HTTPStatus.SEE_OTHER)
