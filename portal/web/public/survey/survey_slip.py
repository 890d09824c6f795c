"""The survey on a slip: one question per screen, a last look, then the receipt; no script needed.

Answers given so far lie in the reader's own cookie, and are forgotten once they are sent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, session, url_for
from wtforms import RadioField
from wtforms.validators import StopValidation

from portal.casework.survey.survey_answers import Answer, give
from portal.domain import slips
from portal.domain.errors import Conflict, NotFound, TooLate
from portal.domain.survey import QUESTIONS, as_asked, label_of
from portal.rules.words import label, say
from portal.web.boundary import act, look
from portal.web.forms import Form, shows_again
from portal.web.language import language, lazy
from portal.web.public.survey.survey import now_of, opened, refused, unseen, with_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from wtforms import Field

    from portal.store.institutions import Institution
    from portal.store.surveys import SlipGroup

_KEPT = "survey"
_CHECK = "check"
_DEVICE_BYTES = 8
_ORDER = tuple(QUESTIONS)


def _chosen(form: AnswerForm, field: Field) -> None:
    if field.data not in QUESTIONS[form.asked]:
        raise StopValidation(say("survey.choose", language()))


class AnswerForm(Form):
    """One question."""

    asked = ""
    answer = RadioField(lazy("回答"), [_chosen], validate_choice=False)

    def ask(self, question: str) -> None:
        """Put this question."""
        self.asked = question
        self.answer.label.text = _question_words(question)
        self.answer.choices = [
            (value, label(label_of(question, value), language())) for value in as_asked(question)
        ]


class SendForm(Form):
    """The last look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The slip in the reader's hand: its code in groups of four, and what it belongs to."""

    code: str
    group: SlipGroup
    place: Institution

    def at(self, question: str = "") -> str:
        """Return the address of a screen; of the first one without a question."""
        return url_for("public.survey_slip", code=self.code, q=question or None)


@unseen
@shows_again
def slip(code: str) -> ResponseReturnValue:
    """Show a screen of the survey, keep what was answered there, or send everything."""
    try:
        group, place = opened(code)
    except (NotFound, Conflict, TooLate) as error:
        return refused(with_code(code), error)
    paper = Paper(code=slips.written(slips.read(code)), group=group, place=place)
    asked = request.args.get("q", "")
    if asked in QUESTIONS:
        return _question(asked, paper)
    if asked == _CHECK:
        return _last_look(paper)
    return render_template("public/survey_slip.html", paper=paper, first=paper.at(_ORDER[0]))


def _question(asked: str, paper: Paper) -> ResponseReturnValue:
    form, replies = AnswerForm(), _kept(paper.code)
    form.ask(asked)
    if request.method == "GET":
        form.answer.data = replies.get(asked)
        return _question_page(form, paper)
    if not form.validate():
        return _question_page(form, paper), HTTPStatus.UNPROCESSABLE_ENTITY
    _keep(paper.code, replies | {asked: form.answer.data})
    # Who comes back to change one answer goes straight back to the last look.
    following = next((key for key in _ORDER if key not in {*replies, asked}), _CHECK)
    return redirect(paper.at(following), HTTPStatus.SEE_OTHER)


def _question_page(form: AnswerForm, paper: Paper) -> str:
    number = _ORDER.index(form.asked)
    return render_template(
        "public/survey_question.html",
        form=form,
        paper=paper,
        number=number + 1,
        of=len(_ORDER),
        back=paper.at(_ORDER[number - 1] if number else ""),
    )


def _last_look(paper: Paper) -> ResponseReturnValue:
    form, replies = SendForm(), _kept(paper.code)
    missing = next((key for key in _ORDER if key not in replies), None)
    if missing:
        return redirect(paper.at(missing), HTTPStatus.SEE_OTHER)
    if request.method == "GET" or not form.validate():
        told = [
            (_question_words(key), label(label_of(key, replies[key]), language()), paper.at(key))
            for key in _ORDER
        ]
        return render_template("public/survey_check.html", form=form, paper=paper, told=told)
    try:
        receipt = _given(paper.code, replies)
    except (NotFound, Conflict, TooLate) as error:
        return refused(with_code(paper.code), error)
    session.pop(_KEPT, None)
    with look() as a:
        least = a.rules.satisfaction.min_answers
    return render_template("public/survey_done.html", receipt=receipt, paper=paper, least=least)


def _question_words(question: str) -> str:
    return say(f"survey.ask.{question}", language())


def _given(code: str, replies: dict[str, str]) -> str:
    answer = Answer(replies=replies, device=session.get("device", ""))
    with act() as a:
        return give(a.session, code, answer, now=now_of(a), rules=a.rules.survey)


def _kept(code: str) -> dict[str, str]:
    """Return what this reader has answered on this slip so far."""
    kept = session.get(_KEPT)
    if not isinstance(kept, dict) or kept.get("of") != slips.hash_of(slips.read(code)):
        return {}
    answers = kept.get("answers", {})
    return {key: answers[key] for key in _ORDER if answers.get(key) in QUESTIONS[key]}


def _keep(code: str, replies: dict[str, str]) -> None:
    session[_KEPT] = {"of": slips.hash_of(slips.read(code)), "answers": replies}
    session.setdefault("device", secrets.token_hex(_DEVICE_BYTES))
