"""The survey at the regulator's desk: response, answers that wait for a look, and warnings."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from portal.casework.survey.survey_watch import (
    Marked,
    Ruling,
    decide,
    groups,
    marked_in,
    view_of,
    warnings,
)
from portal.domain.people import Permission
from portal.domain.survey import FACTS, Decision
from portal.rules.words import label, say
from portal.web.boundary import Act, look
from portal.web.forms import Form, at_most
from portal.web.guard import allowed
from portal.web.language import gettext, language, lazy
from portal.web.shape import moment

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from wtforms import Field

_SHOWN = 100
_WARNED_IN = timedelta(days=366)
_LONGEST_REASON = 300


def _decided(_form: Form, field: Field) -> None:
    if field.data not in set(Decision):
        raise StopValidation(say("survey.no_decision", language()))


class DecideForm(Form):
    """Marked answers, what becomes of them, and why."""

    answers = SelectMultipleField(
        lazy("哪些答案？"),
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    decision = RadioField(lazy("怎么处理？"), [_decided], validate_choice=False)
    reason = TextAreaField(lazy("理由"), [at_most(_LONGEST_REASON, "survey.long_reason")])

    def offer(self, marked: list[Marked]) -> None:
        """Name the answers and the decisions."""
        self.answers.choices = [(str(one.key), _marked_words(one)) for one in marked]
        self.decision.choices = [
            (one.value, label(f"answer.{one.value}", language())) for one in Decision
        ]

    def ruling(self) -> Ruling:
        """Return what was said of which answers."""
        return Ruling(
            keys=frozenset(int(key) for key in self.answers.data or () if key.isdecimal()),
            decision=Decision(self.decision.data),
            reason=self.reason.data or "",
        )


def _marked_words(one: Marked) -> str:
    marks = gettext("、").join(label(f"mark.{mark}", language()) for mark in one.marks)
    words = f"{moment(one.answered_at)} · {marks}"
    if one.decision is None:
        return words
    return f"{words} · {label(f'answer.{one.decision}', language())}"


@allowed(Permission.SEE_SURVEYS)
def index() -> str:
    """Show the response of every sitting, and what trainees warn of."""
    with look() as a:
        return render_template(
            "regulator/surveys.html",
            groups=groups(a.session, _SHOWN),
            warned=warnings(a.session, a.day - _WARNED_IN, a.rules.satisfaction.min_answers),
            facts=tuple(FACTS),
            least=a.rules.satisfaction.min_answers,
        )


@allowed(Permission.SEE_SURVEYS)
def group(number: int) -> str:
    """Show one group of slips, and its marked answers to whoever decides on them."""
    return _page(DecideForm(), number)


@allowed(Permission.JUDGE_ANSWERS)
def judge(number: int) -> ResponseReturnValue:
    """Decide on marked answers of a group."""
    form = DecideForm()
    done = form.attempt(lambda a: _decide(a, number, form))
    if done is None:
        return _page(form, number), form.status
    return redirect(url_for("regulator.survey", number=number, done=1), HTTPStatus.SEE_OTHER)


def _decide(a: Act, number: int, form: DecideForm) -> bool:
    decide(a.session, a.actor, number, form.ruling(), a.at)
    return True


def _page(form: DecideForm, number: int) -> str:
    with look() as a:
        marked = marked_in(a.session, number)
        form.offer(marked)
        return render_template(
            "regulator/survey.html",
            form=form,
            view=view_of(a.session, number),
            marked=marked,
            may_decide=a.actor.may(Permission.JUDGE_ANSWERS),
        )
