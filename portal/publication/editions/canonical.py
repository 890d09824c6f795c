"""Canonical bytes: the one way in which JSON, CSV and zip of an edition can be written."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from portal.domain.errors import RuleBroken

LARGEST = 256 * 2**20
"""Bytes of the largest bundle that is read."""

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _FIRST_OF_1980, _MODE = 20, 0x21, 0o100644 << 16
_ALIGNED_WITH_UNIX = 3 << 8


def canonical_json(value: object) -> bytes:
    """Return ``value`` as JSON with sorted keys, no spaces, UTF-8, no NaN."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def read_canonical_json(content: bytes, member: str) -> dict[str, Any]:
    """Return the object that ``content`` holds.

    Raises:
        RuleBroken: it is no JSON object, or not written canonically.

    """
    try:
        value = json.loads(content)
        same = isinstance(value, dict) and canonical_json(value) == content
    except (ValueError, RecursionError):
        same, value = False, {}
    if not same:
        raise RuleBroken("verify.not_canonical", member=member)
    found: dict[str, Any] = value
    return found


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the canonical zip: names sorted, contents stored, every time stamp 1980-01-01."""
    body, directory = bytearray(), bytearray()
    for name in sorted(members):
        content, written = members[name], name.encode("ascii")
        check, size = zlib.crc32(content), len(content)
        at = len(body)
        shared = (_VERSION, 0, 0, 0, _FIRST_OF_1980, check, size, size, len(written), 0)
        body += _LOCAL.pack(b"PK\3\4", *shared) + written + content
        directory += _CENTRAL.pack(
            b"PK\1\2", _ALIGNED_WITH_UNIX | _VERSION, *shared, 0, 0, 0, _MODE, at
        )
        directory += written
    end = _END.pack(b"PK\5\6", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return bytes(body + directory + end)


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the members of a canonical zip.

    Raises:
        RuleBroken: the bytes are not those that :func:`pack` writes.

    """
    try:
        members = _members(content)
        same = pack(members) == content
    except (struct.error, UnicodeError, MemoryError):
        same, members = False, {}
    if not same:
        raise RuleBroken("verify.zip")
    return members


def _members(content: bytes) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    at = 0
    while content[at : at + 4] == b"PK\3\4":
        head = _LOCAL.unpack_from(content, at)
        size, named = head[8], head[9]
        at += _LOCAL.size
        name = content[at : at + named].decode("ascii")
        members[name] = content[at + named : at + named + size]
        at += named + size
    return members
