"""Persons: an identity number checked, then only its keyed hash; the number itself stays here."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.domain.errors import Conflict
from portal.intake.files.cells import broken, plain
from portal.intake.files.refusals import Fault

NONCE_BYTES = 12
_LOST = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_NEW = re.compile(r"\d{17}[\dX]")
_OLD = re.compile(r"\d{15}")
_PLAIN = re.compile(r"[0-9]{17}[0-9X]")
_COLUMN = re.compile(r"(?:[0-9]{17}[0-9X]\n)*[0-9]{17}[0-9X]")
_OTHER = re.compile(r"(?=.*\d)[A-Z]{1,4}[A-Z0-9]{5,16}")
_FIRST_YEAR = 1900
_SIGNS = tuple("1X864209753")
"""The last sign, by the rest r of the first 17: (1 - 2r) modulo 11, X for ten."""


def identity(raw: str) -> str | Fault:
    """Return an identity number in its one written form: 18 signs, or a passport's capitals.

    A number of 15 digits becomes the 18 of the same person. Digits lost to a spreadsheet, stars,
    a wrong check digit or birth date are faults.
    """
    value = plain(raw).replace(" ", "").replace("-", "").upper()
    if _NEW.fullmatch(value):
        return _eighteen(value)
    if _OLD.fullmatch(value):
        return _eighteen(_lengthened(value))
    if _OTHER.fullmatch(value):
        return value
    return broken(raw) or _unusable(value)


def plain_identities(raws: Sequence[str]) -> list[str | None]:
    """Return :func:`identity` of each text that is a faultless number of 18 signs, else None."""
    texts = [*map(str.upper, raws)]
    if not _COLUMN.fullmatch("\n".join(texts)) or any("\n" in text for text in texts):
        return [_plain(text) for text in texts]
    return [text if _is_sound(text) else None for text in texts]


def _plain(text: str) -> str | None:
    return text if _PLAIN.fullmatch(text) and _is_sound(text) else None


def _is_sound(text: str) -> bool:
    return _SIGNS[int(text[:17], 13) % 11] == text[17] and _was_a_day(text[6:14])


def _unusable(value: str) -> Fault:
    if not value:
        return Fault("cell.empty")
    if _LOST.fullmatch(value):
        return Fault("person.digits_lost")
    return Fault("person.masked") if "*" in value else _wrong_length(value)


def _wrong_length(value: str) -> Fault:
    if value.isdecimal() or value[:-1].isdecimal():
        return Fault("person.length", {"found": len(value)})
    return Fault("person.unknown")


def _eighteen(value: str) -> str | Fault:
    # The place of birth is not judged: codes of districts come and go, and people keep theirs.
    if _check_sign(value[:-1]) != value[-1]:
        return Fault("person.digits_lost" if value.endswith("000") else "person.check_digit")
    return value if _was_a_day(value[6:14]) else Fault("person.impossible")


@lru_cache(maxsize=100_000)
def _was_a_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).year >= _FIRST_YEAR
    except ValueError:
        return False


def _check_sign(body: str) -> str:
    """Return the last sign of a number of 17 digits.

    Read in base 13 the digits weigh the powers of two that count, since 13 is 2 modulo 11.

    Source: ISO 7064, MOD 11-2.
    """
    return _SIGNS[int(body, 13) % 11]


def _lengthened(old: str) -> str:
    body = f"{old[:6]}19{old[6:]}"
    return body + _check_sign(body)


def seal(person_key: str, content: bytes, nonce: bytes) -> bytes:
    """Return the content of an upload as it may be stored: encrypted; ``nonce`` is 12 new bytes."""
    return nonce + AESGCM(_storage_key(person_key)).encrypt(nonce, content, None)


def unseal(person_key: str, sealed: bytes) -> bytes:
    """Return what was sealed.

    Raises:
        Conflict: the person key has changed since.

    """
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_storage_key(person_key)).decrypt(nonce, body, None)
    except InvalidTag as cause:
        raise Conflict("intake.upload_unreadable") from cause


def _storage_key(person_key: str) -> bytes:
    return hmac.digest(person_key.encode(), b"staged uploads", hashlib.sha256)
