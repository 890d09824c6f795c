"""Every interface word has its English, and no catalogue keeps a word that nobody says."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po
from tree import ROOT, modules, short

if TYPE_CHECKING:
    from babel.messages.catalog import Message

CATALOGUES = ROOT / "data/translations/en/LC_MESSAGES"
# What the web floor's own functions mark for the translators.
KEYWORDS = DEFAULT_KEYWORDS | {"mark": None, "lazy": None}
JINJA = {"extensions": "jinja2.ext.i18n", "silent": "false"}


Msgid = str | tuple[str, ...]


def msgid_of(message: Message) -> Msgid:
    """Return the msgid; singular and plural as a tuple."""
    return message.id if isinstance(message.id, str) else tuple(message.id)


@cache
def said() -> dict[Msgid, str]:
    """Return msgid (singular and plural as a tuple) → the first place that says it."""
    places: dict[Msgid, str] = {}
    sources = [
        ("jinja2.ext:babel_extract", path) for path in sorted((ROOT / "templates").rglob("*.html"))
    ]
    sources += [("python", path) for path in modules("portal")]
    for method, path in sources:
        options = JINJA if method != "python" else {}
        found = extract_from_file(method, path, keywords=KEYWORDS, options=options)
        for line, msgid, _comments, _context in found:
            places.setdefault(msgid, f"{short(path)}:{line}")
    return places


@cache
def translated() -> dict[Msgid, list[tuple[str, Message]]]:
    """Return msgid → its entries as (catalogue, message)."""
    entries: dict[Msgid, list[tuple[str, Message]]] = defaultdict(list)
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    entries[msgid_of(message)].append((path.name, message))
    return entries


def complete(message: Message) -> bool:
    """Tell whether all plural forms are there and nobody marked them as a guess."""
    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
    return bool(strings) and all(strings) and not message.fuzzy


def test_every_word_has_its_english() -> None:
    missing = [
        f"{place}: {msgid}"
        for msgid, place in said().items()
        if not any(complete(message) for _, message in translated().get(msgid, []))
    ]
    assert not missing, "\n".join(missing)


def test_no_catalogue_keeps_a_word_that_nobody_says() -> None:
    idle = [
        f"{catalogue}: {msgid}"
        for msgid, entries in translated().items()
        for catalogue, _ in entries
        if msgid not in said()
    ]
    assert not idle, "\n".join(idle)


def test_one_word_has_one_english() -> None:
    torn = [
        f"{msgid}: {[(catalogue, message.string) for catalogue, message in entries]}"
        for msgid, entries in translated().items()
        if len({str(message.string) for _, message in entries}) > 1
    ]
    assert not torn, "\n".join(torn)
