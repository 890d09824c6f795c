"""Accepted facts of special reports, made fit to read: labels, units, rows of tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.publication.institutions.institution_facts import FactGroup, PublicFact
from portal.rules.form import Item
from portal.rules.office import Office
from portal.rules.words import has_label
from portal.web.language import gettext, language
from portal.web.public.telling import trade_short
from portal.web.shape import capital, label, number, percent


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is called, what is told of it as (question, answer), and its proof."""

    name: str
    told: tuple[tuple[str, str], ...]
    proof: str
    proof_on: date


@dataclass(slots=True)
class Table:
    """A list of the report: its title and rows, each with its proof."""

    title: str
    version: str = ""
    """The version of the form that asked, where the one in force no longer does."""
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """One section: single facts as ``parts/facts.html`` takes them, and its tables."""

    title: str
    facts: list[dict[str, Any]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def sections_of(groups: tuple[FactGroup, ...], office: Office) -> list[Section]:
    """Return the accepted facts section by section, in the form's order."""
    return [_section(group, office) for group in groups]


def _section(group: FactGroup, office: Office) -> Section:
    section = Section(group.section.label(language()))
    tables: dict[str, Table] = {}
    for fact in group.facts:
        if fact.item.kind == "table":
            if fact.item.key not in tables:
                tables[fact.item.key] = Table(fact.item.label(language()), fact.version)
                section.tables.append(tables[fact.item.key])
            tables[fact.item.key].rows.append(_row(fact, office))
        else:
            section.facts.append(_fact(fact, office))
    return section


def _row(fact: PublicFact, office: Office) -> Row:
    name, *others = (column for column in fact.item.columns if column.public)
    called = _text(name, fact.value.get(name.key), office)
    return Row(called, _told(others, fact, office), fact.proof, _day(fact))


def _fact(fact: PublicFact, office: Office) -> dict[str, Any]:
    return {
        "term": fact.item.label(language()),
        "value": _with_unit(fact.item, fact.value, office),
        "proof": fact.proof,
        "proof_on": _day(fact),
        "version": fact.version,
    }


def _told(columns: list[Item], fact: PublicFact, office: Office) -> tuple[tuple[str, str], ...]:
    """Return what was answered in these columns; empty answers are left out."""
    answers = ((column, fact.value.get(column.key)) for column in columns)
    return tuple(
        (column.label(language()), _with_unit(column, value, office))
        for column, value in answers
        if value is not None and value != ""
    )


def _day(fact: PublicFact) -> date:
    return fact.proved_on or fact.from_on


def _with_unit(item: Item, value: Any, office: Office) -> str:  # noqa: ANN401  # JSON
    text = _text(item, value, office)
    unit = _unit(item) if _is_number(item) else ""
    return f"{text} {unit}" if unit else text


def _unit(item: Item) -> str:
    key = f"unit.{item.unit}"
    return label(key) if item.unit and item.unit != "share" and has_label(key) else ""


def _is_number(item: Item) -> bool:
    return item.kind in {"number", "integer"}


def _text(item: Item, value: Any, office: Office) -> str:  # noqa: ANN401  # JSON
    if value is None or value == "":
        return "–"
    if item.kind in {"trade", "trades"}:
        slugs = value if isinstance(value, list) else [value]
        return gettext("、").join(trade_short(office, slug) for slug in slugs)
    if isinstance(value, bool) or item.kind == "yesno":
        return capital(label("answer.yes" if value in {True, "yes"} else "answer.no"))
    return _plain(item, value)


def _plain(item: Item, value: Any) -> str:  # noqa: ANN401  # JSON
    if item.kind == "choice" and has_label(f"choice.{value}"):
        return capital(label(f"choice.{value}"))
    if isinstance(value, int | float):
        return percent(value) if item.unit == "share" else number(value)
    return str(value)
