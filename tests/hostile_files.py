"""Files as people and attackers send them, made from nothing in every run."""

from __future__ import annotations

import struct
import zlib

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_END = b"\xff\xd9"


def pdf(pages: int = 1, more: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a small PDF; ``more`` are further objects."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(pages))
    parts = [b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj"]
    parts.append(b"2 0 obj <</Type /Pages /Kids [%s] /Count %d>> endobj" % (kids, pages))
    parts += [b"%d 0 obj <</Type /Page /Parent 2 0 R>> endobj" % (n + 3) for n in range(pages)]
    body = b"\n".join([b"%PDF-1.7", *parts, more])
    return body + b"\ntrailer <</Root 1 0 R " + trailer + b">>\nstartxref\n9\n%%EOF\n"


def stream(inside: bytes, kind: bytes = b"/ObjStm", number: int = 90) -> bytes:
    """Return a compressed object of a PDF."""
    packed = zlib.compress(inside)
    head = b"%d 0 obj <</Type %s /Filter /FlateDecode /Length %d>>" % (number, kind, len(packed))
    return head + b"\nstream\n" + packed + b"\nendstream endobj"


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 1600,
    height: int = 20,
    *,
    pixels: bytes | None = None,
    more: bytes = b"",
) -> bytes:
    """Return a grey PNG; ``more`` are chunks before its pixels."""
    rows = b"\0" * ((width + 1) * height) if pixels is None else pixels
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), more]
    return b"".join([*parts, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")])


def jpeg(width: int = 1600, height: int = 1200, *, end: bytes = _END) -> bytes:
    """Return the bones of a JPEG: header, frame, scan, end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    scan = b"\x01\x01\0\0\x3f\0"
    return b"".join(
        [
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
            b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame,
            b"\xff\xda" + struct.pack(">H", len(scan) + 2) + scan,
            b"\x12\x34\xff\x00\x56\xff\xd0\x78",
            end,
        ]
    )
