"""Cases at the regulator's desk: the list, opening one, and the file with its acts."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from portal.casework.signals import look_alikes
from portal.casework.supervision.cases import Opening, find_case, open_case
from portal.casework.supervision.inspections import link_case
from portal.domain.case_checks import possible_acts
from portal.domain.case_clocks import Running, running
from portal.domain.cases import (
    OF_THE_PARTY,
    CaseAct,
    CaseSource,
    CaseState,
    last_limit,
    publication_limits,
)
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.store.cases import CaseEvent, CaseFile
from portal.store.inspections import Finding
from portal.store.institutions import Institution, Unit
from portal.store.papers import papers_of
from portal.web.boundary import Act, act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.language import gettext
from portal.web.party_forms import Reach, stand_on
from portal.web.regulator.supervision.case_acts import PERFORM
from portal.web.regulator.supervision.case_forms import FORMS, OpenForm, form_of, labelled
from portal.web.shape import named

_UNIT = "unit:"


@allowed(Permission.SEE_CASES)
def index() -> str:
    """Show the cases, those that wait longest first."""
    with look() as here:
        query = (
            select(CaseFile, Institution.name, Unit.name)
            .outerjoin(Institution, Institution.id == CaseFile.institution_id)
            .outerjoin(Unit, Unit.id == CaseFile.unit_id)
            .order_by(CaseFile.opened_at)
        )
        rows = [(row[0], row[1], row[2]) for row in here.session.execute(query)]
        stands = {row[0].id: _stands(row[0], here.day) for row in rows}
        clocks = {row[0].id: running(row[0], here.day) for row in rows}
        return render_template(
            "regulator/cases.html",
            **{
                group: _nearest_first([row for row in rows if stands[row[0].id] == group], clocks)
                for group in ("working", "public", "over", "closed")
            },
            clocks=clocks,
            as_of=here.day,
            may_act=here.actor.may(Permission.HANDLE_CASE),
        )


Row = tuple[CaseFile, str | None, str | None]


def _nearest_first(rows: list[Row], clocks: dict[int, tuple[Running, ...]]) -> list[Row]:
    """Return the cases whose next day comes first, first; those without a clock last."""
    return sorted(
        rows, key=lambda row: min((c.due_on for c in clocks[row[0].id]), default=date.max)
    )


def _stands(case: CaseFile, day: date) -> str:
    """Return which list a case stands in: being worked on, public, off the list, or closed."""
    if case.state == CaseState.PUBLISHED:
        return "over" if day >= last_limit(case) else "public"
    return "closed" if case.state == CaseState.CLOSED else "working"


@allowed(Permission.HANDLE_CASE)
def new() -> str | tuple[str, int] | Response:
    """Open a case: the facts first."""
    with act() as here:
        form = _opening_form(here)
        if form.validate_on_submit() and (number := _opened(here, form)):
            return redirect(url_for(".case", number=number), 303)
        body = render_template("regulator/case_new.html", form=form)
        return (body, 422) if form.errors else body


@allowed(Permission.SEE_CASES)
def case(number: str) -> str:
    """Show the file of a case with what may be done next, and from when."""
    with look() as here:
        return _file(here, number, {})


@allowed(Permission.HANDLE_CASE)
def do(number: str, name: str) -> tuple[str, int] | Response:
    """Do one act to a case."""
    known = next((a for a in FORMS if a == name), None)
    if known is None:
        raise NoSuchPage
    with act() as here:
        form = _form(here, known, find_case(here.session, number, here.actor))
        if form.validate_on_submit() and _done(here, known, number, form):
            return redirect(url_for(".case", number=number), 303)
        return _file(here, number, {known: form}), 422


def _opened(here: Act, form: OpenForm) -> str | None:
    subject: str = form.subject.data
    opening = Opening(
        subject=subject.removeprefix(_UNIT),
        is_unit=subject.startswith(_UNIT),
        ground=form.ground.data,
        severity=form.severity.data,
        facts=form.facts.data,
        trade=form.trade.data or None,
        source=CaseSource(form.source.data),
        source_ref=form.source_ref.data or None,
    )
    try:
        number = open_case(stand_on(here), opening).number
    except RuleBroken as error:
        form.blame(error)
        return None
    if finding := request.args.get("finding", type=int):
        link_case(stand_on(here), finding, number)
    return number


def _done(here: Act, name: CaseAct, number: str, form: Form) -> bool:
    try:
        PERFORM[name](stand_on(here), Reach(number, form.revision.data or 0), form)
    except RuleBroken as error:
        form.blame(error)
        return False
    return True


def _file(here: Act, number: str, tried: dict[CaseAct, Form]) -> str:
    found = find_case(here.session, number, here.actor)
    events = select(CaseEvent).where(CaseEvent.case_id == found.id).order_by(CaseEvent.id.desc())
    acts = possible_acts(found, here.actor, here.day, here.rules)
    forms = {name: tried.get(name) or _form(here, name, found) for name in acts if name in FORMS}
    table = Institution if found.institution_id else Unit
    return render_template(
        "regulator/case.html",
        case=found,
        subject=here.session.get_one(table, found.institution_id or found.unit_id),
        ground=here.rules.ground(found.ground),
        events=here.session.scalars(events).all(),
        acts={name: why for name, why in acts.items() if name in forms},
        forms=forms,
        limits=publication_limits(found, here.rules) if found.decided_on else None,
        stands=_stands(found, here.day),
        clocks=running(found, here.day),
        related=look_alikes(here.session, found.institution_id),
        party_acts=OF_THE_PARTY,
        papers=papers_of(here.session, f"case:{found.number}"),
        as_of=here.day,
        form=next(iter(tried.values()), None),
        may_act=here.actor.may(Permission.HANDLE_CASE),
    )


def _form(here: Act, name: CaseAct, found: CaseFile) -> Form:
    tried = request.method == "POST" and (request.view_args or {}).get("name") == name
    ground = here.rules.ground(found.ground)
    form = form_of(name, ground.evidence if ground else ())(
        CombinedMultiDict([request.files, request.form]) if tried else None
    )
    for field in form:
        field.id = f"{name}-{field.name}"
    if "severity" in form:
        form["severity"].choices = _severities(here)
    if not tried:
        form.process(**_known(here, name, found))
        form.revision.data = found.revision
    return form


def _known(here: Act, name: CaseAct, found: CaseFile) -> dict[str, object]:
    """Return what a form shows before anything is typed."""
    known: dict[str, object] = {"revision": found.revision, "severity": found.severity}
    known |= {f"evidence_{kind}": words for kind, words in found.evidence.items()}
    if name is CaseAct.PROPOSE:
        known["until_on"] = publication_limits(found, here.rules)[1]
    if name is CaseAct.AMEND:
        known["facts"] = found.facts
    return known


def _opening_form(here: Act) -> OpenForm:
    source = request.args.get("source", "")
    form = OpenForm(
        subject=request.args.get("subject", ""),
        source=source if source in set(CaseSource) else CaseSource.HAND.value,
        source_ref=request.args.get("ref", ""),
        facts=_found(here),
    )
    form.subject.choices = _subjects(here)
    form.trade.choices = [SelectChoice("", gettext("不限工种")), *_trades(here)]
    grounds = labelled("ground", [ground.key for ground in here.rules.grounds])
    form.ground.choices = [SelectChoice("", gettext("请选择")), *grounds]
    form.severity.choices = _severities(here)
    return form


def _found(here: Act) -> str:
    """Return the words of the inspection's finding that a case is opened from, if one is."""
    number = request.args.get("finding", type=int)
    finding = here.session.get(Finding, number) if number else None
    return finding.words if finding else ""


def _subjects(here: Act) -> list[SelectChoice]:
    institutions = select(Institution.code, Institution.name).order_by(Institution.code)
    units = select(Unit.code, Unit.name).order_by(Unit.code)
    found = [
        SelectChoice(f"{mark}{code}", f"{code} {name}")
        for mark, query in (("", institutions), (_UNIT, units))
        for code, name in here.session.execute(query)
    ]
    return [SelectChoice("", gettext("请选择")), *found]


def _trades(here: Act) -> list[SelectChoice]:
    known = [here.office.trade(slug) for slug in here.office.trades]
    return [SelectChoice(trade.slug, named(trade)) for trade in known if trade is not None]


def _severities(here: Act) -> list[SelectChoice]:
    return labelled("severity", [period.severity for period in here.rules.cases.periods])
