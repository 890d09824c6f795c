"""A calendar file (RFC 5545) of whole days, each with an alarm some days before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIME = "text/calendar; charset=utf-8"
_LONGEST_LINE = 75
"""Bytes of a line without its end."""
_ESCAPED = re.compile(r"([\\;,])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One day of the calendar; ``key`` stays the same when its day or its words change."""

    key: str
    title: str
    words: str
    url: str
    on: date


def calendar(name: str, entries: Iterable[Entry], at: datetime, remind_days: int) -> str:
    """Return the file, made at an instant; ``remind_days`` 0: without alarms."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//training portal//deadlines//ZH",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in entries:
        lines += _event(entry, at, remind_days)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry, at: datetime, remind_days: int) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.key}@deadlines.training-portal"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.words:
        yield f"DESCRIPTION:{_text(entry.words)}"
    yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    if remind_days:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_text(entry.title)}"
        yield f"TRIGGER:-P{remind_days}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def _text(words: str) -> str:
    return _ESCAPED.sub(r"\\\1", words).replace("\n", r"\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of few enough bytes; no letter is cut."""
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += width
    yield piece
