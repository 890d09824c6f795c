"""A random draw that anybody can repeat: ticket numbers in the order of their hashes with the seed.

Whose ticket a number is stays inside, for some have two of them for reasons that are not public;
the fingerprint of that list is published with the promise of the seed, before the draw is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence


def tickets_of(shares: Mapping[str, int]) -> list[str]:
    """Return whose each ticket is, from number 1 on."""
    return [code for code in sorted(shares) for _ in range(shares[code])]


def drawn(seed: str, tickets: Sequence[str], count: int) -> list[int]:
    """Return the tickets, by number, that draw ``count`` owners, each owner once."""
    order = sorted(range(1, len(tickets) + 1), key=lambda number: hash_of(seed, number))
    first: dict[str, int] = {}
    for number in order:
        first.setdefault(tickets[number - 1], number)
    return list(first.values())[:count]


def hash_of(seed: str, number: int) -> str:
    """Return the hash that puts a ticket in its place."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def promise_of(seed: str, tickets: Sequence[str]) -> str:
    """Return what is published before the draw may be known: it binds seed and tickets."""
    return hashlib.sha256("\n".join([seed, *tickets]).encode()).hexdigest()
