"""Passwords, hashed with argon2id; the work is the same whether or not there is a person."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The first of OWASP's parameter sets: at 19 MiB a full pool of threads stays in bounds.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random text that nobody kept, with the parameters above.
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$8dj7S9qTuvbUp4z5xRYJTg$KRgEld"
    "xgvwPZq2gpM7sIqRfr3jyZYRNBmKqAZXcoo8o"
)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether the password is that of the hash; where there is none, after the same work."""
    try:
        _HASHER.verify(password_hash or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_current(password_hash: str) -> bool:
    """Tell whether a hash was made with today's parameters."""
    return not _HASHER.check_needs_rehash(password_hash)
