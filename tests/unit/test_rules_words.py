"""Labels and sentences in both languages, with their facts put in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.rules import words
from portal.rules.pair import Pair
from portal.rules.words import day_in_words, has_label, label, say


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "t": Pair(zh="{fact}", en="{fact}"),
        "n": Pair(zh="还有 {n} 天", en="{n:day|days} left"),
    }
    monkeypatch.setattr(words, "messages", lambda: known)


def test_a_label_is_said_in_both_languages() -> None:
    assert label("band.above", "zh") == "高于平均"
    assert label("band.above", "en") == "above average"
    assert has_label("band.above")
    assert not has_label("band.best")


@pytest.mark.usefixtures("sentences")
@pytest.mark.parametrize(
    ("fact", "zh", "en"),
    [
        (date(2026, 3, 5), "2026年3月5日", "5 March 2026"),
        (datetime(2026, 3, 5, 9, 4, tzinfo=UTC), "2026年3月5日 09:04", "5 March 2026 09:04"),
        (31160, "31,160", "31,160"),
        (82.69, "82.69", "82.69"),
        (80.0, "80", "80"),
        (1234.5, "1,234.5", "1,234.5"),
        ("exam_kind.initial", "初次取证", "first certificate"),
        ("某机构", "某机构", "某机构"),
        ("2026", "2026", "2026"),
        (None, "None", "None"),
    ],
)
def test_facts_are_shown_for_the_eye(fact: object, zh: str, en: str) -> None:
    assert say("t", "zh", fact=fact) == zh
    assert say("t", "en", fact=fact) == en


@pytest.mark.usefixtures("sentences")
def test_english_counts_take_the_fitting_word() -> None:
    assert say("n", "zh", n=1) == "还有 1 天"
    assert say("n", "en", n=1) == "1 day left"
    assert say("n", "en", n=0) == "0 days left"
    assert say("n", "en", n=1200) == "1,200 days left"


@pytest.mark.usefixtures("sentences")
def test_facts_may_bear_the_names_of_parameters() -> None:
    assert say("t", "en", fact="x", key="k", lang="l") == "x"


@pytest.mark.usefixtures("sentences")
def test_a_fact_is_never_a_pattern() -> None:
    assert say("t", "en", fact="{other}") == "{other}"


def test_what_is_unknown_is_named() -> None:
    with pytest.raises(KeyError, match=r"no label 'band\.best'"):
        label("band.best", "zh")
    with pytest.raises(KeyError, match=r"no message 'never\.said'"):
        say("never.said", "zh")
    with pytest.raises(KeyError, match="wants the fact 'limit'"):
        say("withheld.fewer_than_10", "en")
    with pytest.raises(KeyError, match="fr"):
        label("band.above", "fr")


def test_days_are_written_without_leading_zeros() -> None:
    assert day_in_words(date(2026, 12, 31), "en") == "31 December 2026"
    assert day_in_words(date(2026, 1, 1), "zh") == "2026年1月1日"
