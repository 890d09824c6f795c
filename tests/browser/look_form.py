"""A form with every kind of field, for the gallery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm

Two = Callable[[str, str], str]


def must(words: str) -> list[Any]:
    """Return the check that something was given, with its sentence."""
    return [validators.DataRequired(words)]


def choices(**words: str) -> list[SelectChoice]:
    """Return the choices of a field, value = words."""
    return [SelectChoice(value, label) for value, label in words.items()]


def typed(two: Two) -> dict[str, Any]:
    """Return the fields one types into."""
    few = validators.NumberRange(60, message=two("至少容纳 60 人", "At least 60 places are needed"))
    return {
        "name": StringField(two("机构名称", "Name"), must(two("请填写机构名称", "Enter the name"))),
        "phone": StringField(two("咨询电话", "Telephone")),
        "seats": IntegerField(two("可同时容纳人数", "Places"), [few]),
        "since": DateField(two("租期开始", "Lease begins"), [validators.Optional()]),
        "password": PasswordField(two("密码", "Password")),
        "words": TextAreaField(two("补充说明", "Anything else")),
        "scan": FileField(two("租赁合同", "Lease")),
    }


def chosen(two: Two) -> dict[str, Any]:
    """Return the fields one chooses in."""
    electrician = two("低压电工作业", "Low-voltage electrician")
    owned = choices(owned=two("自有", "Owned"), leased=two("租用", "Leased"))
    days = choices(day=two("白天", "Daytime"), weekend=two("周末", "Weekends"))
    done = choices(yes=two("填完了", "Yes, finished"), no=two("还没有，以后再填", "No, later"))
    return {
        "trade": SelectField(two("工种", "Trade"), choices=choices(lv=electrician)),
        "owned": RadioField(
            two("场地是自有还是租用？", "Is the venue owned or leased?"),
            must(two("请选择自有或租用", "Choose owned or leased")),
            choices=owned,
        ),
        "days": SelectMultipleField(
            two("上课时间", "Class times"),
            choices=days,
            option_widget=widgets.CheckboxInput(),
            widget=widgets.ListWidget(prefix_label=False),
        ),
        "true": BooleanField(
            two("以上内容属实", "This is true"),
            must(two("请确认内容属实", "Confirm that this is true")),
        ),
        "done": RadioField(two("这一步填完了吗？", "Is this step finished?"), choices=done),
    }


def nested(two: Two) -> dict[str, Any]:
    """Return a sub-form and a list."""

    def room(formdata: Any, obj: Any, prefix: str, **_data: Any) -> BaseForm:  # noqa: ANN401  # WTForms has no types
        name = StringField(
            two("教室名称", "Name of the room"), must(two("请填写教室名称", "Name it"))
        )
        form = BaseForm({"name": name, "area_m2": StringField(two("面积", "Floor area"))}, prefix)
        form.process(formdata, obj)
        return form

    teacher = StringField(two("教师姓名", "Teacher"))
    return {
        "room": FormField(room, two("第一间教室", "First room")),
        "teachers": FieldList(teacher, two("教师", "Teachers"), min_entries=2),
    }


def example_form(two: Two, sent: dict[str, str]) -> BaseForm:
    """Return the form, checked on what was sent."""
    form = BaseForm(typed(two) | chosen(two) | nested(two))
    form.process(MultiDict(sent))
    form.validate()
    return form
