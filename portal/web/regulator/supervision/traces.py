"""Accidents traced back at the desk: the chain link by link, and its result by two persons."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.exceptions import NotFound as NoSuchPage
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField

from portal.casework.supervision.sources import cases_from
from portal.casework.supervision.traces import (
    OUTCOMES,
    STEPS,
    Link,
    Result,
    links_of,
    open_trace,
    propose_result,
    publish_result,
    send_back_result,
    set_link,
    sittings_of,
)
from portal.casework.supervision.whose_name import institutions_like, units_like
from portal.domain.cases import CaseSource
from portal.domain.errors import NotFound
from portal.domain.keyed import keyed
from portal.domain.people import Permission
from portal.intake.files.refusals import Fault
from portal.intake.kinds.persons import identity
from portal.rules.words import label, say
from portal.store.institutions import Institution, Unit
from portal.store.traces import Trace, TraceLink
from portal.web.boundary import Act, look, wiring
from portal.web.forms import DayField, Form, at_most, needed
from portal.web.guard import allowed
from portal.web.language import language, lazy
from portal.web.party_forms import stand_on
from portal.web.regulator.supervision.inspection_forms import AS_TEXT

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_LONG, _SHORT = 5000, 100


class OpenForm(Form):
    """What happened, when, and at which employer."""

    happened_on = DayField(lazy("事故日期"), [needed("case.field_empty")], render_kw=AS_TEXT)
    unit = StringField(lazy("用人单位（编号或者名称）"), [at_most(_SHORT, "letter.long")])
    which = RadioField(lazy("是哪一家"), validate_choice=False)
    words = TextAreaField(lazy("事故经过（内部）"), [at_most(_LONG, "letter.long")])


class LinkForm(Form):
    """What was found at one step of the chain."""

    step = SelectField(lazy("环节"), validate_choice=False)
    outcome = SelectField(lazy("查证结果"), validate_choice=False)
    words = TextAreaField(lazy("查到了什么"), [at_most(_LONG, "letter.long")])
    evidence = TextAreaField(lazy("证据"), [at_most(_LONG, "letter.long")])
    institution = StringField(
        lazy("涉及的培训机构（编号或者名称）"), [at_most(_SHORT, "letter.long")]
    )
    which = RadioField(lazy("是哪一家"), validate_choice=False)


class ProposeForm(Form):
    """What the public will read."""

    decision_no = StringField(lazy("决定文号"), [at_most(_SHORT, "letter.long")])
    words = TextAreaField(
        lazy("公开的结果（不写姓名和单位、机构名称）"), [at_most(_LONG, "letter.long")]
    )
    until_on = DayField(
        lazy("撤下日期（当天零时起不再公示）"),
        [needed("case.field_empty")],
        description=lazy("例如 2026-03-05"),
        render_kw=AS_TEXT,
    )


class PublishForm(Form):
    """Nothing to fill in: the second person only confirms."""


class SendBackForm(Form):
    """Why the result is sent back."""

    reasons = TextAreaField(lazy("理由"), [at_most(_LONG, "letter.long")])


class PersonForm(Form):
    """An identity number: it is looked up by its keyed hash and kept nowhere."""

    number = StringField(
        lazy("证件号"), [needed("case.field_empty"), at_most(_SHORT, "letter.long")]
    )


_OPEN: dict[str, type[Form]] = {"link": LinkForm, "propose": ProposeForm}
_PROPOSED: dict[str, type[Form]] = {"publish": PublishForm, "send_back": SendBackForm}


@allowed(Permission.SEE_CASES)
def index() -> str:
    """Show the traces."""
    return _list(OpenForm(formdata=None))


@allowed(Permission.HANDLE_CASE)
def begin() -> ResponseReturnValue:
    """Begin to trace an accident back."""
    form = OpenForm()
    opened = form.attempt(lambda a: _opened(a, form))
    if opened is None:
        return _list(form), form.status
    return redirect(url_for(".trace", number=opened.number), HTTPStatus.SEE_OTHER)


@allowed(Permission.SEE_CASES)
def one(number: str) -> str:
    """Show one trace with its chain."""
    return _page(number, {})


@allowed(Permission.HANDLE_CASE)
def sittings(number: str) -> ResponseReturnValue:
    """Look a worker's sittings up by the identity number, which is kept nowhere."""
    form = PersonForm()
    if not form.validate():
        return _page(number, {"sittings": form}), form.status
    read = identity(form.number.data or "")
    if isinstance(read, Fault):
        form.number.errors = [say(read.rule, language(), **read.facts)]
        return _page(number, {"sittings": form}), form.status
    hashed = keyed(wiring().settings.person_key or "", "person")(read)
    with look() as here:
        found = sittings_of(here.session, hashed)
        return _page(number, {}, found)


