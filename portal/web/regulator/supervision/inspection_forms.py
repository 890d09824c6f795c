"""The forms of an inspection: planning, drawing, and what is ticked on site."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wtforms import IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField

from portal.casework.supervision.inspections import RESULTS, checklist_of
from portal.rules.checklists import Checklist, checklists
from portal.store.inspections import Inspection
from portal.web.forms import DayField, Form, at_most, needed
from portal.web.language import gettext, language, lazy
from portal.web.shape import label

_SHORT, _LONG = 100, 5000
AS_TEXT = {"type": "text", "inputmode": "numeric"}
"""A day is typed as the hint shows it, not as a browser's own language would have it."""
_ITEM = "item_"


class PlanForm(Form):
    """Whom, when, by which checklist, by which departments."""

    subject = SelectField(lazy("机构或单位"), [needed("case.field_empty")], validate_choice=False)
    checklist = SelectField(lazy("检查清单"), [needed("case.field_empty")])
    planned_on = DayField(lazy("计划日期"), [needed("case.field_empty")], render_kw=AS_TEXT)
    departments = StringField(
        lazy("参加部门"), [needed("case.field_empty"), at_most(_SHORT, "letter.long")]
    )


class DrawForm(Form):
    """How many, by when, by which departments."""

    count = IntegerField(lazy("抽几家"), [needed("case.field_empty")])
    planned_on = DayField(lazy("计划日期"), [needed("case.field_empty")], render_kw=AS_TEXT)
    departments = StringField(
        lazy("参加部门"), [needed("case.field_empty"), at_most(_SHORT, "letter.long")]
    )


class SiteForm(Form):
    """What was seen, item by item; its fields are those of the checklist."""


class FindingForm(Form):
    """One thing found."""

    item = SelectField(lazy("检查项"))
    department = SelectField(lazy("发现的部门"))
    words = TextAreaField(lazy("发现了什么"), [at_most(_LONG, "letter.long")])
    evidence = TextAreaField(
        lazy("证据在哪里（照片编号、笔录、复印件）"), [at_most(_LONG, "letter.long")]
    )


class FinishForm(Form):
    """Who inspected."""

    inspectors = StringField(lazy("参加检查的人员"), [at_most(_SHORT, "letter.long")])


class WaiveForm(Form):
    """Why it is waived, and who signs for it."""

    reason = TextAreaField(lazy("免查理由（公开）"), [at_most(_LONG, "letter.long")])
    signer = StringField(lazy("签字人（公开）"), [at_most(_SHORT, "letter.long")])


def site_form(checklist: Checklist) -> type[SiteForm]:
    """Return the form of a checklist: one choice for each item."""
    fields = {f"{_ITEM}{item.key}": _choice(checklist, item.key) for item in checklist.items}
    return type("SiteForm", (SiteForm,), fields)


def _choice(checklist: Checklist, key: str) -> RadioField:
    item = checklist.item(key)
    offered = [one for one in RESULTS if one != "na" or (item and not item.mandatory)]
    return RadioField(
        item.words.in_(language()) if item else key,
        choices=[SelectChoice(one, label(f"check_result.{one}")) for one in offered],
        validate_choice=False,
    )


def results_in(form: Form) -> dict[str, str]:
    """Return item → result of what was ticked."""
    ticked = (field for field in form if field.name.startswith(_ITEM) and field.data)
    return {field.name.removeprefix(_ITEM): field.data for field in ticked}


def departments_in(text: str | None) -> tuple[str, ...]:
    """Return the departments of a line, split at commas and the like."""
    parts = (part.strip() for part in re.split(r"[,，、;；]", text or ""))
    return tuple(dict.fromkeys(part for part in parts if part))


def offer_choices(
    form: Form, found: Inspection | None = None, subjects: Sequence[tuple[str, str]] = ()
) -> None:
    """Fill in what the selects of a form offer."""
    if isinstance(form, PlanForm):
        nobody = SelectChoice("", gettext("请选择"))
        form.subject.choices = [nobody, *(SelectChoice(key, words) for key, words in subjects)]
        lists = checklists().items()
        kinds = [SelectChoice(key, one.title.in_(language())) for key, one in lists]
        form.checklist.choices = [nobody, *kinds]
    if isinstance(form, FindingForm) and found is not None:
        items = checklist_of(found).items
        form.item.choices = [SelectChoice(one.key, one.words.in_(language())) for one in items]
        form.department.choices = [SelectChoice(one, one) for one in found.departments]
