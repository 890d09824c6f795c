"""Other ways of writing a Chinese name: its initials, and traditional signs for simplified ones."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

from portal.rules.reading import DATA, read_toml

_LETTERS = "abcdefghjklmnopqrstwxyz"
# GB 2312 sorts its 3,755 common signs by their sound: here each letter begins.
_BEGINS = (
    0xB0A1,
    0xB0C5,
    0xB2C1,
    0xB4EE,
    0xB6EA,
    0xB7A2,
    0xB8C1,
    0xB9FE,
    0xBBF7,
    0xBFA6,
    0xC0AC,
    0xC2E8,
    0xC4C3,
    0xC5B6,
    0xC5BE,
    0xC6DA,
    0xC8BB,
    0xC8F6,
    0xCBFA,
    0xCDDA,
    0xCEF4,
    0xD1B9,
    0xD4D1,
)
_LAST = 0xD7F9
_ANY = frozenset(_LETTERS)


def simplified(text: str) -> str:
    """Return a text with the traditional signs of names written simplified."""
    return text.translate(_variants())


def has_initials(name: str, letters: str) -> bool:
    """Tell whether the signs of a name, somewhere in it, begin with these letters of pinyin.

    A sign with several sounds answers to each; one that is too rare to be known, to any.
    """
    signs = [sounds(sign) for sign in name if sign.isalnum()]
    wanted = letters.casefold()
    starts = range(len(signs) - len(wanted) + 1)
    return any(
        all(letter in signs[start + at] for at, letter in enumerate(wanted)) for start in starts
    )


@cache
def sounds(sign: str) -> frozenset[str]:
    """Return the letters that a sign's pinyin may begin with."""
    if sign.isascii():
        return frozenset(sign.casefold())
    others = _several().get(sign)
    return others or _common(sign)


def _common(sign: str) -> frozenset[str]:
    try:
        code = int.from_bytes(sign.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return _ANY
    if not _BEGINS[0] <= code <= _LAST:
        return _ANY
    return frozenset(_LETTERS[bisect_right(_BEGINS, code) - 1])


@cache
def _variants() -> dict[int, str]:
    pairs = str(read_toml(DATA / "spelling.toml")["variants"]).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


@cache
def _several() -> dict[str, frozenset[str]]:
    sounds_of = read_toml(DATA / "spelling.toml")["sounds"]
    return {sign: frozenset(letters) for sign, letters in sounds_of.items()}
