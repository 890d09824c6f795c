"""Where a fact of the ledger stands in a form: by the form in force, else by the one that asked.

A newer form may ask less. What an older one asked and what was accepted then stays true of its
time: it is shown under the question as it was put, with the version that put it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.rules.form import FormSection, Item, ReportForm


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPlace:
    """The question that a fact answers; ``version`` is empty where the form in force asks it."""

    section: FormSection
    item: Item
    version: str = ""


def question_of(path: str) -> str:
    """Return the path of the question, section.item, that a fact's path belongs to."""
    table, _, last = path.rpartition(".")
    return table if last.isdecimal() else path


def fact_place(path: str, form: ReportForm, asked_by: ReportForm | None) -> FactPlace | None:
    """Return where a fact stands: in ``form``, else in ``asked_by``; None where neither asks it."""
    is_row = question_of(path) != path
    for one in (form, asked_by):
        found = one and _asked(one, question_of(path))
        if one and found and (found[1].kind == "table") == is_row:
            version = "" if one is form or one.version == form.version else one.version
            return FactPlace(section=found[0], item=found[1], version=version)
    return None


def as_asked(item: Item, value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return what an item still asks of a value: a row without columns that are gone."""
    if item.kind != "table" or not isinstance(value, Mapping):
        return value
    return {column.key: value[column.key] for column in item.columns if column.key in value}


def _asked(form: ReportForm, question: str) -> tuple[FormSection, Item] | None:
    key, _, name = question.partition(".")
    section = form.section(key)
    item = next((one for one in section.items if one.key == name), None) if section else None
    return (section, item) if section and item else None
