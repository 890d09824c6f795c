"""Pictures looked at from outside: whole, of a sane size, and nothing hanging on behind the end.

Source: ISO/IEC 15948 (PNG), 5.3 and 11.2; ITU-T T.81 (JPEG), B.1.1.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.errors import RuleBroken

_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 20_000
_MOST_WORDS = 4 * 2**20
_STEP = 2**18
_SLACK = 2**20
_HEADER = struct.Struct(">IIBBBBB")
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by PNG's type of colour."""
_DEPTHS = (1, 2, 4, 8, 16)
_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that tell the size of the frame."""
_ALONE = {0x01, *range(0xD0, 0xD8)}
_END = 0xD9
_PACKED_WORDS = frozenset({b"zTXt", b"iTXt", b"iCCP"})
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)

Chunk = tuple[bytes, bytes, int]
"""Type, body, and where the next one begins."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture up to its end, and its pixels."""

    content: bytes
    width: int
    height: int


def png(content: bytes) -> Picture:
    """Return a PNG without what hangs on behind it.

    Raises:
        RuleBroken: it is damaged, or inflates to more than it can hold.

    """
    chunks = _chunks(content)
    width, height, row = _measured(next(chunks, (b"", b"", 0)))
    pixels: list[bytes] = []
    for kind, body, end in chunks:
        if kind in _PACKED_WORDS:
            _require_few_words(_packed(kind, body))
        elif kind == b"IDAT":
            pixels.append(body)
        elif kind == b"IEND":
            _require_pixels(pixels, row * height)
            return Picture(content[:end], width, height)
    raise RuleBroken("attachment.damaged")


def jpeg(content: bytes) -> Picture:
    """Return a JPEG without what hangs on behind it.

    Raises:
        RuleBroken: it is damaged, or larger than a camera takes it.

    """
    at, size = 2, (0, 0)
    while (found := _NEXT_MARKER.search(content, at)) is not None:
        kind, at = content[found.end() - 1], found.end()
        if kind == _END and all(size):
            return Picture(content[:at], *size)
        if kind in _ALONE:
            continue
        length = int.from_bytes(content[at : at + 2], "big")
        if kind in _SIZES:
            size = _frame(content[at : at + length])
        at += length
    raise RuleBroken("attachment.damaged")


def _frame(body: bytes) -> tuple[int, int]:
    told = 7
    if len(body) < told:
        raise RuleBroken("attachment.damaged")
    height, width = struct.unpack(">HH", body[3:told])
    _require_sane(width, height)
    return width, height


def _chunks(content: bytes) -> Iterator[Chunk]:
    at = 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 12 + length
        if end > len(content):
            raise RuleBroken("attachment.damaged")
        kind, body = content[at + 4 : at + 8], content[at + 8 : end - 4]
        if zlib.crc32(kind + body) != int.from_bytes(content[end - 4 : end], "big"):
            raise RuleBroken("attachment.damaged")
        yield kind, body, end
        at = end


def _require_sane(width: int, height: int) -> None:
    if not width or not height:
        raise RuleBroken("attachment.damaged")
    if max(width, height) > _LONGEST_SIDE or width * height > _MOST_PIXELS:
        raise RuleBroken("attachment.too_many_pixels", None, width=width, height=height)


def _measured(first: Chunk) -> tuple[int, int, int]:
    """Return width, height, and the bytes of a row of pixels."""
    kind, head, _ = first
    if kind != b"IHDR" or len(head) != _HEADER.size:
        raise RuleBroken("attachment.damaged")
    width, height, depth, colour, *_ = _HEADER.unpack(head)
    _require_sane(width, height)
    if colour not in _SAMPLES or depth not in _DEPTHS:
        raise RuleBroken("attachment.damaged")
    return width, height, (width * _SAMPLES[colour] * depth + 7) // 8 + 1


def _packed(kind: bytes, body: bytes) -> bytes:
    """Return the compressed part of a chunk of words or of a colour profile; empty = none."""
    rest = body.partition(b"\0")[2]
    if kind != b"iTXt":
        return rest[1:]
    return rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""


def _require_few_words(packed: bytes) -> None:
    reader = zlib.decompressobj()
    try:
        reader.decompress(packed, _MOST_WORDS)
    except zlib.error as cause:
        raise RuleBroken("attachment.damaged") from cause
    if reader.unconsumed_tail:
        raise RuleBroken("attachment.bomb")


def _require_pixels(parts: list[bytes], wanted: int) -> None:
    reader = zlib.decompressobj()
    most, inflated = wanted + wanted // 5 + _SLACK, 0
    for part in parts:
        left = part
        while left and not reader.eof:
            inflated += _step(reader, left)
            left = reader.unconsumed_tail
            if inflated > most:
                raise RuleBroken("attachment.bomb")
    if not reader.eof:
        raise RuleBroken("attachment.damaged")


def _step(reader: zlib._Decompress, body: bytes) -> int:
    try:
        return len(reader.decompress(body, _STEP))
    except zlib.error as cause:
        raise RuleBroken("attachment.damaged") from cause
