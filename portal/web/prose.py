"""Markdown as far as notices need it, made into safe HTML: everything else is shown as typed.

A blank line parts paragraphs. A line that begins with ``## `` or ``### `` is a heading (no level
is skipped), ``- `` or ``1. `` an item of a list, ``> `` a quotation, ``|`` a row of a table.
``**words**`` are strong, ``[words](https://…)`` a link; an address must be http, https or a path
of this site. Nothing typed can become another tag or attribute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

_INLINE = re.compile(
    r"\*\*(?=\S)(?P<strong>.+?)(?<=\S)\*\*"
    r"|\[(?P<words>[^\[\]]{1,200})\]\((?P<to>(?:https?://|/(?!/))[^\s()<>\"'\\]{1,500})\)"
)
_KINDS = {
    "chapter": re.compile(r"##\s+(?P<words>\S.*)"),
    "heading": re.compile(r"###\s+(?P<words>\S.*)"),
    "item": re.compile(r"[-*•]\s+(?P<words>\S.*)"),
    "number": re.compile(r"\d{1,3}[.、)]\s*(?P<words>\S.*)"),
    "quotation": re.compile(r">\s*(?P<words>\S.*)"),
    "row": re.compile(r"\|(?P<words>.*\S.*)\|"),
}
_RULE = re.compile(r"[-:|\s]+")


def prose(text: str) -> Markup:
    """Return the text as safe HTML."""
    lines = [_line(line.strip()) for line in text.splitlines()]
    parts, has_chapter = [], False
    for kind, group in groupby(lines, key=lambda line: line[0]):
        has_chapter = has_chapter or kind == "chapter"
        level = "chapter" if kind == "heading" and not has_chapter else kind
        parts.append(_PARTS[level]([words for _, words in group]))
    return Markup("\n").join(part for part in parts if part)


def _line(line: str) -> tuple[str, str]:
    if not line:
        return "blank", ""
    for kind, written in _KINDS.items():
        match = written.fullmatch(line)
        if match:
            return kind, match["words"]
    return "text", line


def _words(text: str) -> Markup:
    found, end = Markup(), 0
    for match in _INLINE.finditer(text):
        found += text[end : match.start()]
        if match["strong"]:
            found += Markup("<b>{}</b>").format(_words(match["strong"]))
        else:
            found += Markup('<a href="{}" rel="nofollow">{}</a>').format(
                match["to"], match["words"]
            )
        end = match.end()
    return found + text[end:]


def _each(before: str, after: str) -> Callable[[list[str]], Markup]:
    frame = Markup(before + "{}" + after)  # noqa: S704  # our own tags
    return lambda lines: Markup("\n").join(frame.format(_words(line)) for line in lines)


def _list(tag: str) -> Callable[[list[str]], Markup]:
    frame = Markup(f"<{tag}>\n{{}}\n</{tag}>")  # noqa: S704  # our own tags
    items = _each("<li>", "</li>")
    return lambda lines: frame.format(items(lines))


def _lines(before: str, after: str) -> Callable[[list[str]], Markup]:
    frame = Markup(before + "{}" + after)  # noqa: S704  # our own tags
    return lambda lines: frame.format(Markup("<br>\n").join(_words(line) for line in lines))


def _table(lines: list[str]) -> Markup:
    rows = [line.split("|") for line in lines if not _RULE.fullmatch(line)]
    if not rows:
        return Markup()
    head = _row(rows[0], '<th scope="col">', "</th>")
    body = Markup("\n").join(_row(row, "<td>", "</td>") for row in rows[1:])
    return Markup(
        '<div class="scroll" tabindex="0"><table><thead>{}</thead>\n<tbody>{}</tbody></table></div>'
    ).format(head, body)


def _row(cells: list[str], before: str, after: str) -> Markup:
    frame = Markup(before + "{}" + after)  # noqa: S704  # our own tags
    return Markup("<tr>{}</tr>").format(
        Markup().join(frame.format(_words(cell.strip())) for cell in cells)
    )


_PARTS: dict[str, Callable[[list[str]], Markup]] = {
    "blank": lambda _: Markup(),
    "text": _lines("<p>", "</p>"),
    "chapter": _each("<h2>", "</h2>"),
    "heading": _each("<h3>", "</h3>"),
    "item": _list("ul"),
    "number": _list("ol"),
    "quotation": _lines('<blockquote class="note said"><p>', "</p></blockquote>"),
    "row": _table,
}
