"""What was not taken in, and why: flaws of a row, whole refused rows, and lines skipped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.rules.words import say

_LONGEST_SHOWN = 60
_SHOWN_ENDS = 2
# Eleven digits and more, also set apart by spaces or dashes: a phone, an identity number.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){9,}[\s\-]?[\dXx]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one cell, or one row, cannot be: the key of the sentence and the facts in it."""

    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault and the column (its key in the format) where it shows; "" is the whole row."""

    column: str
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A flaw of a row of the file, as shown to people: ``raw`` is masked, ``line`` from 1.

    ``column`` is the file's own word for the column, ``key`` the format's; "" is the whole row.
    """

    sheet: str
    line: int
    column: str
    raw: str
    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)
    key: str = ""

    def words(self, lang: str) -> str:
        """Return the reason in ``zh`` or ``en``."""
        return say(self.rule, lang, **self.facts)

    def as_facts(self) -> dict[str, Any]:
        """Return it as JSON can hold it, with the reason in both languages."""
        return {
            "sheet": self.sheet,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "raw": self.raw,
            "rule": self.rule,
            "zh": self.words("zh"),
            "en": self.words("en"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Lines that are no data: title, header, blank, subtotal, signature, sheet.

    ``until`` is the last line of a run, None for a single line.
    """

    sheet: str
    line: int
    reason: str
    until: int | None = None

    def as_facts(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        facts: dict[str, Any] = {"sheet": self.sheet, "line": self.line, "reason": self.reason}
        return facts if self.until is None else facts | {"until": self.until}


def shown(raw: str, *, personal: bool = False) -> str:
    """Return a cell's text fit to be seen: short, one line, no long number in clear."""
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    if personal and "E+" not in text.upper():
        text = masked(text)
    text = _LONG_NUMBER.sub(lambda found: masked(found[0]), text)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def masked(text: str) -> str:
    """Return the first and the last signs of a text, and stars for the rest."""
    ends = _SHOWN_ENDS if len(text) > 3 * _SHOWN_ENDS else 1
    if len(text) <= ends:
        return "*" * len(text)
    tail = text[-ends:] if len(text) > 2 * ends else ""
    return text[:ends] + "*" * (len(text) - ends - len(tail)) + tail
