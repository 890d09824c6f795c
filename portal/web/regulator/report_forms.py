"""The forms of reviewing reports and of opening a reporting period."""

from __future__ import annotations

from wtforms import StringField

from portal.web.forms import Form
from portal.web.language import lazy


class PeriodForm(Form):
    period = StringField(lazy("报告期"))
    opens_on = StringField(lazy("开放日期"))
    due_on = StringField(lazy("截止日期"))
