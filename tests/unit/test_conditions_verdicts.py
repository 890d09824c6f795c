"""Conditions: only what was proved counts, and no threshold is invented."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.conditions import Claim, Verdict, conditions_of, verdicts
from portal.rules.rulebook import rules_on

BOOK = rules_on(date(2026, 6, 1))
FORM, STANDARD = BOOK.report.form, "aq-8011-2023"
SEATS = "venues.classroom_seats"
YEARS = "teachers.teachers.practice_years"


def verdict(path: str, *claims: Claim) -> Verdict | None:
    return verdicts(FORM, STANDARD, claims).get(path)


def teacher(number: int, years: float, proof: str = "document_seen") -> Claim:
    return Claim(f"teachers.teachers.{number}", {"practice_years": years}, proof)


@pytest.mark.parametrize(
    ("value", "proof", "said"),
    [
        (60, "document_seen", Verdict.MET),
        (60, "seen_on_site", Verdict.MET),
        (59, "seen_on_site", Verdict.NOT_MET),
        (60, "declared", Verdict.NOT_VERIFIED),
        (59, "declared", Verdict.NOT_VERIFIED),
        (60, "contradicted", Verdict.NOT_MET),
    ],
)
def test_only_proof_makes_a_verdict(value: int, proof: str, said: Verdict) -> None:
    assert verdict(SEATS, Claim(SEATS, value, proof)) is said


def test_what_nobody_said_is_not_verified() -> None:
    assert set(verdicts(FORM, STANDARD, ()).values()) == {Verdict.NOT_VERIFIED}


def test_one_row_that_falls_short_decides_and_one_unproved_leaves_it_open() -> None:
    good, short, unproved = teacher(1, 7), teacher(2, 3), teacher(3, 9, "declared")
    assert verdict(YEARS, good) is Verdict.MET
    assert verdict(YEARS, good, unproved) is Verdict.NOT_VERIFIED
    assert verdict(YEARS, good, short, unproved) is Verdict.NOT_MET


@pytest.mark.parametrize("online", [False, "no"])
def test_online_conditions_apply_only_to_online_training(online: object) -> None:
    claim = Claim("online.online_used", online, "document_seen")
    assert verdict("online.class_minutes_online", claim) is None
    assert verdict("online.class_minutes_online") is Verdict.NOT_VERIFIED


def test_every_condition_is_public_and_has_a_known_requirement() -> None:
    found = conditions_of(FORM, STANDARD)
    assert len(found) == 12
    for one in found:
        assert one.asked.public
        assert one.asked.verified
        assert one.asked.min is not None or one.asked.kind == "yesno"


def test_before_the_standard_only_known_numbers_are_conditions() -> None:
    old = rules_on(date(2023, 1, 1)).report.form
    assert {one.asked.min_from for one in conditions_of(old, "aq-t-8011-2016")} == {
        "managers",
        "classroom_seats",
        "teacher_practice_years",
    }
