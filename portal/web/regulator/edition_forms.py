"""The forms of editions at the desk."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.validators import InputRequired

from portal.web.language import lazy


class ComposeForm(FlaskForm):
    period = SelectField(
        lazy("统计期"), [InputRequired(lazy("请选择统计期"))], validate_choice=False
    )

    def validate_period(self, field: SelectField) -> None:
        """Take only a period that is offered."""
        if field.data not in {choice.value for choice in self.period.choices}:
            raise ValidationError(lazy("请选择统计期"))


class DraftForm(FlaskForm):
    """An act on the draft whose hash the person has seen."""

    shown = HiddenField(validators=[InputRequired()])
