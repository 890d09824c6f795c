"""Cases at the institution's desk: served notices, days left, and the statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from portal.casework.supervision.case_aftermath import agree_to_desk_service, end_desk_service
from portal.casework.supervision.cases import find_case
from portal.casework.supervision.papers import readable_paper
from portal.domain.case_checks import possible_acts
from portal.domain.case_clocks import running
from portal.domain.cases import CaseAct, CaseState, is_public
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.store.cases import CaseEvent, CaseFile, consent_on, points_of
from portal.store.papers import papers_of
from portal.web.boundary import Act, act, look
from portal.web.guard import allowed
from portal.web.kept_files import file_answer
from portal.web.party_forms import PARTY_ACTS, PARTY_FORMS, ActForm, Reach, stand_on

TOLD_TO_THE_PARTY = frozenset(
    {"serve", "reply", "ask_hearing", "call_hearing", "hold_hearing", "answer", "decide"}
    | {"publish", "rectify", "confirm", "fail", "dispute", "settle", "ask_repair", "keep"}
    | {"confirm_amend", "end", "quash"}
)
"""The acts whose words the institution reads too; what is only proposed stays inside."""


@allowed(Permission.ANSWER_CASE)
def index() -> str:
    """Show the notices served on this institution."""
    with look() as here:
        cases = served_on_us(here)
        left = {c.number: days_left(here, c) for c in cases}
        return render_template(
            "institution/cases.html",
            cases=cases,
            left=left,
            consent=consent_on(here.session, here.actor.institution_id, here.day),
        )


@allowed(Permission.ANSWER_CASE)
def case(number: str) -> str:
    """Show one notice, and what the institution may hand in now, or from when."""
    with look() as here:
        return _page(here, find_case(here.session, number, here.actor), {})


@allowed(Permission.ANSWER_CASE)
def do(number: str, name: str) -> tuple[str, int] | Response:
    """Take what the institution hands in."""
    known = next((act_name for act_name in PARTY_FORMS if act_name == name), None)
    if known is None:
        raise NoSuchPage
    with act() as here:
        found = find_case(here.session, number, here.actor)
        form = _form(known, found, CombinedMultiDict([request.files, request.form]))
        if form.validate_on_submit() and _done(here, known, number, form):
            return redirect(url_for(".case", number=number), 303)
        return _page(here, found, {known: form}), 422


@allowed(Permission.ANSWER_CASE)
def paper(number: int) -> Response:
    """Return a file that came with this institution's words."""
    with look() as here:
        return file_answer(readable_paper(stand_on(here), number))


@allowed(Permission.ANSWER_CASE)
def consent() -> Response:
    """Agree to be served at the desk, or end that."""
    with act() as here:
        if consent_on(here.session, here.actor.institution_id, here.day) is None:
            agree_to_desk_service(stand_on(here))
        else:
            end_desk_service(stand_on(here))
    return redirect(url_for(".cases"), 303)


def _done(here: Act, name: CaseAct, number: str, form: ActForm) -> bool:
    try:
        PARTY_ACTS[name](stand_on(here), Reach(number, form.revision.data or 0), form)
    except RuleBroken as error:
        form.blame(error)
        return False
    return True


def _form(name: CaseAct, found: CaseFile, sent: MultiDict[str, Any] | None = None) -> ActForm:
    form = PARTY_FORMS[name](sent)
    for field in form:
        field.id = f"{name}-{field.name}"
    if sent is None:
        form.process(revision=found.revision)
        form.revision.data = found.revision
    return form


def _page(here: Act, found: CaseFile, tried: dict[CaseAct, ActForm]) -> str:
    possible = possible_acts(found, here.actor, here.day, here.rules)
    acts = {name: why for name, why in possible.items() if name in PARTY_FORMS}
    events = select(CaseEvent).where(CaseEvent.case_id == found.id).order_by(CaseEvent.id)
    return render_template(
        "institution/case.html",
        case=found,
        acts=acts,
        forms={name: tried.get(name) or _form(name, found) for name in acts},
        form=next(iter(tried.values()), None),
        ground=here.rules.ground(found.ground),
        points=points_of(here.session, [found.id]).get(found.id, []),
        papers=papers_of(here.session, f"case:{found.number}"),
        events=[e for e in here.session.scalars(events) if e.act in TOLD_TO_THE_PARTY],
        days_left=days_left(here, found),
        clocks=running(found, here.day),
        as_of=here.day,
        public=is_public(found, here.day),
    )


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
