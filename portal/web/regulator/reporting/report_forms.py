"""The forms of reviewing reports and of opening a reporting period."""

from __future__ import annotations

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.errors import RuleBroken
from portal.rules.words import say
from portal.web.forms import DayField, Form
from portal.web.language import language, lazy


class PeriodForm(Form):
    period = StringField(lazy("报告期"))
    opens_on = StringField(lazy("开放日期"))
    due_on = StringField(lazy("截止日期"))
    trades = SelectMultipleField(
        lazy("哪些机构要报？"),
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, trades: list[tuple[str, str]]) -> None:
        """Name the trades by which institutions can be asked."""
        self.trades.choices = trades

    def asked(self) -> tuple[str, ...]:
        """Return the trades that were ticked; what is not offered cannot be."""
        known = {slug for slug, _ in self.trades.choices}
        return tuple(sorted(known & set(self.trades.data or ())))


class ExtensionForm(Form):
    code = SelectField(lazy("给谁延期"), validate_choice=False)
    due_on = DayField(lazy("新的截止日期"))
    reason = TextAreaField(lazy("延期理由"))


class ExemptionForm(Form):
    code = SelectField(lazy("免报机构"), validate_choice=False)
    reason = TextAreaField(lazy("免报理由"))


class VisitForm(Form):
    visited_on = DayField(lazy("检查日期"))
    visitors = StringField(lazy("检查人员"))
    note = TextAreaField(lazy("总的情况"))
    also = frozenset({"fact-", "note-"})
    facts_faulty: dict[str, str]

    def __init__(self, *given: object, **more: object) -> None:
        """Begin without faults of facts."""
        super().__init__(*given, **more)
        self.facts_faulty = {}

    def blame(self, error: RuleBroken) -> None:
        """Put faults of facts beside them, the others at their fields."""
        super().blame(RuleBroken(error.key, {k: v for k, v in error.faults.items() if k in self}))
        self.facts_faulty = {
            name: say(key, language()) for name, key in error.faults.items() if name not in self
        }
        if "findings" in self.facts_faulty:
            self.form_errors.append(self.facts_faulty["findings"])