@allowed(Permission.HANDLE_CASE)
def do(number: str, name: str) -> ResponseReturnValue:
    """Follow a link, propose the result, publish it or send it back."""
    kind = (_OPEN | _PROPOSED).get(name)
    if kind is None:
        raise NoSuchPage
    form = kind()
    _offer(form)
    if form.attempt(lambda a: _perform(a, number, form)) is None:
        return _page(number, {name: form}), form.status
    return redirect(url_for(".trace", number=number), HTTPStatus.SEE_OTHER)


def _list(form: OpenForm) -> str:
    with look() as here:
        form.which.choices = _choices(units_like(here.session, form.unit.data or ""), form.unit)
        newest = select(Trace).order_by(Trace.id.desc())
        return render_template(
            "regulator/traces.html",
            form=form,
            traces=here.session.scalars(newest).all(),
            may_act=here.actor.may(Permission.HANDLE_CASE),
        )


def _opened(a: Act, form: OpenForm) -> Trace:
    return open_trace(
        stand_on(a),
        happened_on=form.happened_on.data or a.day,
        words=form.words.data or "",
        unit=form.which.data or (form.unit.data or "").strip(),
    )


def _perform(a: Act, number: str, form: Form) -> Trace | TraceLink:
    stand = stand_on(a)
    if isinstance(form, LinkForm):
        told = {n: (form[n].data or "").strip() for n in ("step", "outcome", "words", "evidence")}
        whose = form.which.data or (form.institution.data or "").strip()
        return set_link(stand, number, Link(**told, institution=whose))
    if isinstance(form, ProposeForm):
        result = Result(
            decision_no=form.decision_no.data or "",
            words=form.words.data or "",
            until_on=form.until_on.data or a.day,
        )
        return propose_result(stand, number, result)
    if isinstance(form, SendBackForm):
        return send_back_result(stand, number, reasons=form.reasons.data or "")
    return publish_result(stand, number)


def _offer(form: Form) -> None:
    if isinstance(form, LinkForm):
        tongue = language()
        form.step.choices = [SelectChoice(s, label(f"trace_step.{s}", tongue)) for s in STEPS]
        form.outcome.choices = [
            SelectChoice(o, label(f"trace_outcome.{o}", tongue)) for o in OUTCOMES
        ]


def _choices(
    alike: Sequence[Institution] | Sequence[Unit], typed: StringField
) -> list[SelectChoice]:
    """Return whom a name that was not taken may mean; nothing where nothing is in question."""
    if not typed.errors:
        return []
    return [SelectChoice(one.code, f"{one.code} {one.name}") for one in alike]


def _forms(
    here: Act, trace: Trace, tried: dict[str, Form], open_steps: Sequence[str]
) -> dict[str, Form]:
    """Return the forms that the trace's state knows; the link's asks for the next step first."""
    acts = {"open": _OPEN, "proposed": _PROPOSED}.get(trace.state, {})
    forms = {name: tried.get(name) or kind(formdata=None) for name, kind in acts.items()}
    forms["sittings"] = tried.get("sittings") or PersonForm(formdata=None)
    for name, form in forms.items():
        _offer(form)
        if isinstance(form, LinkForm):
            alike = institutions_like(here.session, form.institution.data or "")
            form.which.choices = _choices(alike, form.institution)
            form.step.data = form.step.data or next(iter(open_steps), STEPS[0])
        for field in form:
            field.id = f"{name}-{field.name}"
    return forms


def _page(number: str, tried: dict[str, Form], found: object = None) -> str:
    with look() as here:
        trace = here.session.scalar(select(Trace).where(Trace.number == number))
        if trace is None:
            raise NotFound("trace.unknown", number=number)
        links = {link.step: link for link in links_of(here.session, trace)}
        open_steps = [step for step in STEPS if step not in links]
        return render_template(
            "regulator/trace.html",
            trace=trace,
            unit=here.session.get(Unit, trace.unit_id) if trace.unit_id else None,
            links=links,
            open_steps=open_steps,
            institutions={row.id: row for row in here.session.scalars(select(Institution))},
            steps=STEPS,
            cases=cases_from(here.session, CaseSource.ACCIDENT, [trace.number]).get(trace.number),
            forms=_forms(here, trace, tried, open_steps),
            form=next(iter(tried.values()), None),
            sittings=found,
            may_act=here.actor.may(Permission.HANDLE_CASE),
        )
