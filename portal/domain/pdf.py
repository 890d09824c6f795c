"""A PDF looked at from outside: is it whole, open to read, without anything that acts, how long.

Nothing is rendered. Of its compressed parts only the tables of objects are inflated, up to a bound;
pictures and fonts are never touched, however large they claim to be.

Source: ISO 32000-1, 7.5 (structure), 7.5.7 (object streams), 7.6 (encryption).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from portal.domain.errors import RuleBroken

_END = b"%%EOF"
_END_WITHIN = 2048
_MOST_INFLATED = 16 * 2**20
_DICTIONARY = 2048

_STREAM = re.compile(rb"stream\r?\n")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_ACTS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])"
)


def pages_of(content: bytes) -> int:
    """Return how many pages a PDF has.

    Raises:
        RuleBroken: it is cut off, locked by a password, holds something that acts, or is no PDF
            behind its first line.

    """
    if _END not in content[-_END_WITHIN:]:
        raise RuleBroken("attachment.damaged")
    outside, tables = _parts(content)
    if _LOCKED.search(outside):
        raise RuleBroken("attachment.password")
    read = b"\n".join([outside, *tables])
    if _ACTS.search(read):
        raise RuleBroken("attachment.acting")
    pages = len(_PAGE.findall(read))
    if not pages:
        raise RuleBroken("attachment.damaged")
    return pages


def _parts(content: bytes) -> tuple[bytes, list[bytes]]:
    """Return what stands outside of streams, and the inflated tables of objects."""
    outside: list[bytes] = []
    tables: list[bytes] = []
    left = _MOST_INFLATED
    for before, body in _pieces(content):
        outside.append(before)
        said = before[-_DICTIONARY:].rpartition(b"obj")[2]
        if b"/ObjStm" in said and b"/FlateDecode" in said:
            tables.append(_inflated(body, left))
            left -= len(tables[-1])
    return b"\n".join(outside), tables


def _pieces(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (what stands before a stream, the stream), and at last the rest."""
    at = 0
    while found := _STREAM.search(content, at):
        end = content.find(b"endstream", found.end())
        end = len(content) if end < 0 else end
        yield content[at : found.start()], content[found.end() : end]
        at = end + len(b"endstream")
    yield content[at:], b""


def _inflated(body: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        read = reader.decompress(body, max(most, 1))
    except zlib.error as cause:
        raise RuleBroken("attachment.damaged") from cause
    if reader.unconsumed_tail:
        raise RuleBroken("attachment.bomb")
    return read
