"""Codes of survey slips and receipts: letters easy to copy, the last one a check on the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal.domain.slips import ALPHABET

BITS_OF_A_LETTER = 5
_CARRY, _REDUCED_BY = 1 << BITS_OF_A_LETTER, 0b100101  # x⁵ + x² + 1


def new_code(bits: int, choose: Callable[[Sequence[str]], str]) -> str:
    """Return a code of at least ``bits`` bits, each letter chosen by ``choose``, then its check."""
    letters = -(-bits // BITS_OF_A_LETTER)
    body = "".join(choose(ALPHABET) for _ in range(letters - 1))
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """Return the letter that makes one wrong letter, or two that changed places, show.

    Each letter is weighed by another power of the field's generator, so no two places count alike.
    """
    rest = 0
    for letter in body:
        rest = (rest ^ ALPHABET.index(letter)) << 1
        rest ^= _REDUCED_BY if rest & _CARRY else 0
    return ALPHABET[rest]


def is_sound(code: str, bits: int) -> bool:
    """Tell whether a code that was read has its length, only letters of codes, and its check."""
    letters = -(-bits // BITS_OF_A_LETTER)
    if len(code) != letters or not set(code) <= set(ALPHABET):
        return False
    return check_letter(code[:-1]) == code[-1]
