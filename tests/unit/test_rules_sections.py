"""Sections refuse what no rule could mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from portal.rules.clocks import Cases, PublicationPeriod
from portal.rules.error import RuleError
from portal.rules.figures import (
    Composite,
    Exam,
    ExamKind,
    Integrity,
    Penalty,
    Satisfaction,
    Weights,
)
from portal.rules.form import FormSection, Item, ReportForm
from portal.rules.grounds import Ground
from portal.rules.workdays import Span, YearArrangement


def weights(pass_rate: float) -> Weights:
    return Weights(pass_rate=pass_rate, satisfaction=0.2, conditions=0.2, integrity=0.1)


def composite(concentration: float = 50.0, group: float = 0.2) -> Composite:
    return Composite(
        weights=weights(0.5),
        draws=1000,
        dirichlet_concentration=concentration,
        other_weights=500,
        group_share=group,
        group_kept=0.7,
    )


def satisfaction(satisfied: tuple[str, ...], order: int = 30) -> Satisfaction:
    return Satisfaction(
        valid_steps=("very_satisfied", "satisfied", "neutral"),
        satisfied_steps=satisfied,
        min_answers=10,
        min_answers_for_order=order,
        low_response=0.5,
    )


def ground(applies_to: str = "unit", severity: str = "minor", penalty: str = "fine") -> Ground:
    return Ground(
        key="k",
        applies_to=applies_to,
        legal_source="penalty-law",
        severity=severity,
        evidence=("video",),
        penalty=penalty,
        verified=True,
    )


def item(kind: str, key: str = "a", choices: tuple[str, ...] = ()) -> Item:
    return Item(key=key, kind=kind, zh="问", en="question", choices=choices)


def period(severity: str, least: int, most: int, repair: int = 0) -> PublicationPeriod:
    return PublicationPeriod(
        severity=severity, min_months=least, max_months=most, min_repair_months=repair
    )


def year(last: date, worked: date) -> YearArrangement:
    return YearArrangement(
        year=2026, holidays=(Span(first=date(2026, 1, 1), last=last),), worked=(worked,)
    )


SATURDAY = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: weights(0.6), "weights sum to"),
        (lambda: weights(-0.1), "pass_rate must lie"),
        (lambda: composite(concentration=0), "above 0"),
        (lambda: composite(group=0.6), "group_share"),
        (lambda: satisfaction(("happy",)), "satisfied_steps must be some"),
        (lambda: satisfaction(("very_satisfied", "satisfied", "neutral")), "some, not all"),
        (lambda: satisfaction(("satisfied",), order=5), "min_answers_for_order"),
        (lambda: Exam(pass_line=0, kinds=(ExamKind(key="a"),)), "pass_line"),
        (lambda: Exam(pass_line=80, kinds=()), "each once"),
        (lambda: Exam(pass_line=80, kinds=(ExamKind(key="a"), ExamKind(key="a"))), "each once"),
        (lambda: Exam(pass_line=80, kinds=(ExamKind(key="a"),), theory_attempts=0), "1 or more"),
        (lambda: Integrity(penalties=()), "penalties must be given"),
        (lambda: Penalty(severity="minor", points=1, expiry_months=0), "expiry_months"),
        (lambda: ground(applies_to="person"), "applies_to"),
        (lambda: ground(severity="grave"), "severity"),
        (lambda: ground(penalty="prison"), "penalty"),
        (lambda: period("minor", 4, 3), "min_months must not exceed"),
        (lambda: period("minor", 0, 3, 4), "min_repair_months must not exceed"),
        (lambda: item("picture"), "kind must be among"),
        (lambda: item("choice"), "choices belong to choice"),
        (lambda: item("text", choices=("a",)), "choices belong to choice"),
        (lambda: item("table"), "columns belong to table"),
        (lambda: year(date(2026, 1, 3), date(2026, 1, 9)), "Saturday or Sunday"),
        (lambda: year(date(2027, 1, 1), SATURDAY), "a day of another year"),
        (lambda: year(SATURDAY, SATURDAY), "both off and worked"),
    ],
)
def test_a_wrong_section_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        make()


def test_a_form_names_each_item_once() -> None:
    one = FormSection(key="one", zh="一", en="one", items=(item("text"),))
    two = FormSection(key="two", zh="二", en="two", items=(item("number"),))
    with pytest.raises(RuleError, match="a key is used twice"):
        ReportForm(version="1", sections=(one, two))
    form = ReportForm(version="1", sections=(one,))
    assert form.item("a") is one.items[0]
    assert form.item("b") is None
    assert form.section("one") is one
    assert form.section("two") is None
    assert (one.label("zh"), one.label("en")) == ("一", "one")
    assert (one.items[0].label("zh"), one.items[0].hint("en")) == ("问", "")


def test_severities_come_in_order() -> None:
    periods = (period("general", 3, 12), period("minor", 0, 3), period("serious", 12, 36))
    with pytest.raises(RuleError, match="in this order"):
        Cases(
            reply_days=5,
            hearing_request_days=5,
            hearing_notice_days=7,
            withdraw_quashed_days=3,
            dispute_mark_days=1,
            dispute_decide_days=5,
            hearing_measures=("fine",),
            publish_days=7,
            recheck_days=10,
            repair_days=10,
            watch_months=12,
            periods=periods,
        )
