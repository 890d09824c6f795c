"""Words: labels of the glossary and whole sentences, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from portal.rules.bounds import require
from portal.rules.pair import Pair
from portal.rules.reading import DATA, build, read_toml

LANGUAGES = ("zh", "en")

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the domain: its name in code, in both languages, and what it means."""

    zh: str
    en: str
    means_zh: str
    means_en: str
    source: str


def label(key: str, lang: str) -> str:
    """Return the glossary's label ``key``.

    Raises:
        KeyError: there is no such label.

    """
    return _found(labels(), key, "label").in_(lang)


def has_label(key: str) -> bool:
    """Tell whether the glossary has the label ``key``."""
    return key in labels()


def say(key: str, lang: str, /, **facts: object) -> str:
    """Return the sentence ``key`` with its facts put in.

    Dates become 2026年3月5日 or 5 March 2026; whole numbers get thousands separators; the key of a
    label becomes the label, words in both languages those of one. Pass years and codes as text.

    Raises:
        KeyError: there is no such sentence, or a fact is missing.

    """
    sentence = _found(messages(), key, "message").in_(lang)
    try:
        return sentence.format_map({name: _fact(fact, lang) for name, fact in facts.items()})
    except KeyError as cause:
        msg = f"message {key} ({lang}) wants the fact {cause}"
        raise KeyError(msg) from cause


def day_in_words(day: date, lang: str) -> str:
    """Return ``2026年3月5日`` or ``5 March 2026``."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@cache
def terms() -> dict[str, Term]:
    """Return the domain's terms by their name in code.

    Raises:
        RuleError: ``data/glossary.toml`` is wrong.

    """
    tables = read_toml(DATA / "glossary.toml")["terms"]
    return {key: build(Term, table, f"glossary {key}") for key, table in tables.items()}


@cache
def labels() -> dict[str, Pair]:
    """Return every label by its key.

    Raises:
        RuleError: ``data/glossary.toml`` is wrong.

    """
    tables = read_toml(DATA / "glossary.toml")["labels"]
    return {key: build(Pair, table, f"glossary {key}") for key, table in tables.items()}


@cache
def messages() -> dict[str, Pair]:
    """Return every sentence of ``data/messages`` by its key.

    Raises:
        RuleError: a file is wrong, or two files carry the same key.

    """
    found: dict[str, Pair] = {}
    for file in sorted((DATA / "messages").glob("*.toml")):
        for key, table in read_toml(file).items():
            require(key not in found, f"{file.name}: the message {key} stands twice")
            found[key] = build(Pair, table, f"{file.name} {key}")
    return found


class _Count:
    """A whole number; in a sentence ``{days:day|days}`` adds the fitting English word."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __format__(self, spec: str) -> str:
        one, _, many = spec.partition("|")
        word = one if self.number == 1 else many
        return f"{self.number:,} {word}" if spec else f"{self.number:,}"


def _fact(fact: object, lang: str) -> object:
    if isinstance(fact, Pair):
        return fact.in_(lang)
    if isinstance(fact, str):
        return label(fact, lang) if has_label(fact) else fact
    if isinstance(fact, bool) or not isinstance(fact, int | float | date):
        return str(fact)
    return _measured(fact, lang)


def _measured(fact: float | date, lang: str) -> object:
    if isinstance(fact, datetime):
        return f"{day_in_words(fact, lang)} {fact:%H:%M}"
    if isinstance(fact, date):
        return day_in_words(fact, lang)
    return _Count(fact) if isinstance(fact, int) else f"{fact:,.2f}".rstrip("0").rstrip(".")


def _found(pairs: Mapping[str, Pair], key: str, what: str) -> Pair:
    try:
        return pairs[key]
    except KeyError as cause:
        msg = f"no {what} {key!r} under data/"
        raise KeyError(msg) from cause
