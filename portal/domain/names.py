"""Names of institutions made comparable: one key for all the ways in which files write a name."""

from __future__ import annotations

import re
import unicodedata

from portal.rules.script import simplified

_LEGAL_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司$|(?<![分子])公司$")
_FOREIGN_FORMS = frozenset(
    {"co", "company", "corp", "corporation", "inc", "incorporated", "ltd", "limited", "llc", "plc"}
    | {"lda", "limitada", "sa", "gmbh"}
)
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def name_key(name: str) -> str:
    """Return what is left of a name when width, case, script, spaces, marks and form are set aside.

    Words in brackets stay, so that a branch keeps a key of its own: （普陀）分校 is not its parent.
    A name that is nothing but a legal form keeps it. Empty only where no letter or digit is given.
    """
    words = _BETWEEN_WORDS.split(_folded(name))
    while len(words) > 1 and words[-1] in _FOREIGN_FORMS | {""}:
        words.pop()
    key = "".join(words)
    while (shorter := _LEGAL_FORM.sub("", key)) not in {key, ""}:
        key = shorter
    return key


def _folded(text: str) -> str:
    """Return the text in one width, case and script, without what cannot be seen."""
    seen = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    return simplified(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()))
