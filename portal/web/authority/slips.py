"""Slips of the survey at the exam authority: printed for a sitting, counted, voided, replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING

import segno
from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import StopValidation

from portal.casework.survey.survey_sitters import Sitters, sitters
from portal.casework.survey.survey_slips import (
    VOID_REASONS,
    Now,
    Printed,
    group_of,
    print_slips,
    replace_slip,
    slips_by_state,
    void_slips,
)
from portal.domain.errors import NotFound, RuleBroken
from portal.domain.people import Permission
from portal.rules.words import label, say
from portal.store.institutions import Institution
from portal.web.addresses import site_root
from portal.web.boundary import Act, act, look, wiring
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.language import language, lazy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from wtforms import Field

    from portal.store.surveys import SlipGroup

_AHEAD = timedelta(days=60)
_NUMBERS = re.compile(r"[\d\s,，、;；\-–~～]+")
_MOST_NUMBERS = 2_000
_LARGEST_NUMBER = 100_000


class PrintForm(Form):
    """A sitting whose slips are to be printed; with a group, those of that group anew."""

    on = HiddenField()
    site = HiddenField()
    group = HiddenField()


def _number(_form: Form, field: Field) -> None:
    if not isinstance(field.data, int) or not 1 <= field.data <= _LARGEST_NUMBER:
        raise StopValidation(say("survey.number", language()))


def _numbers(_form: Form, field: Field) -> None:
    if not numbers_in(field.data or ""):
        raise StopValidation(say("survey.numbers", language()))


def _reason(_form: Form, field: Field) -> None:
    if field.data not in VOID_REASONS:
        raise StopValidation(say("survey.void_reason", language()))


class VoidForm(Form):
    """Slips left over or damaged."""

    numbers = StringField(lazy("作废的号码"), [_numbers])
    reason = RadioField(lazy("为什么作废？"), [_reason], validate_choice=False)

    def offer(self) -> None:
        """Name the reasons."""
        self.reason.choices = [
            (reason, label(f"slip_void.{reason}", language())) for reason in VOID_REASONS
        ]


class ReplaceForm(Form):
    """A lost slip and the spare handed out for it."""

    lost = IntegerField(lazy("丢失的号码"), [_number])
    spare = IntegerField(lazy("换给的备用号码"), [_number])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One day at one site, and who sits there."""

    on: date
    site: str
    groups: list[Sitters]

    @property
    def candidates(self) -> int:
        """Return how many sit there for an institution."""
        return sum(one.candidates for one in self.groups)

    @property
    def unprinted(self) -> int:
        """Return how many groups have no slips yet."""
        return sum(one.group is None for one in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheaf:
    """Slips of one group, as the page to print shows them."""

    who: Sitters
    group: SlipGroup
    slips: list[tuple[Printed, Markup]]


def numbers_in(text: str) -> list[int]:
    """Return the numbers that a text names, as 3, 7, 12-15; empty if it names none clearly."""
    if not _NUMBERS.fullmatch(text):
        return []
    found: list[int] = []
    for part in re.split(r"[\s,，、;；]+", re.sub(r"\s*[\-–~～]\s*", "-", text.strip())):
        first, _, last = part.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            return []
        if not 0 <= int(last or first) - int(first) < _MOST_NUMBERS:
            return []
        found += range(int(first), int(last or first) + 1)
    return sorted(set(found)) if len(found) <= _MOST_NUMBERS else []


@allowed(Permission.HAND_OUT_SLIPS)
def index() -> str:
    """Show the sittings whose slips can be printed, and what became of those printed."""
    with look() as a:
        return render_template("authority/slips.html", sittings=sittings(a), form=PrintForm())


def sittings(a: Act) -> list[Sitting]:
    """Return the sittings for which slips can be printed, the latest first."""
    groups = groupby(_open_sitters(a), lambda one: (one.sitting_on, one.site))
    return [Sitting(on=on, site=site, groups=[*some]) for (on, site), some in groups]


def _open_sitters(a: Act) -> list[Sitters]:
    since = a.day - timedelta(days=a.rules.survey.window_days)
    return sitters(a.session, since, a.day + _AHEAD)


@allowed(Permission.HAND_OUT_SLIPS)
def print_page() -> ResponseReturnValue:
    """Make slips and show them, once, to be printed."""
    form = PrintForm()
    if not form.validate():
        raise NotFound("survey.no_sitting")
    with act() as a:
        wanted = [one for one in _open_sitters(a) if _is_meant(form, one)]
        if not wanted:
            raise NotFound("survey.no_sitting")
        now = Now(at=a.at, day=a.day, person_key=wiring().settings.person_key)
        sheaves = [_sheaf(a, one, now) for one in wanted]
        return render_template("authority/slips_print.html", sheaves=sheaves, address=_address(""))


def _is_meant(form: PrintForm, one: Sitters) -> bool:
    if form.group.data:
        return one.group is not None and str(one.group.id) == form.group.data
    here = (one.sitting_on.isoformat(), one.site) == (form.on.data, form.site.data or "")
    return here and one.group is None


def _sheaf(a: Act, who: Sitters, now: Now) -> Sheaf:
    group, made = print_slips(a.session, a.actor, who, now=now, rules=a.rules.survey)
    return Sheaf(who=who, group=group, slips=[(slip, _qr(slip)) for slip in made])


def _qr(slip: Printed) -> Markup:
    code = segno.make_qr(_address(slip.written), error="m")
    return Markup(code.svg_inline(scale=3, border=2))  # noqa: S704  # drawn by us


def _address(code: str) -> str:
    """Return the address of the survey for paper; by the request's own host where none is named."""
    root = site_root() or request.host_url.rstrip("/")
    return f"{root}/survey/{code}" if code else f"{root}/survey"


@allowed(Permission.HAND_OUT_SLIPS)
def group(number: int) -> str:
    """Show what became of the slips of a group."""
    return _group_page(number, VoidForm(formdata=None), ReplaceForm(formdata=None))


def _group_page(number: int, void: VoidForm, replace: ReplaceForm) -> str:
    void.offer()
    with look() as a:
        found = group_of(a.session, number)
        place = a.session.get_one(Institution, found.institution_id)
        return render_template(
            "authority/slips_group.html",
            form=void if void.errors else replace,
            void=void,
            replace=replace,
            again=PrintForm(formdata=None, data={"group": str(found.id)}),
            group=found,
            place=place,
            states=slips_by_state(a.session, number),
            is_open=a.day <= found.closes_on,
        )


@allowed(Permission.HAND_OUT_SLIPS)
def void(number: int) -> ResponseReturnValue:
    """Void slips that were left over or damaged."""
    form = VoidForm()
    form.offer()
    done = form.attempt(
        lambda a: _voided(a, number, numbers_in(form.numbers.data or ""), form.reason.data)
    )
    if done is None:
        return _group_page(number, form, ReplaceForm(formdata=None)), form.status
    return redirect(url_for("authority.slip_group", number=number, done=1), HTTPStatus.SEE_OTHER)


def _voided(a: Act, number: int, numbers: list[int], reason: str) -> bool:
    void_slips(a.session, a.actor, number, numbers, reason, a.at)
    return True


@allowed(Permission.HAND_OUT_SLIPS)
def replace(number: int) -> ResponseReturnValue:
    """Void a lost slip and let a spare take its place."""
    form = ReplaceForm()
    done = form.attempt(lambda a: _replaced(a, number, form))
    if done is None:
        return _group_page(number, VoidForm(formdata=None), form), form.status
    return redirect(url_for("authority.slip_group", number=number, done=1), HTTPStatus.SEE_OTHER)


def _replaced(a: Act, number: int, form: ReplaceForm) -> bool:
    if form.lost.data is None or form.spare.data is None:
        raise RuleBroken("survey.number")
    replace_slip(a.session, a.actor, number, form.lost.data, form.spare.data, a.at)
    return True
