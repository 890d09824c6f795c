"""Cases at the regulator's desk: the list, opening one, and the file with its acts."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from portal.casework.cases import Opening, Stand, find_case, open_case
from portal.domain.cases import CaseAct, CaseState, last_limit, possible_acts, publication_limits
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.store.cases import CaseEvent, CaseFile
from portal.store.institutions import Institution, Unit
from portal.web.boundary import Act, act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.language import gettext
from portal.web.regulator.case_acts import PERFORM, Reach
from portal.web.regulator.case_forms import FORMS, OpenForm, labelled
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
        rows = here.session.execute(query).all()
        stands = {row[0].id: _stands(row[0], here.day) for row in rows}
        return render_template(
            "regulator/cases.html",
            **{
                group: [row for row in rows if stands[row[0].id] == group]
                for group in ("working", "public", "over", "closed")
            },
            may_act=here.actor.may(Permission.HANDLE_CASE),
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
    )
    try:
        return open_case(_stand(here), opening).number
    except RuleBroken as error:
        form.blame(error)
        return None


def _done(here: Act, name: CaseAct, number: str, form: Form) -> bool:
    try:
        PERFORM[name](_stand(here), Reach(number, form.revision.data or 0), form)
    except RuleBroken as error:
        form.blame(error)
        return False
    return True


def _stand(here: Act) -> Stand:
    return Stand(session=here.session, actor=here.actor, at=here.at, day=here.day, rules=here.rules)


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
        form=next(iter(tried.values()), None),
        may_act=here.actor.may(Permission.HANDLE_CASE),
    )


def _form(here: Act, name: CaseAct, found: CaseFile) -> Form:
    tried = request.method == "POST" and (request.view_args or {}).get("name") == name
    form = FORMS[name](request.form if tried else None)
    for field in form:
        field.id = f"{name}-{field.name}"
    if "severity" in form:
        form["severity"].choices = _severities(here)
    if not tried:
        form.process(revision=found.revision, severity=found.severity)
        form.revision.data = found.revision
    return form


def _opening_form(here: Act) -> OpenForm:
    form = OpenForm(subject=request.args.get("subject", ""))
    form.subject.choices = _subjects(here)
    form.trade.choices = [SelectChoice("", gettext("不限工种")), *_trades(here)]
    grounds = labelled("ground", [ground.key for ground in here.rules.grounds])
    form.ground.choices = [SelectChoice("", gettext("请选择")), *grounds]
    form.severity.choices = _severities(here)
    return form


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
