"""The forms of an institution's public facts: each reads what was typed, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from wtforms import Field, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import StopValidation

from portal.casework.institutions.offers import SCHEDULES
from portal.domain.answers import Wrong
from portal.domain.offers import read_day, read_money, read_note, read_phone, read_places
from portal.rules.words import label, say
from portal.web.forms import Form
from portal.web.language import language, lazy
from portal.web.shape import capital

Read = Callable[[str], Any]


def reads(read: Read, missing: str = "") -> Callable[[Form, Field], None]:
    """Return a check that puts the value read into ``field.value``; ``missing`` = must be given."""

    def check(_form: Form, field: Field) -> None:
        found = read(field.data or "")
        if isinstance(found, Wrong):
            facts: Mapping[str, Any] = {**found.facts, "label": field.label.text}
            raise StopValidation(say(found.key, language(), **facts))
        if found is None and missing:
            raise StopValidation(say(missing, language(), label=field.label.text))
        field.value = found

    return check


def value_of(field: Field) -> Any:  # noqa: ANN401  # what its reader returned
    """Return what was read from the field."""
    return getattr(field, "value", None)


class PhoneForm(Form):
    phone = StringField(lazy("咨询电话"), [reads(read_phone, "answer.missing")])


class FeeForm(Form):
    also = frozenset({"end"})
    total = StringField(lazy("收费总额"), [reads(read_money, "answer.missing")])
    includes = StringField(lazy("总额里包括什么"), [reads(read_note)])
    retake = StringField(lazy("补考收费"), [reads(read_money)])
    material = StringField(lazy("教材等另收费用"), [reads(read_money)])


class PlacesForm(Form):
    also = frozenset({"withdraw"})
    free_places = StringField(lazy("剩余名额"), [reads(read_places)])


class ClassForm(PlacesForm):
    trade = SelectField(lazy("培训工种"), validate_choice=False)
    starts_on = StringField(lazy("开班日期"), [reads(read_day, "answer.missing")])
    schedule = RadioField(lazy("上课时间"), validate_choice=False)

    def offer(self, trades: list[tuple[str, str]], day: date) -> None:
        """Fill in the choices of the institution on ``day``."""
        self.day = day
        self.trade.choices = [SelectChoice(*trade) for trade in trades]
        self.schedule.choices = [
            SelectChoice(key, capital(label(f"schedule.{key}", language()))) for key in SCHEDULES
        ]

    def validate_trade(self, field: Field) -> None:
        """Refuse a trade that the institution does not teach."""
        _among_choices(field)

    def validate_schedule(self, field: Field) -> None:
        """Refuse a schedule that was not offered."""
        _among_choices(field)

    def validate_starts_on(self, field: Field) -> None:
        """Refuse a class in the past."""
        starts_on = value_of(field)
        if starts_on is not None and starts_on < self.day:
            raise StopValidation(say("offer.class_past", language()))


def _among_choices(field: Field) -> None:
    if field.data not in {choice.value for choice in field.choices}:
        raise StopValidation(say("answer.no_choice", language(), label=field.label.text))
