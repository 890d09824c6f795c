"""The form of one section, made from the rulebook's data: fields, rows, faults at their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm

from portal.domain.answers import LONGEST, NO, YES
from portal.domain.identity import shown as identity_shown
from portal.domain.reports import MOST_ROWS, Fault, Row, TypedSection
from portal.rules.form import FormSection, Item
from portal.rules.words import label, say
from portal.web.answers import fault_words, trade_words, trades_words, unit_of, with_unit
from portal.web.boundary import surroundings
from portal.web.forms import Form
from portal.web.institution.file_fields import file_fields
from portal.web.language import gettext, language, mark
from portal.web.shape import capital

SPARE_ROWS = 3
MORE_ROWS = 5
DONE, LATER = "done", "later"
BUTTONS = frozenset({"drop", "more", "later", "attach", "sheet", "leave", "remove", "fix-"})
_WIDTHS = {"number": "short", "integer": "short", "date": "medium", "trade": "medium"}
_INPUT_MODES = {"number": "decimal", "integer": "numeric"}
_INDEX = re.compile(r"[0-9]{1,4}")


class Rows(FieldList):
    """The rows of a table; only plain small numbers count as rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # untyped library
        """Be a list of fields to whoever asks for the type."""
        super().__init__(*args, **kwargs)
        self.type = FieldList.__name__

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").split("-", 1)[0]
            if name.startswith(f"{prefix}-") and _INDEX.fullmatch(number):
                yield int(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A field as the page asks it."""

    item: Item
    field: Any
    hint: str
    unit: str
    width: str
    inputmode: str
    optional: bool
    said: str = ""
    """The regulator's words to the answer; empty when there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """A row as the page asks it; ``name`` tells it from the others when it is folded."""

    number: int
    name: str
    cells: tuple[Question, ...]
    is_open: bool
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTable:
    """A table as the page asks it."""

    item: Item
    field: Any
    rows: tuple[AskedRow, ...]
    hints: tuple[tuple[str, str], ...]
    """How a column is filled in, as (column, hint): said once, above the rows."""
    said: tuple[str, ...] = ()
    """Words to the table, or to rows that are no longer there."""


def section_form(section: FormSection, typed: Mapping[str, Any], spare: int) -> Form:
    """Return the form of a section: what was posted, else ``typed``, with spare rows."""
    fields: dict[str, Any] = {item.key: _asked(item) for item in section.items}
    fields |= file_fields(section, typed)
    fields["seen"] = HiddenField()
    fields["finished"] = RadioField(
        gettext("这一步填完了吗？"),
        choices=[
            SelectChoice(DONE, gettext("填完了")),
            SelectChoice(LATER, gettext("还没有，以后再填")),
        ],
        validate_choice=False,
    )
    shown = {item.key: _to_show(item, typed.get(item.key)) for item in section.items}
    form: Form = type("SectionForm", (Form,), {**fields, "also": BUTTONS})(data=shown)
    for item in section.items:
        if item.kind == "table":
            _add_spare_rows(form[item.key], spare)
    return form


def typed_in(section: FormSection, form: Form) -> dict[str, Any]:
    """Return what the form holds, as it was typed."""
    return {item.key: form[item.key].data for item in section.items}


def blame(form: Form, faults: Iterable[Fault]) -> None:
    """Put each fault at its field, in words."""
    for fault in faults:
        field = form[fault.item.key]
        if fault.column is not None and fault.row is not None:
            field.errors = [*field.errors, {fault.column.key: fault.key}]
            field = _filled(field)[fault.row - 1].form[fault.column.key]
        field.errors = [*field.errors, fault_words(fault)]


def questions(
    section: FormSection, form: Form, said: Mapping[str, str], reviewed: TypedSection
) -> list[Question | AskedTable]:
    """Return the questions of a section in order.

    ``said`` maps the paths of the version ``reviewed`` to the regulator's words.
    """
    asked: list[Question | AskedTable] = []
    for item in section.items:
        path = f"{section.key}.{item.key}"
        if item.kind == "table":
            rows = reviewed.get(item.key)
            asked.append(_table(item, form[item.key], path, said, rows or []))
        else:
            asked.append(_question(item, form[item.key], said.get(path, "")))
    return asked


def _asked(item: Item, *, in_row: bool = False) -> Any:  # noqa: ANN401  # an unbound field
    words = item.label(language())
    if item.kind == "table":
        columns = {column.key: _asked(column, in_row=True) for column in item.columns}
        row = type("RowForm", (PlainForm,), columns)
        return Rows(FormField(row), label=words)
    if item.kind in {"choice", "yesno"} and not in_row:
        return RadioField(words, choices=_choices(item), validate_choice=False)
    if item.kind in {"choice", "yesno", "trade"}:
        first = SelectChoice("", gettext("请选择"))
        return SelectField(words, choices=[first, *_choices(item)], validate_choice=False)
    return TextAreaField(words) if item.kind == "paragraph" else StringField(words)


def _choices(item: Item) -> list[Any]:
    lang = language()
    if item.kind == "yesno":
        return [SelectChoice(word, capital(label(f"answer.{word}", lang))) for word in (YES, NO)]
    if item.kind == "trade":
        return [
            SelectChoice(trade.slug, trade.name(lang)) for trade in surroundings().office.offered()
        ]
    return [
        SelectChoice(choice, capital(label(f"choice.{choice}", lang))) for choice in item.choices
    ]


def _to_show(item: Item, answer: object) -> Any:  # noqa: ANN401  # what WTForms takes
    if isinstance(answer, list):
        return [
            {column.key: _to_show(column, row.get(column.key)) for column in item.columns}
            for row in answer
        ]
    if not isinstance(answer, str):
        return answer
    if item.kind == "identity":
        return identity_shown(answer)
    return trades_words(answer) if item.kind == "trades" else answer


def _add_spare_rows(rows: Any, spare: int) -> None:  # noqa: ANN401  # untyped library
    filled = len(_filled(rows))
    while len(rows.entries) < min(filled + spare, MOST_ROWS):
        rows.append_entry()


def _filled(rows: Any) -> list[Any]:  # noqa: ANN401  # untyped library
    return [entry for entry in rows.entries if any(_has_text(cell) for cell in entry.form)]


def _has_text(cell: Field) -> bool:
    return isinstance(cell.data, str) and bool(cell.data.strip())


def _question(item: Item, field: Any, said: str = "") -> Question:  # noqa: ANN401
    if isinstance(field, SelectField) and field.data and not _is_offered(field):
        field.choices = [*field.choices, SelectChoice(field.data, trade_words(field.data))]
    return Question(
        item=item,
        field=field,
        hint=_hint(item),
        unit=unit_of(item),
        width=_WIDTHS.get(item.kind, ""),
        inputmode=_INPUT_MODES.get(item.kind, ""),
        optional=not item.required,
        said=said,
    )


def _is_offered(field: Any) -> bool:  # noqa: ANN401
    return field.data in {choice.value for choice in field.choices}


def _hint(item: Item) -> str:
    lang = language()
    parts = [item.hint(lang)]
    if item.condition is not None:
        parts.append(_condition(item))
    if item.kind == "date":
        parts.append(gettext(mark("如 2027-03-05")))
    if item.min_from and item.min is not None:
        parts.append(say("answer.least", lang, least=with_unit(item, item.min)))
    if item.kind == "paragraph":
        parts.append(say("answer.most_letters", lang, most=int(item.max or LONGEST[item.kind])))
    return ("；" if lang == "zh" else "; ").join(part for part in parts if part)


def _condition(item: Item) -> str:
    _, answer = item.condition or ("", "")
    key = f"answer.{answer}" if answer in {YES, NO} else f"choice.{answer}"
    return say("answer.only_where", language(), answer=label(key, language()))


def _table(
    item: Item,
    field: Any,  # noqa: ANN401
    path: str,
    said: Mapping[str, str],
    reviewed: list[Row] | str,
) -> AskedTable:
    names = {
        f"{path}.{number}": row.get(item.columns[0].key, "")
        for number, row in enumerate(reviewed if isinstance(reviewed, list) else [], 1)
    }
    by_name = {names[at]: words for at, words in said.items() if at in names}
    rows = tuple(_row(item, number, entry, by_name) for number, entry in enumerate(field, 1))
    first_blank = next((row.number for row in rows if not row.name), None)
    rows = tuple(_opened(row) if row.number == first_blank else row for row in rows)
    kept = {_text_of(row.cells[0].field) for row in rows}
    left = [f"{name}：{words}" for name, words in by_name.items() if name not in kept]
    whole = [said[path]] if path in said else []
    lang = language()
    hints = tuple((c.label(lang), hint) for c in item.columns if (hint := _hint(c)))
    return AskedTable(item=item, field=field, rows=rows, hints=hints, said=tuple(whole + left))


def _row(item: Item, number: int, entry: Any, said: Mapping[str, str]) -> AskedRow:  # noqa: ANN401
    cells = tuple(_question(column, entry.form[column.key]) for column in item.columns)
    told = (cell for cell in cells if _has_text(cell.field) and cell.item.kind != "yesno")
    texts = [_cell_words(cell) for cell in told]
    words = said.get(_text_of(cells[0].field), "")
    return AskedRow(
        number=number,
        name=" · ".join(texts[:4]),
        cells=cells,
        is_open=bool(entry.errors or words),
        said=words,
    )


def _text_of(field: Field) -> str:
    return str(field.data or "").strip()


def _cell_words(cell: Question) -> str:
    choices = cell.field.choices if isinstance(cell.field, SelectField) else []
    chosen = {choice.value: choice.label for choice in choices}
    return str(chosen.get(cell.field.data, cell.field.data))


def _opened(row: AskedRow) -> AskedRow:
    return AskedRow(number=row.number, name=row.name, cells=row.cells, is_open=True, said=row.said)
