"""Plain text with very few marks, made into paragraphs: everything else is shown as typed.

A blank line parts paragraphs. A line that begins with ``## `` is a heading, ``- `` or ``1. `` an
item of a list; ``**words**`` are strong. Nothing typed can become a tag, a link or an attribute.
"""

from __future__ import annotations

import re
from itertools import groupby

from markupsafe import Markup, escape

_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_KINDS = {
    "heading": re.compile(r"##\s+(?P<words>\S.*)"),
    "item": re.compile(r"[-*•]\s+(?P<words>\S.*)"),
    "number": re.compile(r"\d{1,3}[.、)]\s*(?P<words>\S.*)"),
}
_LISTS = {"item": "ul", "number": "ol"}


def prose(text: str) -> Markup:
    """Return the text as safe HTML."""
    lines = [_line(line.strip()) for line in text.splitlines()]
    parts = []
    for kind, group in groupby(lines, key=lambda line: line[0]):
        words = [word for _, word in group]
        parts.append(_part(kind, words))
    return Markup("\n").join(part for part in parts if part)


def _line(line: str) -> tuple[str, Markup]:
    if not line:
        return "blank", Markup()
    for kind, written in _KINDS.items():
        match = written.fullmatch(line)
        if match:
            return kind, _words(match["words"])
    return "text", _words(line)


def _words(text: str) -> Markup:
    strong = _STRONG.sub(r"<b>\1</b>", str(escape(text)))
    return Markup(strong)  # noqa: S704  # escaped the line before


def _part(kind: str, words: list[Markup]) -> Markup:
    if kind == "blank":
        return Markup()
    if kind == "heading":
        return Markup("\n").join(Markup("<h2>{}</h2>").format(word) for word in words)
    if kind == "text":
        return Markup("<p>{}</p>").format(Markup("<br>\n").join(words))
    tag = _LISTS[kind]
    items = Markup("\n").join(Markup("<li>{}</li>").format(word) for word in words)
    return Markup(f"<{tag}>\n{{}}\n</{tag}>").format(items)  # noqa: S704  # tag is one of ours
