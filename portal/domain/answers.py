"""One answer of a form: from what was typed to a value, or to why it cannot be taken.

The one meaning of what is typed:

- text: full NFC; every Unicode space, separator and line end becomes one space (a paragraph keeps
  its lines); invisible format characters are dropped; a NUL or another control character is wrong.
- number: digits with at most one point and four decimals, full-width digits too (``１２.５``).
  A comma, a letter (``1e3``, ``NaN``), a thousands mark or a unit behind it is wrong.
- date: year first, ``2027-03-05``, ``2027.3.5``, ``2027/3/5`` or ``2027年3月5日``; a day that the
  year does not have is wrong.
- a trade is typed by its slug or any name of the catalogue, and kept as its slug.
- an identity number is checked and returned in its one written form, or sealed if it is already;
  see :mod:`portal.domain.identity`.
- a share is typed in percent (``30`` or ``30%``) and kept as 0.3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.domain import identity
from portal.rules.catalogue import catalogue, plain_name
from portal.rules.form import Item

LONGEST = {"text": 500, "paragraph": 3000}
"""Most letters of an answer where the form gives no bound."""
LARGEST = 10_000_000
"""Largest number where the form gives no bound: nothing a training place could own exceeds it."""
YES, NO = "yes", "no"

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,4})?")
_DATE = re.compile(r"([12][0-9]{3})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?")
BETWEEN_TRADES = "、"
_TRADES_END = re.compile(r"[、,，;；/\n]")
_PERCENT = 100

Find = Callable[[str], str | None]
"""From a trade's name to its slug; None = no trade of that name."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why an answer cannot be taken: the key of a sentence and its facts."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def tidy(typed: str, *, lines: bool = False) -> str:
    """Return the text with every kind of space made plain; control characters stay in it."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    plain = "".join(map(_plain, text))
    kept = [" ".join(line.split()) for line in plain.split("\n")]
    return "\n".join(kept).strip() if lines else " ".join(kept).strip()


def storable(text: str) -> bool:
    """Tell whether the text holds only what can be kept and shown."""
    return not any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in text if letter != "\n"
    )


def read_answer(item: Item, typed: str, find: Find) -> object | Wrong | None:
    """Return the value that was typed, JSON-ready; None when nothing was typed."""
    text = tidy(typed, lines=item.kind in {"paragraph", "trades"})
    if not text:
        return None
    if not storable(text):
        return Wrong("answer.unstorable")
    return _READERS[item.kind](item, text, find)


def typed_answer(item: Item, value: object) -> str:
    """Return how a value would be typed, so that reading it gives the value again.

    Trades stand there as slugs: every reader's page puts them into that reader's language.
    """
    if value is None:
        return ""
    if item.kind == "yesno":
        return YES if value else NO
    if isinstance(value, list):
        return BETWEEN_TRADES.join(value)
    if item.unit == "share" and isinstance(value, int | float):
        return _short(value * _PERCENT)
    return _short(value) if isinstance(value, float) else str(value)


def _plain(letter: str) -> str:
    if letter == "\n":
        return letter
    category = unicodedata.category(letter)
    if category in {"Zs", "Zl", "Zp"} or letter in "\t\v\f\x85":
        return " "
    return "" if category == "Cf" else letter


def _text(item: Item, text: str, _find: Find) -> object | Wrong:
    most = int(item.max or LONGEST[item.kind])
    if len(text) > most:
        return Wrong("answer.too_long", {"most": most, "length": len(text)})
    return text


def _number(item: Item, text: str, _find: Find) -> object | Wrong:
    plain = unicodedata.normalize("NFKC", text)
    if item.unit == "share":
        plain = plain.removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        return Wrong("answer.comma" if "," in plain else "answer.no_number", {"typed": _cut(text)})
    if item.kind == "integer" and "." in plain:
        return Wrong("answer.no_integer", {"typed": _cut(text)})
    return _within(item, int(plain) if item.kind == "integer" else float(plain))


def _within(item: Item, number: float) -> object | Wrong:
    share = item.unit == "share"
    least = 0.0 if item.min is None or item.min_from else item.min
    most = float(LARGEST) if item.max is None else item.max
    value = round(number / _PERCENT, 6) if share else number
    shown = _PERCENT if share else 1
    if value < least:
        return Wrong("answer.too_small", {"least": _short(least * shown)})
    if value > most:
        return Wrong("answer.too_large", {"most": _short(most * shown)})
    return int(value) if float(value).is_integer() else value


def _date(_item: Item, text: str, _find: Find) -> object | Wrong:
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if not match:
        return Wrong("answer.no_date", {"typed": _cut(text)})
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return Wrong("answer.no_such_day", {"typed": _cut(text)})


def _choice(item: Item, text: str, _find: Find) -> object | Wrong:
    return text if text in item.choices else Wrong("answer.no_choice")


def _yesno(_item: Item, text: str, _find: Find) -> object | Wrong:
    return text == YES if text in {YES, NO} else Wrong("answer.no_choice")


def _identity(_item: Item, text: str, _find: Find) -> object | Wrong:
    if identity.is_sealed(text):
        return text
    number = identity.plain(text)
    fault = identity.fault_of(number)
    return Wrong(*fault) if fault else number


def _trade(_item: Item, text: str, find: Find) -> object | Wrong:
    return find(text) or _no_trade(text)


def _no_trade(text: str) -> Wrong:
    """Say that there is no such trade; of a name that only begins one, which it may be."""
    begun = plain_name(text)
    key = "answer.no_trade"
    if begun and any(begun in trade.name_zh for trade in catalogue().trades.values()):
        key = "answer.trade_unfinished"
    return Wrong(key, {"typed": _cut(text)})


def _trades(item: Item, text: str, find: Find) -> object | Wrong:
    names = [name for part in _TRADES_END.split(text) if (name := part.strip())]
    slugs: dict[str, None] = {}
    for name in names:
        slug = find(name)
        if slug is None:
            return _no_trade(name)
        slugs[slug] = None
    return list(slugs) or _trade(item, text, find)


_READERS: Mapping[str, Callable[[Item, str, Find], object | Wrong]] = {
    "text": _text,
    "paragraph": _text,
    "number": _number,
    "integer": _number,
    "date": _date,
    "choice": _choice,
    "yesno": _yesno,
    "trade": _trade,
    "trades": _trades,
    "identity": _identity,
}


def _short(number: object) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)


def _cut(text: str) -> str:
    longest = 40
    return text if len(text) <= longest else f"{text[:longest]}…"
