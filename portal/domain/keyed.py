"""Keyed hashes: what is kept in place of a number, a name or a code that must not be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

_HASH_BYTES = 16


def keyed(person_key: str, purpose: str) -> Callable[[str], str]:
    """Return what hashes texts with the person key; hashes of two purposes never match.

    Source: RFC 7693, 2.9: BLAKE2b with a key is a message authentication code.
    """
    begun = _begun(person_key, purpose)

    def hashed(value: str) -> str:
        digest = begun.copy()
        digest.update(value.encode())
        return digest.hexdigest()

    return hashed


def keyed_column(person_key: str, purpose: str) -> Callable[[Iterable[str]], list[str]]:
    """Return what hashes many texts as :func:`keyed` hashes one, at half the cost for each."""
    begin = _begun(person_key, purpose).copy

    def hashed(values: Iterable[str]) -> list[str]:
        hashes = []
        for value in values:
            digest = begin()
            digest.update(value.encode())
            hashes.append(digest.hexdigest())
        return hashes

    return hashed


def _begun(person_key: str, purpose: str) -> hashlib.blake2b:
    """Return a hash that has taken in key and purpose; its copies go on from there."""
    key = hashlib.sha512(person_key.encode()).digest()
    return hashlib.blake2b(digest_size=_HASH_BYTES, key=key, person=purpose.encode())
