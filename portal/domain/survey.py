"""The survey: its questions, what one answer says, and the marks that make a person look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.rules.clocks import Survey
from portal.rules.figures import STEPS

OWN = "portal"
"""The source of answers given on slips of this portal."""
EFFECT = "effect"
"""The question whose answers are the published satisfaction rate."""
ASPECTS = (EFFECT, "teaching", "equipment", "service")
NEVER_MIND = "unsaid"
FACTS: dict[str, tuple[str, ...]] = {
    "hours": ("full", "short", NEVER_MIND),
    "promised": ("no", "yes", NEVER_MIND),
    "charged": ("no", "yes", NEVER_MIND),
    "unpaid": ("no", "yes", NEVER_MIND),
}
"""Questions of fact, best answer first: they warn the regulator and count for no score."""
WARNING = {"hours": "short", "promised": "yes", "charged": "yes", "unpaid": "yes"}
"""The answer of each question of fact that warns."""
QUESTIONS: dict[str, tuple[str, ...]] = dict.fromkeys(ASPECTS, STEPS) | FACTS
"""Question → its possible answers, in the order in which they are asked."""


def as_asked(question: str) -> tuple[str, ...]:
    """Return a question's answers as the page offers them: steps of satisfaction worst first."""
    return QUESTIONS[question][:: -1 if question in ASPECTS else 1]


def label_of(question: str, answer: str) -> str:
    """Return the key of the label of an answer."""
    if question in ASPECTS:
        return f"step.{answer}"
    return f"hours.{answer}" if question == "hours" else f"told.{answer}"


class Mark(StrEnum):
    """Why an answer waits for a person's look before it counts."""

    BEFORE_EXAM = "before_exam"
    BURST = "burst"
    ONE_DEVICE = "one_device"
    STRAIGHT_LINE = "straight_line"


class SlipState(StrEnum):
    """What became of a slip: only an open one can be used."""

    OPEN = "open"
    SPARE = "spare"
    USED = "used"
    VOID = "void"


class Decision(StrEnum):
    """What a person decided on a marked answer."""

    KEPT = "kept"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer of a group as the marks see it; ``at`` is cut to the minute."""

    key: int
    at: datetime
    on: date
    device: str
    replies: tuple[str, ...]


def marks_of(
    answers: Iterable[Given], sitting_on: date, rules: Survey
) -> dict[int, frozenset[Mark]]:
    """Return key → marks of each answer of one group that bears any."""
    in_order = sorted(answers, key=lambda one: (one.at, one.replies))
    found: defaultdict[int, set[Mark]] = defaultdict(set)
    marked = (
        (Mark.BEFORE_EXAM, [one for one in in_order if one.on < sitting_on]),
        (Mark.BURST, _burst(in_order, rules)),
        (Mark.ONE_DEVICE, _one_device(in_order, rules)),
        (Mark.STRAIGHT_LINE, _straight(in_order, rules)),
    )
    for mark, ones in marked:
        for one in ones:
            found[one.key].add(mark)
    return {key: frozenset(marks) for key, marks in found.items()}


def _burst(answers: Sequence[Given], rules: Survey) -> Iterator[Given]:
    span, least = timedelta(minutes=rules.burst_minutes), rules.burst_answers
    for start, first in enumerate(answers):
        together = [one for one in answers[start:] if one.at - first.at < span]
        if len(together) >= least:
            yield from together


def _one_device(answers: Sequence[Given], rules: Survey) -> Iterator[Given]:
    by_device: defaultdict[str, list[Given]] = defaultdict(list)
    for one in answers:
        by_device[one.device].append(one)
    for device, ones in by_device.items():
        if device and len(ones) >= rules.device_answers:
            yield from ones


def _straight(answers: Sequence[Given], rules: Survey) -> Iterator[Given]:
    run: list[Given] = []
    for one in [*answers, None]:
        if one and run and one.replies == run[0].replies:
            run.append(one)
            continue
        if len(run) >= rules.straight_line_run:
            yield from run
        run = [one] if one and len(set(one.replies[: len(ASPECTS)])) == 1 else []


def counts(marks: Iterable[str], decision: str | None) -> bool:
    """Tell whether an answer counts: unmarked and not withdrawn, or kept by a person."""
    if decision is not None:
        return decision == Decision.KEPT
    return not [*marks]
