"""A person's identity number in a report: checked, then kept as a mask and a keyed hash only.

``sealed`` texts look like ``3101**********123X~<hash>``: people see what stands before the ``~``,
and the hash tells whether two institutions speak of the same person. The number itself is never
kept, and one that has a fault is kept with its middle hidden.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

DIGITS = 18
TEACHERS = "teacher"
"""The purpose for which teachers' numbers are hashed: never comparable with candidates' hashes."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_BETWEEN = "~"
_FIRST_YEAR = 1900
_ENDS = 4

_SEALED = re.compile(r"\S{1,32}~[0-9a-f]{32}")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_OTHER = re.compile(r"(?=.*[0-9])[A-Z]{1,4}[A-Z0-9]{5,16}")
_WRITTEN = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx](?![0-9])")
_ABOUT_EIGHTEEN = re.compile(r"[0-9*]{10,24}[0-9X*]")

Seal = Callable[[str], str]
"""From an identity number to its keyed hash, 32 hex digits."""


def is_sealed(text: str) -> bool:
    """Tell whether a text is a sealed number already."""
    return _SEALED.fullmatch(text) is not None


def shown(text: str) -> str:
    """Return what people may see of a sealed number."""
    return text.partition(_BETWEEN)[0]


def seal(number: str, hashed: Seal) -> str:
    """Return a sound number sealed."""
    return f"{hidden(number)}{_BETWEEN}{hashed(number)}"


def hidden(text: str) -> str:
    """Return a number with its middle hidden, as long as it was: 3101**********123X."""
    ends = _ENDS if len(text) > 3 * _ENDS else 1
    if len(text) <= ends:
        return "*" * len(text)
    tail = text[-ends:] if len(text) > 2 * ends else ""
    return text[:ends] + "*" * (len(text) - ends - len(tail)) + tail


def plain(text: str) -> str:
    """Return a number in its one written form: half width, no spaces or dashes, X large."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if not sign.isspace() and sign != "-").upper()


def fault_of(number: str) -> tuple[str, dict[str, int]] | None:
    """Return the sentence's key and facts that say why a plain number cannot be; None = it can."""
    if _OTHER.fullmatch(number):
        return None
    if not _EIGHTEEN.fullmatch(number):
        return _wrong_form(number)
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if _CHECKS[total % len(_CHECKS)] != number[-1] or not _is_day(number[6:14]):
        return "answer.identity_wrong", {}
    return None


def stands_in(text: str) -> bool:
    """Tell whether a sound identity number stands in a text, also with spaces or dashes in it."""
    found = _WRITTEN.finditer(unicodedata.normalize("NFKC", text))
    return any(fault_of(plain(one.group())) is None for one in found)


def _wrong_form(number: str) -> tuple[str, dict[str, int]]:
    if not _ABOUT_EIGHTEEN.fullmatch(number):
        return "answer.identity_unknown", {}
    missing = DIGITS - len(number)
    if missing:
        key = "answer.identity_short" if missing > 0 else "answer.identity_long"
        return key, {"n": abs(missing), "digits": DIGITS}
    return "answer.identity_hidden", {}


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(f"{written[:4]}-{written[4:6]}-{written[6:]}").year >= _FIRST_YEAR
    except ValueError:
        return False
