"""Answers of the report form for the eye: in the reader's language, with units and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.answers import BETWEEN_TRADES, Find, Wrong, read_answer
from portal.domain.identity import shown as identity_shown
from portal.domain.report_doubts import Doubt
from portal.domain.report_review import Shortfall
from portal.domain.reports import Content, Fault, Row, TypedSection
from portal.rules import words
from portal.rules.catalogue import catalogue
from portal.rules.form import FormSection, Item, ReportForm
from portal.rules.office import Office
from portal.web.boundary import surroundings
from portal.web.language import CHINESE, language
from portal.web.shape import day, number

_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One answer in words; ``rows`` is a table's: each a list of (column's label, words)."""

    path: str
    label: str
    words: str = ""
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    heads: tuple[str, ...] = ()
    is_table: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A section with its answers in words."""

    key: str
    label: str
    answers: tuple[Shown, ...]


def trade_named(office: Office, name: str) -> str | None:
    """Return the slug of the trade of that name, the office's own ones first; None = none.

    A report names its trades as the catalogue does: a mere piece of a name is none.
    """
    own = {trade.slug: trade for trade in office.own_trades}
    for trade in own.values():
        if name in {trade.slug, trade.name_zh, trade.name_en, trade.short_zh, *trade.aliases}:
            return trade.slug
    found = catalogue().find(name)
    return found.slug if found and not found.is_fragment(name) else None


def trade_words(slug: str) -> str:
    """Return a trade's name in the reader's language; what is no slug stays as it is."""
    trade = surroundings().office.trade(slug)
    return trade.name(language()) if trade else slug


def trades_words(typed: str) -> str:
    """Return typed trades (slugs or anything else) with every slug put into words."""
    return BETWEEN_TRADES.join(map(trade_words, typed.split(BETWEEN_TRADES))) if typed else ""


def in_words(item: Item, value: object) -> str:
    """Return one answer in words; empty when it was not given."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ("、" if language() == CHINESE else ", ").join(map(trade_words, value))
    if isinstance(value, bool):
        return words.label("answer.yes" if value else "answer.no", language())
    if isinstance(value, int | float):
        return with_unit(item, value)
    return _text_in_words(item, str(value))


def with_unit(item: Item, value: float) -> str:
    """Return a number with its unit: 96 平方米, 30%."""
    if item.unit == "share":
        return f"{number(round(value * _PERCENT, 4))}%"
    unit = unit_of(item)
    return f"{number(value)} {unit}" if unit else number(value)


def unit_of(item: Item) -> str:
    """Return the words of an item's unit; empty when it has none."""
    return words.label(f"unit.{item.unit}", language()) if item.unit else ""


def shown_report(form: ReportForm, content: Content) -> tuple[ShownSection, ...]:
    """Return a whole content in words, in the order of its form."""
    return tuple(shown_section(section, content.get(section.key, {})) for section in form.sections)


def shown_section(section: FormSection, answers: Mapping[str, Any]) -> ShownSection:
    """Return one section in words."""
    shown = tuple(_shown(section.key, item, answers.get(item.key)) for item in section.items)
    return ShownSection(key=section.key, label=section.label(language()), answers=shown)


def typed_section(section: FormSection, typed: TypedSection, find: Find) -> ShownSection:
    """Return what was typed for a section in words; what cannot be read stands as it was typed."""
    shown = []
    for item in section.items:
        answer = typed.get(item.key, "")
        if isinstance(answer, str):
            said = _typed_words(item, answer, find)
            shown.append(
                Shown(path=f"{section.key}.{item.key}", label=item.label(language()), words=said)
            )
            continue
        shown.append(typed_table(section, item, answer, find))
    return ShownSection(key=section.key, label=section.label(language()), answers=tuple(shown))


def typed_table(section: FormSection, item: Item, rows: Sequence[Row], find: Find) -> Shown:
    """Return the rows of a table as they were typed, in words where they can be read."""
    lang = language()
    in_words = [
        tuple((c.label(lang), _typed_words(c, row.get(c.key, ""), find)) for c in item.columns)
        for row in rows
    ]
    return _table(section.key, item, tuple(in_words))


def row_in_words(item: Item, row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return a table's row as (column's label, words)."""
    lang = language()
    return tuple(
        (column.label(lang), in_words(column, row.get(column.key))) for column in item.columns
    )


def fault_words(fault: Fault) -> str:
    """Return the sentence of a fault, naming the answer and its row."""
    said = cell_words(fault)
    return said if fault.row is None else row_words(fault.row, said)


def cell_words(fault: Fault) -> str:
    """Return the sentence of a fault, naming the answer alone."""
    lang = language()
    asked = fault.column or fault.item
    return words.say(fault.key, lang, **{**fault.facts, "label": asked.label(lang)})


def row_words(row: int, said: str) -> str:
    """Return a sentence that names a row before it says what is wrong there."""
    return words.say("answer.in_row", language(), row=row, words=said)


def shortfall_words(short: Shortfall) -> str:
    """Return in words what falls short of the conditions."""
    lang = language()
    asked = short.column or short.item
    facts = {
        "label": asked.label(lang),
        "value": with_unit(asked, short.value),
        "least": with_unit(asked, short.least),
    }
    said = words.say("answer.short", lang, **facts)
    if short.row is None:
        return said
    return words.say("answer.in_row", lang, row=short.row, words=said)


def doubt_words(doubt: Doubt) -> str:
    """Return in words what to look at."""
    facts = dict(doubt.facts)
    if doubt.trade:
        facts["trade"] = trade_words(doubt.trade)
    return words.say(doubt.key, language(), **facts)


def _shown(section: str, item: Item, value: object) -> Shown:
    path = f"{section}.{item.key}"
    label = item.label(language())
    if item.kind != "table":
        return Shown(path=path, label=label, words=in_words(item, value))
    rows = value if isinstance(value, list) else []
    return _table(section, item, tuple(row_in_words(item, row) for row in rows))


def _table(section: str, item: Item, rows: tuple[tuple[tuple[str, str], ...], ...]) -> Shown:
    return Shown(
        path=f"{section}.{item.key}",
        label=item.label(language()),
        rows=rows,
        heads=tuple(column.label(language()) for column in item.columns),
        is_table=True,
    )


def _typed_words(item: Item, text: str, find: Find) -> str:
    found = read_answer(item, text, find)
    return text if isinstance(found, Wrong) else in_words(item, found)


def _text_in_words(item: Item, text: str) -> str:
    if item.kind == "date":
        return day(date.fromisoformat(text))
    if item.kind == "identity":
        return identity_shown(text)
    if item.kind == "choice":
        return words.label(f"choice.{text}", language())
    return trade_words(text) if item.kind == "trade" else text
