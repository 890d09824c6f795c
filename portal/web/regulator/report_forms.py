"""The forms of reviewing reports and of opening a reporting period."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField

from portal.web.forms import DayField, Form
from portal.web.language import lazy


class PeriodForm(Form):
    period = StringField(lazy("报告期"))
    opens_on = StringField(lazy("开放日期"))
    due_on = StringField(lazy("截止日期"))


class ExtensionForm(Form):
    code = SelectField(lazy("给谁延期"), validate_choice=False)
    due_on = DayField(lazy("新的截止日期"))
    reason = TextAreaField(lazy("延期理由"))


class ExemptionForm(Form):
    code = SelectField(lazy("免报机构"), validate_choice=False)
    reason = TextAreaField(lazy("免报理由"))
