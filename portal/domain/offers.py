"""What an institution types about fees, classes and its phone: to a value, or to why not.

Money is an amount with at most two decimals, digits only, as other numbers are typed. A phone
number is digits with ``-``, spaces, brackets and one extension; full-width signs become plain, a
leading ``+86`` is dropped, letters are refused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from portal.domain.answers import Wrong, read_answer, storable, tidy
from portal.rules.form import Item

MOST_MONEY = 100_000
"""Largest fee, in whole units of the currency."""
MOST_PLACES = 10_000
LONGEST_INCLUDES = 200

_MONEY = Item(key="money", kind="number", zh="", en="", max=MOST_MONEY)
_PLACES = Item(key="places", kind="integer", zh="", en="", max=MOST_PLACES)
_DAY = Item(key="day", kind="date", zh="", en="")
_NOTE = Item(key="note", kind="text", zh="", en="", max=LONGEST_INCLUDES)
_PHONE = re.compile(r"\+?[0-9](?:[0-9]|[ -](?=[0-9])){4,24}(?: ?(?:转|ext\.?|x|#) ?[0-9]{1,6})?")
_EXTENSION = re.compile(r" ?(?:转|ext\.?|x|#) ?(?=[0-9]{1,6}$)")
_LEAST_DIGITS, _MOST_DIGITS = 5, 20
_CENTS = 100


def _no_trade(_name: str) -> None:
    return None


def read_money(typed: str) -> int | Wrong | None:
    """Return an amount in cents; None when nothing was typed."""
    found = read_answer(_MONEY, typed, _no_trade)
    if found is None or isinstance(found, Wrong):
        return found
    cents = round(float(str(found)) * _CENTS, 6)
    return int(cents) if cents.is_integer() else Wrong("offer.money_decimals")


def read_places(typed: str) -> int | Wrong | None:
    """Return how many places are free; None when nothing was typed."""
    found = read_answer(_PLACES, typed, _no_trade)
    return found if found is None or isinstance(found, Wrong) else int(str(found))


def read_day(typed: str) -> date | Wrong | None:
    """Return a day; None when nothing was typed."""
    found = read_answer(_DAY, typed, _no_trade)
    return found if found is None or isinstance(found, Wrong) else date.fromisoformat(str(found))


def read_note(typed: str) -> str | Wrong:
    """Return one line of text, possibly empty."""
    found = read_answer(_NOTE, typed, _no_trade)
    return found if isinstance(found, Wrong) else str(found or "")


def read_phone(typed: str) -> str | Wrong | None:
    """Return a phone number made plain; None when nothing was typed."""
    plain = unicodedata.normalize("NFKC", tidy(typed)).lower()
    plain = re.sub(r"[‐-―−]", "-", plain).replace("(", "").replace(")", "-")
    plain = re.sub(r"[ -]*-[ -]*", "-", " ".join(plain.split())).strip("- ")
    if not plain:
        return None
    if not storable(plain) or not _PHONE.fullmatch(plain):
        return Wrong("offer.no_phone")
    number = re.sub(r"^(?:\+|00)86[ -]?", "", plain)
    if not _LEAST_DIGITS <= sum(map(str.isdigit, number)) <= _MOST_DIGITS:
        return Wrong("offer.no_phone")
    return _EXTENSION.sub("-", number)
