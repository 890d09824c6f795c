"""Invented evidence: a page that says what it is, and a plain photo. Nothing in it is real."""

from __future__ import annotations

import struct
import zlib

_TITLES = {
    "lease": "EXAMPLE LEASE - INVENTED",
    "certificate": "EXAMPLE CERTIFICATE - INVENTED",
    "letter": "EXAMPLE LETTER - INVENTED",
}


def paper(kind: str) -> bytes:
    """Return a PDF of one page that names itself; ``kind``: lease, certificate, letter."""
    words = f"BT /F1 24 Tf 60 740 Td ({_TITLES[kind]}) Tj ET".encode()
    parts = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        (
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <</Font <</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(words), words),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    end = b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end


def photo(width: int, height: int) -> bytes:
    """Return a PNG in two greys."""
    row = b"\0" + bytes([200]) * (width // 2) + bytes([120]) * (width - width // 2)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, part) for kind, part in chunks)


def _chunk(kind: bytes, part: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(kind + part))
    return struct.pack(">I", len(part)) + kind + part + checked
