"""The rulebook of a day: versions, local rules laid over, digest, and reading it back."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from pathlib import Path

import pytest

from portal.rules.rulebook import RuleError, read_rulebook, rules_on

BEFORE = date(2026, 5, 31)
AFTER = date(2026, 6, 1)

LOCAL_RANKING = """
name = "ranking"
title = { zh = "方法", en = "Method" }
[[version]]
in_force_from = 2026-04-01
source = "office-decision"
verified = true
level = 0.95
draws = 4000
seed = 1
band_above = 0.975
band_below = 0.025
min_published = 20
min_effective_n = 30
rankability_min = 0.5
window_periods = 4
discount_per_year = 0.7
trend_periods = 8
pairs_most = 60
"""

LOCAL_YEAR = """
name = "working-days-2027"
title = { zh = "2027年", en = "2027" }
[[version]]
in_force_from = 2026-01-01
source = "office-decision"
verified = true
year = 2027
holidays = [{ first = 2027-01-01, last = 2027-01-01 }]
worked = []
"""

LOCAL_GROUNDS = """
name = "grounds-local"
title = { zh = "本地事由", en = "Local grounds" }
[[version]]
in_force_from = 2026-01-01
source = "office-decision"
verified = true
[[version.grounds]]
key = "no_sign"
applies_to = "institution"
legal_source = "office-decision"
severity = "minor"
evidence = ["site_photos"]
penalty = "order"
verified = true
"""

LOCAL_POINTS = """
name = "integrity"
title = { zh = "扣分", en = "Points" }
[[version]]
in_force_from = 2026-01-01
source = "office-decision"
verified = true
penalties = [
  { severity = "minor", points = 1, expiry_months = 4 },
  { severity = "general", points = 2, expiry_months = 12 },
  { severity = "serious", points = 3, expiry_months = 36 },
]
"""


def local(folder: Path, text: str, name: str = "ranking.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_change_of_2026_turns_on_its_day() -> None:
    assert rules_on(BEFORE).exam.theory_attempts == 2
    assert rules_on(BEFORE).exam.practical_attempts == 2
    assert rules_on(AFTER).exam.theory_attempts is None
    assert rules_on(AFTER).exam.practical_attempts == 5
    review = rules_on(AFTER).exam.kind("review")
    assert review is not None
    assert review.held_on(BEFORE)
    assert not review.held_on(AFTER)


def test_a_review_dated_after_its_end_is_not_held_under_old_rules_either() -> None:
    kinds = [kind.key for kind in rules_on(BEFORE).exam.kinds]
    assert kinds == ["initial", "review", "renewal"]
    assert rules_on(BEFORE).exam.kind("retake") is None


def test_between_changes_only_the_day_differs() -> None:
    one, other = rules_on(date(2026, 1, 5)), rules_on(date(2026, 5, 30))
    assert (one.on, other.on) == (date(2026, 1, 5), date(2026, 5, 30))
    assert one.digest == other.digest
    assert rules_on(AFTER).digest != one.digest


def test_the_digest_is_that_of_the_canonical_text() -> None:
    book = rules_on(AFTER)
    assert book.digest == hashlib.sha256(book.canonical.encode()).hexdigest()
    assert set(json.loads(book.canonical)) == {note.name for note in book.rules}


def test_a_frozen_rulebook_reads_back_whole() -> None:
    book = rules_on(AFTER)
    again = read_rulebook(AFTER, book.canonical)
    assert again.digest == book.digest
    for section in ("ranking", "exam", "cases", "grounds", "report", "calendar", "composite"):
        assert getattr(again, section) == getattr(book, section)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"ranking": {}}', '{"ranking": 1}', "null"])
def test_what_is_no_rulebook_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        read_rulebook(AFTER, text)


def test_before_the_first_version_there_are_no_rules() -> None:
    with pytest.raises(RuleError, match="not in force on 2014-12-31"):
        rules_on(date(2014, 12, 31))


def test_a_local_version_holds_from_its_day(tmp_path: Path) -> None:
    folder = local(tmp_path, LOCAL_RANKING)
    assert rules_on(date(2026, 3, 31), folder).ranking.min_published == 10
    book = rules_on(date(2026, 4, 1), folder)
    assert book.ranking.min_published == 20
    assert book.digest != rules_on(date(2026, 4, 1)).digest
    note = next(note for note in book.rules if note.name == "ranking")
    assert (note.origin, note.in_force_from) == ("local", date(2026, 4, 1))


def test_on_the_same_day_the_local_version_wins(tmp_path: Path) -> None:
    folder = local(tmp_path, LOCAL_RANKING.replace("2026-04-01", "2015-01-01"))
    assert rules_on(date(2020, 1, 1), folder).ranking.level == 0.95


def test_a_changed_local_file_is_noticed(tmp_path: Path) -> None:
    folder = local(tmp_path, LOCAL_RANKING)
    assert rules_on(AFTER, folder).ranking.min_published == 20
    local(tmp_path, LOCAL_RANKING.replace("min_published = 20", "min_published = 25"))
    os.utime(folder / "ranking.toml", (1, 1))
    assert rules_on(AFTER, folder).ranking.min_published == 25
    (folder / "ranking.toml").unlink()
    assert rules_on(AFTER, folder) == rules_on(AFTER)


def test_no_local_folder_means_no_local_rules(tmp_path: Path) -> None:
    assert rules_on(AFTER, tmp_path / "none") == rules_on(AFTER)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level = 0.95", "level = 1.5", "level must lie between 0 and 1"),
        ("level = 0.95", "level = true", "float is wanted"),
        ("seed = 1", "", "missing seed"),
        ("seed = 1", "seed = 1\nsalt = 2", "unknown salt"),
        ("min_effective_n = 30", "min_effective_n = 5", "min_effective_n must not be smaller"),
        ("band_below = 0.025", "band_below = 0.99", "band_below must be smaller"),
        ('name = "ranking"', 'name = "rankings"', "rankings: there is no such rule"),
        ('source = "office-decision"', 'source = "hearsay"', "source hearsay does not stand"),
        ("verified = true", "verified = false", "needs to_fill"),
        ("in_force_from = 2026-04-01", "in_force_from = 4", "date is wanted"),
        ('title = { zh = "方法", en = "Method" }', "", "missing title"),
    ],
)
def test_a_wrong_local_rule_is_refused_in_words(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = local(tmp_path, LOCAL_RANKING.replace(old, new))
    with pytest.raises(RuleError, match=said):
        rules_on(AFTER, folder)


def test_one_rule_stands_in_one_file(tmp_path: Path) -> None:
    local(tmp_path, LOCAL_RANKING)
    local(tmp_path, LOCAL_RANKING, "again.toml")
    with pytest.raises(RuleError, match="stands in another file too"):
        rules_on(AFTER, tmp_path)


def test_versions_differ_in_their_day(tmp_path: Path) -> None:
    twice = LOCAL_RANKING + LOCAL_RANKING[LOCAL_RANKING.index("[[version]]") :]
    with pytest.raises(RuleError, match="must differ in in_force_from"):
        rules_on(AFTER, local(tmp_path, twice))


def test_a_new_year_can_be_added(tmp_path: Path) -> None:
    local(tmp_path, LOCAL_YEAR, "2027.toml")
    calendar = rules_on(AFTER, tmp_path).calendar
    assert calendar.certain(date(2027, 5, 1))
    assert calendar.verified_until == date(2027, 12, 31)
    assert not rules_on(AFTER).calendar.certain(date(2027, 5, 1))


def test_new_grounds_can_be_added(tmp_path: Path) -> None:
    book = rules_on(AFTER, local(tmp_path, LOCAL_GROUNDS, "grounds.toml"))
    ground = book.ground("no_sign")
    assert ground is not None
    assert not ground.publishable
    assert len(book.grounds) == len(rules_on(AFTER).grounds) + 1
    local(tmp_path, LOCAL_GROUNDS.replace("no_sign", "files_missing"), "grounds.toml")
    with pytest.raises(RuleError, match="each once"):
        rules_on(AFTER, tmp_path)


def test_points_may_not_outlive_publication(tmp_path: Path) -> None:
    local(tmp_path, LOCAL_POINTS, "integrity.toml")
    with pytest.raises(RuleError, match="minor points outlive"):
        rules_on(AFTER, tmp_path)


def test_the_form_takes_its_bounds_from_the_conditions_in_force() -> None:
    def least(day: date) -> float | None:
        item = rules_on(day).report.form.item("classroom_area_m2")
        assert item is not None
        return item.min

    assert least(date(2024, 6, 30)) is None
    assert least(date(2024, 7, 1)) == 90


def test_what_was_not_found_has_no_number_and_is_listed() -> None:
    book = rules_on(AFTER)
    assert book.report.change_report_days is None
    assert book.retention.trail_years is None
    open_rules = {note.name for note in book.unverified}
    assert {"report-change", "retention", "report-form", "grounds-order-19"} <= open_rules
    assert all(note.to_fill and note.to_fill.zh and note.to_fill.en for note in book.unverified)


def test_order_19_grounds_cannot_be_published_yet() -> None:
    ground = rules_on(AFTER).ground("content_gravely_missing")
    assert ground is not None
    assert not ground.publishable
    assert rules_on(BEFORE).ground("content_gravely_missing") is None


def test_severities_have_their_periods_and_points() -> None:
    book = rules_on(AFTER)
    general = book.cases.period("general")
    assert (general.min_months, general.max_months, general.min_repair_months) == (3, 12, 3)
    assert book.integrity.of("serious").points > book.integrity.of("minor").points
    with pytest.raises(KeyError):
        book.cases.period("grave")
    with pytest.raises(KeyError):
        book.integrity.of("grave")
