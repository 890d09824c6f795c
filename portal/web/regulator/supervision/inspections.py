"""Inspections at the desk: the year's plan, the draw, and the form for the site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from sqlalchemy import or_, select
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.casework.supervision.inspections import (
    Found,
    Plan,
    add_finding,
    checklist_of,
    draw_inspections,
    finish_inspection,
    plan_inspection,
    record_results,
    waive_inspection,
)
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.publication.listing.inspection_year import inspection_year, inspection_years
from portal.store.inspections import Finding, Inspection
from portal.store.institutions import Institution, Unit
from portal.web.boundary import Act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.party_forms import stand_on
from portal.web.regulator.supervision.inspection_forms import (
    DrawForm,
    FindingForm,
    FinishForm,
    PlanForm,
    WaiveForm,
    departments_in,
    offer_choices,
    results_in,
    site_form,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_UNIT = "unit:"


@allowed(Permission.DESK)
def index() -> str:
    """Show the plan of a year: overdue ones first."""
    return _plan_page({})


@allowed(Permission.HANDLE_CASE)
def plan() -> ResponseReturnValue:
    """Put an inspection into the plan."""
    form = PlanForm(prefix="plan")
    offer_choices(form)
    done = form.attempt(lambda a: plan_inspection(stand_on(a), _plan_of(a, form)))
    if done is None:
        return _plan_page({"plan": form}), form.status
    return redirect(url_for(".inspection", number=done.number), HTTPStatus.SEE_OTHER)


@allowed(Permission.HANDLE_CASE)
def draw() -> ResponseReturnValue:
    """Draw institutions at random and plan to inspect them."""
    form = DrawForm(prefix="draw")
    done = form.attempt(
        lambda a: draw_inspections(
            stand_on(a),
            count=form.count.data or 0,
            planned_on=form.planned_on.data or a.day,
            departments=departments_in(form.departments.data),
        )
    )
    if done is None:
        return _plan_page({"draw": form}), form.status
    return redirect(url_for(".inspections"), HTTPStatus.SEE_OTHER)


@allowed(Permission.DESK)
def one(number: str) -> str:
    """Show one inspection: the form for the site, and what was found."""
    return _page(number, {})


@allowed(Permission.HANDLE_CASE)
def do(number: str, name: str) -> ResponseReturnValue:
    """Save results, add a finding, finish or waive."""
    with look() as here:
        found = _inspection(here, number)
    form = _forms(found).get(name)
    if form is None:
        raise NoSuchPage
    form.process(request.form)
    if form.attempt(lambda a: _perform(a, number, name, form)) is None:
        return _page(number, {name: form}), form.status
    return redirect(url_for(".inspection", number=number), HTTPStatus.SEE_OTHER)


def _perform(a: Act, number: str, name: str, form: Form) -> Inspection | Finding:
    stand = stand_on(a)
    if isinstance(form, FindingForm):
        found = Found(
            item=form.item.data,
            department=form.department.data,
            words=form.words.data or "",
            evidence=form.evidence.data or "",
        )
        return add_finding(stand, number, found)
    if isinstance(form, FinishForm):
        return finish_inspection(stand, number, inspectors=form.inspectors.data or "")
    if isinstance(form, WaiveForm):
        signer = form.signer.data or ""
        return waive_inspection(stand, number, reason=form.reason.data or "", signer=signer)
    del name
    return record_results(stand, number, results_in(form))


def _plan_of(a: Act, form: PlanForm) -> Plan:
    subject: str = form.subject.data or ""
    return Plan(
        subject=subject.removeprefix(_UNIT),
        is_unit=subject.startswith(_UNIT),
        checklist=form.checklist.data,
        planned_on=form.planned_on.data or a.day,
        departments=departments_in(form.departments.data),
    )


def _forms(found: Inspection) -> dict[str, Form]:
    forms: dict[str, Form] = {
        "results": site_form(checklist_of(found))(formdata=None, data=_known(found)),
        "finding": FindingForm(formdata=None),
        "finish": FinishForm(formdata=None),
        "waive": WaiveForm(formdata=None),
    }
    offer_choices(forms["finding"], found)
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return forms


def _known(found: Inspection) -> dict[str, str]:
    return {f"item_{key}": result for key, result in found.results.items()}


def _plan_page(tried: dict[str, Form]) -> str:
    with look() as here:
        years = inspection_years(here.session) or [here.day.year]
        asked = request.args.get("year", "")
        year = int(asked) if asked in map(str, years) else years[0]
        forms: dict[str, Form] = {
            "plan": PlanForm(formdata=None, prefix="plan"),
            "draw": DrawForm(formdata=None, prefix="draw"),
        } | tried
        offer_choices(forms["plan"], None, _subjects(here))
        return render_template(
            "regulator/inspections.html",
            rows=_rows(here, year),
            told=inspection_year(here.session, year, here.day),
            years=years,
            forms=forms,
            form=next(iter(tried.values()), None),
            may_act=here.actor.may(Permission.HANDLE_CASE),
            as_of=here.day,
        )


def _rows(here: Act, year: int) -> list[tuple[Inspection, str]]:
    found = (
        select(Inspection, Institution.name, Unit.name, Institution.area_code, Unit.area_code)
        .outerjoin(Institution, Institution.id == Inspection.institution_id)
        .outerjoin(Unit, Unit.id == Inspection.unit_id)
        .where(Inspection.year == year)
        .order_by(Inspection.planned_on, Inspection.id)
    )
    if (area := here.actor.area_code) is not None:
        found = found.where(or_(Institution.area_code == area, Unit.area_code == area))
    rows = [(row[0], row[1] or row[2]) for row in here.session.execute(found)]
    return sorted(rows, key=lambda row: not _is_late(row[0], here.day))


def _is_late(inspection: Inspection, day: date) -> bool:
    return inspection.state == "planned" and inspection.planned_on < day


def _subjects(here: Act) -> Sequence[tuple[str, str]]:
    both = ((Institution, ""), (Unit, _UNIT))
    return [
        (f"{mark}{code}", f"{code} {name}")
        for kind, mark in both
        for code, name in here.session.execute(select(kind.code, kind.name).order_by(kind.code))
    ]


def _inspection(here: Act, number: str) -> Inspection:
    found = here.session.scalar(select(Inspection).where(Inspection.number == number))
    if found is None:
        raise NotFound("inspection.unknown", number=number)
    subject = _subject(here, found)
    if here.actor.area_code is not None and subject.area_code != here.actor.area_code:
        raise NotFound("inspection.unknown", number=number)
    return found


def _subject(here: Act, found: Inspection) -> Institution | Unit:
    if found.institution_id is not None:
        return here.session.get_one(Institution, found.institution_id)
    return here.session.get_one(Unit, found.unit_id)


def _page(number: str, tried: dict[str, Form]) -> str:
    with look() as here:
        found = _inspection(here, number)
        subject = _subject(here, found)
        findings = select(Finding).where(Finding.inspection_id == found.id).order_by(Finding.id)
        prefix = "" if found.institution_id else _UNIT
        return render_template(
            "regulator/inspection.html",
            inspection=found,
            subject=subject,
            subject_key=f"{prefix}{subject.code}",
            checklist=checklist_of(found),
            findings=here.session.scalars(findings).all(),
            forms=_forms(found) | tried,
            form=next(iter(tried.values()), None),
            may_act=here.actor.may(Permission.HANDLE_CASE) and found.state == "planned",
            may_open=here.actor.may(Permission.HANDLE_CASE),
            as_of=here.day,
        )
