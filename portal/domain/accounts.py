"""User names and passwords: what is taken, and why not."""

from __future__ import annotations

import unicodedata

LONGEST_USERNAME = 64
LONGEST_PASSWORD_BYTES = 1024
_FEWEST_DIFFERENT = 5


def username_of(text: str) -> str:
    """Return the user name meant by ``text``: one width, lower case, without spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


def username_fault(username: str) -> str | None:
    """Return the key of the sentence that says why this user name is not taken; None if it is."""
    if not username:
        return "people.username_missing"
    if len(username) > LONGEST_USERNAME:
        return "people.username_long"
    return None if username.isprintable() else "people.username_characters"


def password_fault(password: str, username: str, least: int) -> str | None:
    """Return the key of the sentence that says why a new password is not taken; None if it is.

    ``least`` is the fewest characters. A password is taken exactly as typed: leading spaces and
    any writing system count; only control characters, which no keyboard can repeat, do not pass.
    """
    checks = {
        "people.password_long": is_too_long(password),
        "people.password_characters": _has_control(password),
        "people.password_short": len(password) < least,
        "people.password_plain": len(set(password)) < _FEWEST_DIFFERENT,
        "people.password_username": len(username) > 1 and username in username_of(password),
    }
    return next((key for key, fails in checks.items() if fails), None)


def is_too_long(password: str) -> bool:
    """Tell whether a password is longer than anybody needs: it is refused before it is hashed."""
    return len(password.encode("utf-8", "replace")) > LONGEST_PASSWORD_BYTES


def _has_control(password: str) -> bool:
    return any(unicodedata.category(mark) in {"Cc", "Cs"} for mark in password)
