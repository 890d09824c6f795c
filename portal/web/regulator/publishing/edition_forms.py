"""The forms of editions at the desk."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.casework.editions.objections import TREATMENTS
from portal.rules.words import label
from portal.web.forms import DayField, Form
from portal.web.language import language, lazy

_LONGEST = 1000


class ComposeForm(FlaskForm):
    """Which period, and why where it corrects an edition."""

    period = SelectField(
        lazy("统计期"), [InputRequired(lazy("请选择统计期"))], validate_choice=False
    )
    why_zh = TextAreaField(lazy("更正的原因"), [Optional(), Length(max=_LONGEST)])
    why_en = TextAreaField(lazy("更正的原因（英文）"), [Optional(), Length(max=2 * _LONGEST)])

    def validate_period(self, field: SelectField) -> None:
        """Take only a period that is offered."""
        if field.data not in {choice.value for choice in self.period.choices}:
            raise ValidationError(lazy("请选择统计期"))


class DraftForm(FlaskForm):
    """An act on the draft whose hash the person has seen."""

    shown = HiddenField(validators=[InputRequired()])


class WithdrawForm(Form):
    """Why an edition is taken back."""

    why_zh = TextAreaField(
        lazy("撤回的原因"), [InputRequired(lazy("请写明撤回的原因")), Length(max=_LONGEST)]
    )
    why_en = TextAreaField(lazy("撤回的原因（英文）"), [Optional(), Length(max=2 * _LONGEST)])


class CalendarForm(Form):
    """Why a day of the calendar passed without an edition."""

    due_on = DayField(lazy("日历上的日期"), [InputRequired(lazy("请选择日期"))])
    reason_zh = StringField(
        lazy("没有按期公布的原因"),
        [InputRequired(lazy("请写明没有按期公布的原因")), Length(max=_LONGEST // 2)],
    )
    reason_en = StringField(lazy("没有按期公布的原因（英文）"), [Optional(), Length(max=_LONGEST)])


class TreatForm(Form):
    """What the edition does with a disputed figure."""

    revision = IntegerField(widget=HiddenInput())
    treatment = RadioField(
        lazy("没有了结以前，这项数字怎样公布"),
        [InputRequired(lazy("请选择"))],
        validate_choice=False,
    )
    reason = TextAreaField(
        lazy("这样选择的理由"), [InputRequired(lazy("请写明理由")), Length(max=_LONGEST)]
    )

    def offer(self) -> None:
        """Offer the treatments in the reader's language."""
        self.treatment.choices = [
            SelectChoice(key, label(f"treatment.{key}", language())) for key in TREATMENTS
        ]


class AnswerForm(Form):
    """The answer to an objection."""

    revision = IntegerField(widget=HiddenInput())
    accepted = RadioField(
        lazy("是否采纳"), [InputRequired(lazy("请选择是否采纳"))], validate_choice=False
    )
    words = TextAreaField(
        lazy("核查情况和理由"),
        [InputRequired(lazy("请写明核查情况和理由")), Length(max=2 * _LONGEST)],
    )

    def offer(self) -> None:
        """Offer both answers in the reader's language."""
        self.accepted.choices = [
            SelectChoice(key, label(f"objection.{key}", language()))
            for key in ("accepted", "rejected")
        ]
