"""The code on a one-time slip: easy to copy by hand, read forgivingly, kept only as a hash."""

from __future__ import annotations

import hashlib
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_GROUP = 4
_TAKEN_FOR = str.maketrans("OILU", "011V")


def written(code: str) -> str:
    """Return a code in groups of four, as a slip prints it."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read(text: str) -> str:
    """Return the code meant by what somebody typed.

    Case, width, spaces and dashes do not matter; O is read as 0, I and L as 1, U as V. What else
    does not belong stays, so that it can be pointed at.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    kept = (mark for mark in plain if unicodedata.category(mark) not in {"Zs", "Pd", "Cf", "Cc"})
    return "".join(kept).translate(_TAKEN_FOR)


def is_whole(code: str) -> bool:
    """Tell whether a code that was read has the right length and only letters of slips."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def hash_of(code: str) -> str:
    """Return what is kept of a code: 80 random bits need no salt."""
    return hashlib.sha256(f"slip:{code}".encode()).hexdigest()
