"""The file of a case at the desk: what it is, which clocks run, the one next act, the others."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from portal.casework.signals import look_alikes
from portal.casework.supervision.cases import find_case, last_event
from portal.domain.case_checks import possible_acts
from portal.domain.case_clocks import running
from portal.domain.case_next import awaited, next_act
from portal.domain.cases import OF_THE_PARTY, CaseAct, Hindrance, last_limit, publication_limits
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.rules.workdays import add_months
from portal.store.cases import CaseEvent, CaseFile, points_of
from portal.store.institutions import Institution, Unit
from portal.store.papers import papers_of
from portal.web.boundary import Act, act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.party_forms import Reach, stand_on
from portal.web.regulator.supervision.case_acts import PERFORM
from portal.web.regulator.supervision.case_forms import (
    FORMS,
    answer_form,
    evidence_form,
    severity_choices,
)
from portal.web.regulator.supervision.case_sources import source_of
from portal.web.regulator.supervision.cases import standing

_MONTHS = 12
Acts = dict[CaseAct, Hindrance | None]


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
    table = Institution if found.institution_id else Unit
    return render_template(
        "regulator/case.html",
        case=found,
        subject=here.session.get_one(table, found.institution_id or found.unit_id),
        ground=here.rules.ground(found.ground),
        source=source_of(here, found),
        events=here.session.scalars(events).all(),
        limits=publication_limits(found, here.rules) if found.decided_on else None,
        stands=standing(found, here.day),
        kept_until=_kept_until(here, found),
        clocks=running(found, here.day),
        related=look_alikes(here.session, found.institution_id),
        points=points_of(here.session, [found.id]).get(found.id, []),
        papers=papers_of(here.session, f"case:{found.number}"),
        as_of=here.day,
        form=next(iter(tried.values()), None),
        may_act=here.actor.may(Permission.HANDLE_CASE),
        **_ways(here, found, tried),
    )


def _kept_until(here: Act, found: CaseFile) -> date | None:
    """Return until when the trail of a case that is over is kept; None: nobody has decided that."""
    years = here.rules.retention.trail_years
    if years is None:
        return None
    over = last_event(here.session, found).on if found.state == "closed" else last_limit(found)
    return add_months(over, years * _MONTHS)


def _ways(here: Act, found: CaseFile, tried: dict[CaseAct, Form]) -> dict[str, Any]:
    """Return the next act, what else may be done, what cannot be yet, each with its form."""
    acts = possible_acts(found, here.actor, here.day, here.rules)
    acts = {name: why for name, why in acts.items() if name in FORMS}
    due = next(iter(tried), None) or next_act(found, acts)
    ready = [name for name in acts if name != due and acts[name] is None]
    return {
        "due": due,
        "waits": None if due else awaited(acts),
        "ours": [name for name in ready if name not in OF_THE_PARTY],
        "theirs": [name for name in ready if name in OF_THE_PARTY],
        "barred": {name: why for name, why in acts.items() if why and name != due},
        "forms": {name: tried.get(name) or _form(here, name, found) for name in {*acts, *tried}},
    }


def _form(here: Act, name: CaseAct, found: CaseFile) -> Form:
    tried = request.method == "POST" and (request.view_args or {}).get("name") == name
    form = _kind(here, name, found)(
        CombinedMultiDict([request.files, request.form]) if tried else None
    )
    for field in form:
        field.id = f"{name}-{field.name}"
    if "severity" in form:
        form["severity"].choices = severity_choices(here.rules)
    if not tried:
        form.process(**_known(here, name, found))
        form.revision.data = found.revision
    return form


def _kind(here: Act, name: CaseAct, found: CaseFile) -> type[Form]:
    """Return the form of an act; two of them ask by what the case holds."""
    if name is CaseAct.EVIDENCE:
        ground = here.rules.ground(found.ground)
        return evidence_form(ground.evidence if ground else ())
    if name is CaseAct.ANSWER:
        points = points_of(here.session, [found.id]).get(found.id, [])
        return answer_form(point.number for point in points)
    return FORMS[name]


def _known(here: Act, name: CaseAct, found: CaseFile) -> dict[str, object]:
    """Return what a form shows before anything is typed."""
    known: dict[str, object] = {"revision": found.revision, "severity": found.severity}
    known |= {f"evidence_{kind}": words for kind, words in found.evidence.items()}
    if name is CaseAct.PROPOSE:
        known["until_on"] = publication_limits(found, here.rules)[1]
    if name is CaseAct.AMEND:
        known["facts"] = found.facts
    return known
