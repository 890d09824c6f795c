"""What if: other weights, another window, one sitting less; who moves. Nothing is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request
from wtforms import FloatField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.metrics.counts import periods_with_counts
from portal.metrics.inputs import Inputs
from portal.metrics.sittings import Sitting, sittings
from portal.publication.what_if import Wish, compared, inputs_under, rules_under
from portal.rules.rulebook import Rulebook
from portal.web.boundary import Act, look
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.language import lazy
from portal.web.shape import period as in_words

_LONGEST_WINDOW = 8
_MOST_SITTINGS = 120
_BETWEEN = "|"
_A_NUMBER = InputRequired(lazy("请填数字"))
_A_WEIGHT = [_A_NUMBER, NumberRange(0, 100, lazy("请填 0 到 100 的数字"))]


class WhatIfForm(Form):
    """What to change. It is sent by GET: its address can be kept and sent to a colleague."""

    class Meta:
        """A question that changes nothing needs no token."""

        csrf = False

    period = SelectField(lazy("统计期"), validate_choice=False)
    pass_rate = FloatField(lazy("通过率的权重"), _A_WEIGHT)
    satisfaction = FloatField(lazy("满意率的权重"), _A_WEIGHT)
    conditions = FloatField(lazy("基本条件的权重"), _A_WEIGHT)
    integrity = FloatField(lazy("守信的权重"), _A_WEIGHT)
    window = IntegerField(
        lazy("统计窗口（期）"),
        [_A_NUMBER, NumberRange(1, _LONGEST_WINDOW, lazy("请填 1 到 8 的整数"))],
    )
    discount = FloatField(
        lazy("每早一年的折扣"), [_A_NUMBER, NumberRange(0, 1, lazy("请填 0 到 1 的数字"))]
    )
    without = SelectField(lazy("去掉一场考试"), validate_choice=False)


@dataclass(frozen=True, slots=True)
class Ground:
    """What both computations stand on."""

    before: tuple[Inputs, Rulebook]
    after: tuple[Inputs, Rulebook]


@allowed(Permission.COMPOSE_EDITION)
def show() -> str | tuple[str, int]:
    """Show the form, and who moves where something was asked."""
    with look() as here:
        periods = periods_with_counts(here.session)
        form = _form(here, periods)
        ground = None
        if "period" in request.args and periods and form.validate():
            try:
                ground = _ground(here, form)
            except RuleBroken as error:
                form.blame(error)
    outcome = compared(ground.before, ground.after) if ground else None
    body = render_template(
        "regulator/what_if.html",
        form=form,
        outcome=outcome,
        names={one.trade: one for one in ground.before[0].trades} if ground else {},
    )
    return (body, 422) if form.errors else body


def _form(here: Act, periods: list[str]) -> WhatIfForm:
    rules, asked = here.rules, "period" in request.args
    weights = rules.composite.weights
    usual: dict[str, Any] = {
        name: round(getattr(weights, name) * 100, 2) for name in weights.__slots__
    }
    usual |= {"window": rules.ranking.window_periods, "discount": rules.ranking.discount_per_year}
    form = WhatIfForm(request.args if asked else None, data=usual)
    form.period.choices = [SelectChoice(one, in_words(one)) for one in periods]
    chosen = form.period.data if form.period.data in periods else next(iter(periods), "")
    form.period.data = chosen
    window = Period.parse(chosen).window(rules.ranking.window_periods) if chosen else ()
    held = sittings(here.session, map(str, window))[:_MOST_SITTINGS]
    form.without.choices = [SelectChoice("", lazy("都计入")), *map(_choice, held)]
    return form


def _choice(sitting: Sitting) -> SelectChoice:
    words = f"{sitting.on.isoformat()} {sitting.site} ({sitting.sat})"
    return SelectChoice(f"{sitting.on.isoformat()}{_BETWEEN}{sitting.site}", words)


def _ground(here: Act, form: WhatIfForm) -> Ground:
    period = Period.parse(form.period.data)
    wish = Wish(
        weights=(
            form.pass_rate.data or 0,
            form.satisfaction.data or 0,
            form.conditions.data or 0,
            form.integrity.data or 0,
        ),
        window_periods=form.window.data or 1,
        discount_per_year=form.discount.data or 0,
        without=_sitting(form.without.data or ""),
    )
    rules = rules_under(here.rules, wish)
    return Ground(
        before=(inputs_under(here.session, period, here.rules, here.office), here.rules),
        after=(inputs_under(here.session, period, rules, here.office, wish), rules),
    )


def _sitting(text: str) -> tuple[date, str] | None:
    on, _, site = text.partition(_BETWEEN)
    try:
        return (date.fromisoformat(on), site) if on else None
    except ValueError as cause:
        raise RuleBroken("what_if.sitting", {"without": "what_if.sitting"}) from cause
