"""Codes of slips: eighty bits with their check, forgiving to read, and typing errors show."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import slips
from portal.domain.slips import ALPHABET
from portal.domain.survey import QUESTIONS, Given, Mark, as_asked, counts, marks_of
from portal.domain.survey_codes import check_letter, is_sound, new_code
from portal.rules.rulebook import rules_on
from portal.web.addresses import without_codes

RULES = rules_on(date(2026, 12, 1)).survey
BITS = RULES.code_bits
BODY = st.text(ALPHABET, min_size=15, max_size=15)


def test_a_code_is_sixteen_letters_in_fours_that_hold_eighty_bits() -> None:
    code = new_code(BITS, secrets.choice)
    assert len(code) == 16
    assert len(code) * 5 >= 80
    assert slips.written(code).count("-") == 3
    assert is_sound(code, BITS)
    assert len({new_code(BITS, secrets.choice) for _ in range(500)}) == 500


@given(BODY, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_one_wrong_letter_shows(body: str, place: int, letter: str) -> None:
    code = body + check_letter(body)
    wrong = code[:place] + letter + code[place + 1 :]
    assert is_sound(wrong, BITS) is (wrong == code)


@given(BODY, st.integers(0, 15), st.integers(0, 15))
def test_two_letters_that_changed_places_show(body: str, one: int, other: int) -> None:
    code = body + check_letter(body)
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)
    assert is_sound(swapped, BITS) is (swapped == code)


@given(BODY)
def test_case_width_dashes_and_lookalikes_are_forgiven(body: str) -> None:
    code = body + check_letter(body)
    typed = slips.written(code).lower().replace("0", "o").replace("1", "l").replace("-", " — ")
    assert slips.read(typed) == code


AT = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
SITTING = date(2026, 3, 5)
FINE = tuple(answers[0] for answers in QUESTIONS.values())


def answers(count: int, *, apart: timedelta, device: str = "", alike: bool = False) -> list[Given]:
    """Return answers that come one after the other."""
    return [
        Given(
            key=number,
            at=AT + number * apart,
            on=SITTING,
            device=device or str(number),
            replies=FINE if alike else ("neutral", *FINE[1:]) if number % 2 else FINE,
        )
        for number in range(count)
    ]


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("given_answers", "mark", "enough"),
    [
        (lambda n: answers(n, apart=timedelta(0)), Mark.BURST, RULES.burst_answers),
        (lambda n: answers(n, apart=HOUR, device="one"), Mark.ONE_DEVICE, RULES.device_answers),
        (lambda n: answers(n, apart=HOUR, alike=True), Mark.STRAIGHT_LINE, RULES.straight_line_run),
    ],
)
def test_marks_begin_with_the_number_that_the_rule_names(
    given_answers: Callable[[int], list[Given]], mark: Mark, enough: int
) -> None:
    assert marks_of(given_answers(enough - 1), SITTING, RULES) == {}
    marked = marks_of(given_answers(enough), SITTING, RULES)
    assert len(marked) == enough
    assert {one for marks in marked.values() for one in marks} == {mark}


def test_an_answer_before_the_exam_is_marked_whatever_the_others_are() -> None:
    early = Given(key=9, at=AT, on=date(2026, 3, 4), device="d", replies=FINE)
    (found,) = marks_of([early, *answers(2, apart=HOUR)], SITTING, RULES).items()
    assert found == (9, frozenset({Mark.BEFORE_EXAM}))


def test_devices_that_keep_nothing_are_not_taken_for_one() -> None:
    silent = [
        Given(key=n, at=AT + n * HOUR, on=SITTING, device="", replies=(*FINE[:-1], str(n)))
        for n in range(9)
    ]
    assert marks_of(silent, SITTING, RULES) == {}


def test_a_marked_answer_counts_only_once_a_person_keeps_it() -> None:
    assert counts([], None)
    assert not counts(["burst"], None)
    assert counts(["burst"], "kept")
    assert not counts(["burst"], "withdrawn")
    assert not counts([], "withdrawn")


def test_a_log_line_bears_no_code() -> None:
    line = 'GET /en/survey/9HN1-NK2V-G2NZ-YS26?q=effect HTTP/1.1" "https://a.b/survey/9HN1NK2V"'
    assert "9HN1" not in without_codes(line)
    assert without_codes("/survey/receipt") == "/survey/receipt"
    assert without_codes("/survey?lang=en") == "/survey?lang=en"


def test_satisfaction_is_asked_from_the_worst_step_to_the_best() -> None:
    assert as_asked("effect") == (
        "very_dissatisfied", "dissatisfied", "neutral", "satisfied", "very_satisfied",
    )  # fmt: skip
    assert as_asked("hours")[0] == "full"
