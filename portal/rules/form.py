"""The special report's form as data: sections and items after AQ 8011-2023."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.rules.bounds import require

KINDS = (
    "text",
    "paragraph",
    "number",
    "integer",
    "date",
    "choice",
    "yesno",
    "trade",
    "trades",
    "identity",
    "table",
)
"""What an item holds. Dates are ISO, numbers plain, a choice is one of ``choices``, a trade is a
slug of the catalogue (written there by any of its names), a paragraph may have several lines; an
identity number is kept as a mask and a keyed hash only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of the form, or one column of a table."""

    key: str
    kind: str
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    unit: str = ""
    """m2, years, persons, minutes, hours, yuan, share …; words are the glossary's ``unit.<key>``.
    """
    required: bool = True
    min: float | None = None
    max: float | None = None
    min_from: str = ""
    """Name of the value of ``conditions`` that gives ``min``; the portal fills it in."""
    choices: tuple[str, ...] = ()
    """Keys; words are the glossary's ``choice.<key>``."""
    columns: tuple[Item, ...] = ()
    clause: str = ""
    """Source of the question."""
    verified: bool = True
    needed_when: str = ""
    """``tenure=leased``, ``online_used=yes``: asked for only where its neighbour says so."""
    public: bool = False
    """Whether the accepted answer may stand on a public page."""
    personal: bool = False
    """Whether it is a person's datum: shown in public only as the disclosure rule allows."""
    evidence: bool = False
    """Whether a scan or photo may be put beside it to prove it."""
    sheet: bool = False
    """Whether the table may be sent as an Excel sheet."""

    def __post_init__(self) -> None:
        """Refuse an item that could not be asked."""
        require(self.kind in KINDS, f"{self.key}: kind must be among {KINDS}")
        require(
            (self.kind == "choice") == bool(self.choices), f"{self.key}: choices belong to choice"
        )
        require(
            (self.kind == "table") == bool(self.columns), f"{self.key}: columns belong to table"
        )
        require(self.kind == "table" or not self.sheet, f"{self.key}: only a table is a sheet")
        _require_distinct(self.columns, self.key)
        _require_neighbours(self.columns, self.key)

    @property
    def condition(self) -> tuple[str, str] | None:
        """Return the neighbour's key and the answer that make this needed; None = always."""
        key, _, answer = self.needed_when.partition("=")
        return (key, answer) if key else None

    def label(self, lang: str) -> str:
        """Return the question in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def hint(self, lang: str) -> str:
        """Return the hint in ``zh`` or ``en``; empty when there is none."""
        return self.hint_zh if lang == "zh" else self.hint_en


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSection:
    """A step of the form."""

    key: str
    zh: str
    en: str
    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        """Refuse an item named twice, and one that waits for a neighbour that is not there."""
        _require_distinct(self.items, self.key)
        _require_neighbours(self.items, self.key)

    def label(self, lang: str) -> str:
        """Return the step's name in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """A version of the special report's form."""

    version: str
    sections: tuple[FormSection, ...]

    def __post_init__(self) -> None:
        """Refuse a section or an item named twice."""
        _require_distinct(self.sections, "form")
        _require_distinct(tuple(self.items()), "form")

    def items(self) -> Iterator[Item]:
        """Yield every item, in the order of the form (columns stay inside their table)."""
        for section in self.sections:
            yield from section.items

    def item(self, key: str) -> Item | None:
        """Return the item ``key``; None when the form has none."""
        return next((item for item in self.items() if item.key == key), None)

    def section(self, key: str) -> FormSection | None:
        """Return the section ``key``; None when the form has none."""
        return next((section for section in self.sections if section.key == key), None)


def _require_distinct(named: tuple[Item, ...] | tuple[FormSection, ...], where: str) -> None:
    keys = [one.key for one in named]
    require(len(keys) == len(set(keys)), f"{where}: a key is used twice among {keys}")


def _require_neighbours(items: tuple[Item, ...], where: str) -> None:
    known = {item.key for item in items}
    for item in items:
        condition = item.condition
        require(
            condition is None or (condition[0] in known and bool(condition[1])),
            f"{where}.{item.key}: needed_when names no neighbour and answer",
        )
