"""How often one address may ask the interface for programs: counted a minute at a time.

The counts lie in a small file that the workers of one machine share. An address is kept as a keyed
hash only, and forgotten with its minute. Two workers that count at the same instant may count one
request too few: a limit of hundreds does not need more.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from pathlib import Path

from flask import Flask, current_app, request

from portal.domain.errors import TooOften
from portal.settings import machine_clock
from portal.web.boundary import wiring, wiring_of

EXTENSION = "portal-limits"
_SLOTS = 2**16
_SLOT = struct.Struct("<II")
_MINUTE = 60


class Minutes:
    """Requests of each address in the present minute."""

    def __init__(self, file: Path, key: bytes) -> None:
        """Count in ``file``; in this process alone where the file cannot be made."""
        self._key = key
        size = _SLOTS * _SLOT.size
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a+b") as kept:
                kept.truncate(size)
                self._counts = mmap.mmap(kept.fileno(), size)
        except OSError:
            self._counts = mmap.mmap(-1, size)

    def count(self, address: str, second: int) -> int:
        """Count one request at ``second`` (since 1970); return how many the minute has now."""
        digest = hashlib.blake2b(address.encode(), key=self._key, digest_size=8).digest()
        at = int.from_bytes(digest, "big") % _SLOTS * _SLOT.size
        minute = second // _MINUTE
        seen, count = _SLOT.unpack_from(self._counts, at)
        count = count + 1 if seen == minute else 1
        _SLOT.pack_into(self._counts, at, minute, count)
        return count


def install(app: Flask) -> None:
    """Count what programs ask, and refuse what is too much."""
    settings = wiring_of(app).settings
    key = hashlib.sha256(str(app.config["SECRET_KEY"]).encode()).digest()
    app.extensions[EXTENSION] = Minutes(settings.data_dir / "passing" / "limits", key)
    app.before_request(_not_too_often)


def _not_too_often() -> None:
    most = wiring().settings.api_per_minute
    if not most or not request.path.startswith("/api/"):
        return
    second = int(machine_clock().timestamp())
    minutes: Minutes = current_app.extensions[EXTENSION]
    if minutes.count(request.remote_addr or "", second) > most:
        wait = _MINUTE - second % _MINUTE
        raise TooOften("api.too_often", wait_seconds=wait, most=most, seconds=wait)
