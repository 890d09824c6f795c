"""The forms of the register: an institution's facts, a state, the end of a state."""

from __future__ import annotations

from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.casework.institutions.register import Details
from portal.casework.institutions.states import STATES
from portal.rules.office import Office
from portal.web.forms import DayField, Form, at_most
from portal.web.language import gettext, language, lazy
from portal.web.shape import label

_NAME, _ADDRESS, _PHONE, _REASON, _NUMBER, _CODE = 200, 300, 40, 2000, 100, 64


class DetailsForm(Form):
    """What the register says of an institution."""

    name = StringField(lazy("机构全称"), [at_most(_NAME, "register.long")])
    name_en = StringField(lazy("英文名称"), [at_most(_NAME, "register.long")])
    credit_code = StringField(lazy("统一社会信用代码"), [at_most(_CODE, "register.credit_code")])
    area_code = SelectField(lazy("所在街道（镇）"), validate_choice=False)
    address = StringField(lazy("地址"), [at_most(_ADDRESS, "register.long")])
    phone = StringField(lazy("电话"), [at_most(_PHONE, "register.phone")])
    opened_on = DayField(lazy("开办日期"))
    trades = SelectMultipleField(
        lazy("开设的工种"),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
        validate_choice=False,
    )
    seen = HiddenField()

    def offer(self, office: Office) -> None:
        """Offer the office's areas and trades."""
        lang = language()
        areas = [(area.code, area.name(lang)) for area in office.areas]
        self.area_code.choices = [("", gettext("请选择")), *areas]
        self.trades.choices = [(trade.slug, trade.name(lang)) for trade in office.offered()]

    def show(self, details: Details) -> None:
        """Show what the register says."""
        for name in ("name", "name_en", "credit_code", "area_code", "address", "phone"):
            self[name].data = getattr(details, name) or ""
        self.opened_on.data = details.opened_on
        self.trades.data = list(details.trades)
        self.seen.data = details.seen

    def details(self) -> Details:
        """Return what was typed."""
        return Details(
            name=" ".join((self.name.data or "").split()),
            name_en=" ".join((self.name_en.data or "").split()) or None,
            credit_code="".join((self.credit_code.data or "").split()).upper() or None,
            area_code=self.area_code.data or "",
            address=" ".join((self.address.data or "").split()),
            phone=(self.phone.data or "").strip(),
            opened_on=self.opened_on.data,
            trades=tuple(sorted(self.trades.data or ())),
        )


class RegisterForm(DetailsForm):
    """A new institution: the code that it keeps for ever, and the rest."""

    code = StringField(lazy("机构编号"), [at_most(_CODE, "register.code_letters")])


class StateForm(Form):
    """A state that begins on a day."""

    state = RadioField(lazy("状态"), validate_choice=False)
    trade = SelectField(lazy("范围"), validate_choice=False)
    from_on = DayField(lazy("从哪天起"))
    until_on = DayField(lazy("到哪天恢复"))
    decision_no = StringField(lazy("决定书文号"), [at_most(_NUMBER, "register.long")])
    reason = TextAreaField(lazy("理由"), [at_most(_REASON, "register.long")])

    def offer(self, office: Office, taught: tuple[str, ...]) -> None:
        """Offer the states, and the trades that the institution teaches."""
        lang = language()
        self.state.choices = [(state, label(f"institution.{state}")) for state in STATES]
        trades = [trade for trade in office.offered() if trade.slug in taught]
        whole = [("", gettext("整个机构"))]
        self.trade.choices = whole + [(trade.slug, trade.name(lang)) for trade in trades]


class EndForm(Form):
    """The end of a state."""

    on = DayField(lazy("从哪天起恢复"))
    reason = TextAreaField(lazy("理由"), [at_most(_REASON, "register.long")])
