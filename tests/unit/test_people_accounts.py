"""User names, passwords and slip codes: what is taken as it stands, and what is not."""

from __future__ import annotations

import pytest

from portal.casework.access.passwords import NOBODYS_HASH, hashed, is_current, matches
from portal.casework.access.sign_in import network_of
from portal.domain import slips
from portal.domain.accounts import password_fault, username_fault, username_of

LEAST = 10


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("王 芳", "王芳"), (" Bob ", "bob"), ("ＡＤＭＩＮ", "admin"), ("straße", "strasse")],
)
def test_a_user_name_is_read_forgivingly(typed: str, kept: str) -> None:
    assert username_of(typed) == kept


@pytest.mark.parametrize(
    ("username", "key"),
    [
        ("", "people.username_missing"),
        ("a" * 65, "people.username_long"),
        ("a\x00b", "people.username_characters"),
        ("a" * 64, None),
    ],
)
def test_a_user_name_that_is_not_taken_says_why(username: str, key: str | None) -> None:
    assert username_fault(username) == key


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("a2345678 ", "people.password_short"),
        ("a23456789 ", None),
        (" 前面有空格也算 🙂", None),
        ("nul\x00in the middle", "people.password_characters"),
        ("half a pair \ud800", "people.password_characters"),
        ("aaaaaaaaaaaaaaaaaa", "people.password_plain"),
        ("my name is Bob Dylan", "people.password_username"),
        ("ab3" * 341 + "x", "people.password_plain"),
        ("abcde" * 204 + "abcd", None),
        ("abcde" * 205, "people.password_long"),
    ],
)
def test_a_password_that_is_not_taken_says_why(password: str, key: str | None) -> None:
    assert password_fault(password, "bob", LEAST) == key


def test_every_byte_of_a_password_counts() -> None:
    long = "p" * 100
    kept = hashed(long + "1")
    assert matches(long + "1", kept)
    assert not matches(long + "2", kept)
    assert not matches(" " + long + "1", kept)


def test_nobodys_password_matches_nothing_and_costs_the_same() -> None:
    assert is_current(NOBODYS_HASH)
    assert not matches("anything", None)
    assert not matches("anything", "no hash at all")


@pytest.mark.parametrize(
    "typed", ["ABCD-1234-EFGH-0V10", "abcd1234efgh0v10", " ａｂｃｄ–1234 EFGH\u3000OUio\n"]
)
def test_a_slip_code_is_read_forgivingly(typed: str) -> None:
    assert slips.read(typed) == "ABCD1234EFGH0V10"


def test_a_slip_code_is_whole_or_not() -> None:
    assert slips.is_whole("ABCD1234EFGH0V10")
    assert not slips.is_whole("ABCD1234EFGH0V1")
    assert not slips.is_whole("ABCD1234EFGH0V1甲")
    assert slips.written("ABCD1234EFGH0V10") == "ABCD-1234-EFGH-0V10"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
    ],
)
def test_an_address_stands_for_its_household(address: str, network: str) -> None:
    assert network_of(address) == network
