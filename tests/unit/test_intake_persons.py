"""Identity numbers: which are possible, and that only their keyed hashes match."""

from __future__ import annotations

import pytest
from handed import identity_number

from portal.domain.errors import Conflict
from portal.domain.keyed import keyed
from portal.intake.files.refusals import Fault
from portal.intake.kinds.persons import identity, seal, unseal

GOOD = identity_number(1)
WITH_X = next(number for n in range(60) if (number := identity_number(n)).endswith("X"))


@pytest.mark.parametrize(
    "raw",
    [
        GOOD,
        f"'{GOOD}",
        f" {GOOD[:6]} {GOOD[6:]} ",
        f"{GOOD[:6]}-{GOOD[6:]}",
        "".join(chr(ord(d) + 0xFEE0) for d in GOOD),
        f'="{GOOD}"',
        f"\u200b{GOOD}\u00a0",
    ],
)
def test_one_person_has_one_written_form(raw: str) -> None:
    assert identity(raw) == GOOD


def test_the_last_sign_may_be_an_x_of_any_kind() -> None:
    for raw in (WITH_X, WITH_X.lower(), WITH_X[:-1] + "Ｘ", WITH_X[:-1] + "ｘ"):
        assert identity(raw) == WITH_X


def test_the_old_number_is_the_same_person() -> None:
    assert identity(GOOD[:6] + GOOD[8:17]) == GOOD


@pytest.mark.parametrize(
    "raw", ["E12345678", "H12345678900", "PA1234567", "93110719900307002" + "8"]
)
def test_other_documents(raw: str) -> None:
    value = identity(raw)
    assert value == raw or (isinstance(value, Fault) and value.rule == "person.check_digit")


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("", "cell.empty"), ("3.10107E+17", "person.digits_lost"),
        ("3.10107e17", "person.digits_lost"),
        ("310107199003070000", "person.digits_lost"), ("310107********0029", "person.masked"),
        (GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "person.check_digit"),
        (GOOD[:17], "person.length"), (GOOD + "1", "person.length"), ("12345", "person.length"),
        (identity_number(1, born="19901332"), "person.impossible"),
        (identity_number(1, born="18500101"), "person.impossible"),
        ("张三", "person.unknown"), ("#REF!", "cell.excel_error"), ("=cmd()", "person.unknown"),
    ],
)  # fmt: skip
def test_numbers_that_nobody_has(raw: str, rule: str) -> None:
    value = identity(raw)
    assert isinstance(value, Fault)
    assert value.rule == rule


def test_hashes_need_the_key_and_keep_purposes_apart() -> None:
    ours = keyed("key", "person")
    assert ours(GOOD) == keyed("key", "person")(GOOD)
    assert ours(GOOD) != keyed("other", "person")(GOOD)
    assert ours(GOOD) != keyed("key", "row")(GOOD)
    assert GOOD not in ours(GOOD)


def test_what_is_sealed_opens_with_the_same_key_only() -> None:
    sealed = seal("key", b"content", bytes(12))
    assert b"content" not in sealed
    assert unseal("key", sealed) == b"content"
    with pytest.raises(Conflict):
        unseal("other", sealed)
    with pytest.raises(Conflict):
        unseal("key", sealed[:-1] + b"\0")
