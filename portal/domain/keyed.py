"""Keyed hashes: what is kept in place of a number, a name or a code that must not be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_HASH_BYTES = 16


def keyed(person_key: str, purpose: str) -> Callable[[str], str]:
    """Return what hashes texts with the person key; hashes of two purposes never match.

    Source: RFC 7693, 2.9: BLAKE2b with a key is a message authentication code.
    """
    key = hashlib.sha512(person_key.encode()).digest()
    person = purpose.encode()

    def hashed(value: str) -> str:
        return hashlib.blake2b(
            value.encode(), digest_size=_HASH_BYTES, key=key, person=person
        ).hexdigest()

    return hashed
