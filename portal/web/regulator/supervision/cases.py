"""Cases at the regulator's desk: the list, opening one, and the file with its acts."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from portal.casework.supervision.cases import Opening, open_case
from portal.domain.case_clocks import Running, running
from portal.domain.cases import CaseSource, CaseState, last_limit
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.store.cases import CaseFile
from portal.store.institutions import Institution, Unit
from portal.web.boundary import Act, act, look
from portal.web.guard import allowed
from portal.web.language import gettext
from portal.web.party_forms import stand_on
from portal.web.regulator.supervision.case_forms import OpenForm, labelled, severity_choices
from portal.web.regulator.supervision.case_sources import source_asked
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
        stands = {row[0].id: standing(row[0], here.day) for row in rows}
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


def standing(case: CaseFile, day: date) -> str:
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
        body = render_template("regulator/case_new.html", form=form, source=source_asked(here))
        return (body, 422) if form.errors else body


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
        return open_case(stand_on(here), opening).number
    except RuleBroken as error:
        form.blame(error)
    return None


def _opening_form(here: Act) -> OpenForm:
    source = request.args.get("source", "")
    known = source_asked(here)
    form = OpenForm(
        subject=request.args.get("subject", ""),
        source=source if source in set(CaseSource) else CaseSource.HAND.value,
        source_ref=request.args.get("ref", ""),
        facts=known.facts if known else "",
    )
    form.subject.choices = _subjects(here)
    form.trade.choices = [SelectChoice("", gettext("不限工种")), *_trades(here)]
    grounds = labelled("ground", [ground.key for ground in here.rules.grounds])
    form.ground.choices = [SelectChoice("", gettext("请选择")), *grounds]
    form.severity.choices = severity_choices(here.rules)
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
