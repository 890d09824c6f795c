"""Finding an institution by what a person remembers of it: part of a name, an old name, a code."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from portal.publication.institutions.directory import Listed
from portal.publication.institutions.spelling import has_initials, simplified
from portal.rules.catalogue import Trade

LONGEST = 80
"""Letters of a query that are looked at: longer than any name."""
_NEAR = 0.34
"""Share of common letter pairs from which a name is near."""


def plain(text: str) -> str:
    """Return a text without what differs in typing: width, case, variants, spaces, punctuation."""
    folded = simplified(unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in folded if letter.isalnum())


def matching(listed: Iterable[Listed], query: str) -> list[Listed]:
    """Return the institutions that bear every word of ``query`` in a name or in the code.

    Where none does, letters are read as the initials of a name: slja finds 示例甲安全培训中心.
    """
    everybody, words = list(listed), query[:LONGEST].split()
    found = [one for one in everybody if all(_bears(one, word) for word in words)]
    letters = _letters(query)
    if found or not letters:
        return found
    return [one for one in everybody if any(has_initials(name, letters) for name in _own(one))]


def trades_matching(offered: Iterable[Trade], query: str) -> list[Trade]:
    """Return the trades of which a name, short name or alias holds what was searched for.

    Where none does, letters are read as initials: dydg finds 低压电工作业.
    """
    everything, wanted = list(offered), plain(query[:LONGEST])
    if len(wanted) < 2:  # noqa: PLR2004  # one sign is in every name
        return []
    found = [one for one in everything if any(wanted in plain(name) for name in _called(one))]
    letters = _letters(query)
    if found or not letters:
        return found
    return [one for one in everything if any(has_initials(name, letters) for name in _called(one))]


def near(listed: Iterable[Listed], query: str, most: int = 5) -> list[Listed]:
    """Return the institutions whose names are most like ``query``, best first."""
    wanted = _pairs(query[:LONGEST])
    likeness = [(max(_likeness(wanted, name) for name in _names(one)), one) for one in listed]
    close = [pair for pair in likeness if pair[0] >= _NEAR]
    return [one for _, one in sorted(close, key=lambda pair: (-pair[0], pair[1].code))[:most]]


def former_name(one: Listed, query: str) -> str | None:
    """Return the old name by which ``query`` found it; None where the present name fits."""
    words = query[:LONGEST].split()
    if not words or all(_within(word, name) for word in words for name in [one.name]):
        return None
    return next((old for old in one.former_names if all(_within(w, old) for w in words)), None)


def _letters(query: str) -> str:
    """Return a query that may be the initials of a name; "" for any other."""
    letters = plain(query[:LONGEST])
    return letters if letters.isascii() and letters.isalpha() and len(letters) > 1 else ""


def _called(trade: Trade) -> tuple[str, ...]:
    return (trade.name_zh, trade.name_en, trade.short_zh, *trade.aliases)


def _bears(one: Listed, word: str) -> bool:
    return any(_within(word, name) for name in (*_names(one), one.code, one.credit_code or ""))


def _within(word: str, name: str) -> bool:
    # A word of signs alone, such as %, is looked for as it stands.
    wanted = plain(word)
    return wanted in plain(name) if wanted else word in name


def _names(one: Listed) -> tuple[str, ...]:
    return (one.name, one.name_en or "", *one.former_names)


def _own(one: Listed) -> tuple[str, ...]:
    return (one.name, *one.former_names)


def _pairs(text: str) -> Counter[str]:
    letters = plain(text)
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1))


def _likeness(wanted: Counter[str], name: str) -> float:
    own = _pairs(name)
    return 2 * (wanted & own).total() / max(wanted.total() + own.total(), 1)
