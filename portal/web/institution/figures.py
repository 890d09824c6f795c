"""The institution's own figures before an edition: look, agree, or object with evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_wtf.file import MultipleFileField
from sqlalchemy import select
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.casework.editions.factual_checks import agree as agree_to
from portal.casework.editions.objections import FIGURES, Raised, objections_of, raise_objection
from portal.casework.institutions.offers import own_institution
from portal.casework.supervision.cases import Stand
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.publication.editions.composing import Draft, prepared
from portal.publication.editions.own_figures import OwnTrade, digest_of, own_trades
from portal.publication.editions.shelving import limits_of
from portal.rules.words import label
from portal.store.editions import Edition
from portal.store.factual_checks import FigureCheck
from portal.web.boundary import Act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.language import language, lazy

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

_LONGEST = 3000


class ObjectionForm(Form):
    """What the institution objects to, and what shows it."""

    trade = SelectField(lazy("工种"), [InputRequired(lazy("请选择工种"))], validate_choice=False)
    figure = RadioField(
        lazy("哪项数字"), [InputRequired(lazy("请选择对哪项数字有异议"))], validate_choice=False
    )
    words = TextAreaField(
        lazy("哪里不对，应当是多少"),
        [
            InputRequired(lazy("请写明哪里不对、应当是多少、依据是什么")),
            Length(max=_LONGEST, message=lazy("最多 3,000 字")),
        ],
    )
    files = MultipleFileField(lazy("证明材料"))


class AgreeForm(Form):
    """The one button; nothing is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A draft that the institution is asked to check, with its own figures in it."""

    edition: Edition
    check: FigureCheck
    trades: list[OwnTrade]
    days_left: int

    @property
    def is_open(self) -> bool:
        """Tell whether it may still answer."""
        return self.days_left > 0


@allowed(Permission.CHECK_FIGURES)
def index() -> str:
    """Show the drafts that wait for this institution's check, and what it objected to before."""
    with look() as here:
        return _page(here, AgreeForm())


@allowed(Permission.CHECK_FIGURES)
def agree(number: int) -> tuple[str, int] | Response:
    """Record that the figures are right."""
    form = AgreeForm()
    form.attempt(lambda here: agree_to(stand_of(here), number))
    if form.errors:
        with look() as here:
            return _page(here, form), form.status
    return redirect(url_for(".figures"), 303)


@allowed(Permission.CHECK_FIGURES)
def objection(number: int) -> str | tuple[str, int] | Response:
    """Take an objection with its evidence."""
    with look() as here:
        own = next((one for one in own_checks(here) if one.edition.number == number), None)
        if own is None:
            raise NotFound("check.unknown", number=number)
        form = ObjectionForm()
        offer(form, own.trades)
    if request.method == "POST":
        form.attempt(lambda here: _raise(here, number, form))
        if not form.errors:
            return redirect(url_for(".figures"), 303)
    body = render_template("institution/objection.html", own=own, form=form)
    return (body, form.status) if form.errors else body


def own_checks(here: Act, *, figures: bool = True) -> list[Own]:
    """Return the drafts that this institution is asked to check, the newest first.

    ``figures`` False leaves out what each would publish, which takes time to read.
    """
    institution = own_institution(here.session, here.actor)
    asked = (
        select(Edition, FigureCheck)
        .join(FigureCheck, FigureCheck.edition_id == Edition.id)
        .where(FigureCheck.institution_id == institution.id, Edition.state == "draft")
        .order_by(Edition.number.desc())
    )
    return [
        Own(
            edition=edition,
            check=check,
            trades=_own(edition, institution.code) if figures else [],
            days_left=days_left(here, check),
        )
        for edition, check in here.session.execute(asked)
    ]


def _own(edition: Edition, code: str) -> list[OwnTrade]:
    return own_trades(Draft(edition.draft_members).members, code)


def days_left(here: Act, check: FigureCheck) -> int:
    """Return the working days left to answer, today included; 0 when the last one is over."""
    if here.day > check.closes_on:
        return 0
    calendar = here.rules.calendar
    left = calendar.working_days_between(here.day, check.closes_on)
    return left + int(calendar.is_working_day(here.day))


def offer(form: ObjectionForm, trades: list[OwnTrade]) -> None:
    """Offer the trades and the figures that there are."""
    names = {one.preview.trade.trade: one.preview.trade for one in trades}
    form.trade.choices = [
        SelectChoice(slug, one.name_en if language() == "en" else one.name_zh)
        for slug, one in names.items()
    ]
    form.figure.choices = [SelectChoice(key, label(f"figure.{key}", language())) for key in FIGURES]


def stand_of(here: Act) -> Stand:
    """Return what an act of this request stands on."""
    return Stand(session=here.session, actor=here.actor, at=here.at, day=here.day, rules=here.rules)


def _page(here: Act, form: AgreeForm) -> str:
    institution = own_institution(here.session, here.actor)
    checks = own_checks(here)
    periods = {one.edition.period for one in checks}
    asked = select(Edition.period).distinct()
    known = sorted(set(here.session.scalars(asked)) | periods, reverse=True)
    return render_template(
        "institution/figures.html",
        form=form,
        checks=checks,
        limits=limits_of(here.rules),
        objections=[
            one for period in known for one in objections_of(here.session, period, institution.id)
        ],
        next_on=here.office.calendar.next_edition_on(here.day),
    )


def _raise(here: Act, number: int, form: ObjectionForm) -> None:
    institution = own_institution(here.session, here.actor)
    edition = here.session.scalars(select(Edition).where(Edition.number == number)).one()
    period = Period.parse(edition.period)
    ground = prepared(here.session, period, here.rules, here.office, here.site)
    files = [(one.filename or "", one.read()) for one in form.files.data or () if one]
    raised = Raised(
        trade=form.trade.data,
        figure=form.figure.data,
        words=form.words.data,
        files=files,
        figures_sha256=digest_of(ground.base or ground.inputs, institution.code, form.trade.data),
    )
    raise_objection(stand_of(here), number, raised)
