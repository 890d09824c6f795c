"""Rules of the house about rules: no dead number, and a firm source for all that is verified."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from tree import ROOT
from turning import Way, numbers, rule_days, versions, with_turned

from portal.rules.catalogue import catalogue
from portal.rules.form import Item
from portal.rules.rulebook import Rulebook, RuleError, rules_on
from portal.rules.sources import cite, seen, source
from portal.rules.words import has_label, terms

NEWEST = date(2026, 12, 1)
FIRM = {"A", "B", "P"}
LATER = 'verified = false\nto_fill = { zh = "核对", en = "check" }'


def meaning(book: Rulebook) -> dict[str, object]:
    """Return what the sections say, without the text they came from."""
    bare = replace(book, canonical="", digest="", rules=())
    return {field.name: getattr(bare, field.name) for field in fields(bare)}


@pytest.mark.parametrize(
    ("file", "place", "at"),
    [
        pytest.param(*one, id=f"{one[0].stem}-{one[1]}-{'.'.join(map(str, one[2]))}")
        for one in numbers()
    ],
)
def test_no_number_is_dead(file: Path, place: int, at: Way, tmp_path: Path) -> None:
    """A turned number moves what the rulebook says, or is refused: a dead one would do neither."""
    shipped = rules_on(versions(file)[place]["in_force_from"])
    for by in (1, -1, 7):
        try:
            book = with_turned(file, place, at, by, tmp_path)
        except RuleError:
            continue
        assert book.digest != shipped.digest
        assert meaning(book) != meaning(shipped)


def test_the_digest_moves_with_a_source_and_a_mark(tmp_path: Path) -> None:
    file = ROOT / "data/rules/ranking.toml"
    text = file.read_text("utf-8")
    digests = {rules_on(NEWEST).digest}
    for old, new in (("portal-method", "office-decision"), ("verified = true", LATER)):
        (tmp_path / file.name).write_text(text.replace(old, new), encoding="utf-8")
        digests.add(rules_on(NEWEST, tmp_path).digest)
    assert len(digests) == 3
    shutil.copy(file, tmp_path)
    assert rules_on(NEWEST, tmp_path).digest == rules_on(NEWEST).digest


@pytest.mark.parametrize("day", rule_days(), ids=str)
def test_every_source_is_known_and_firm_where_verified(day: date) -> None:
    book = rules_on(day)
    references = [(note.source, note.verified) for note in book.rules]
    references += [(ground.legal_source, ground.verified) for ground in book.grounds]
    references += [(g.publishing_basis, True) for g in book.grounds if g.publishing_basis]
    references += [(item.clause, item.verified) for item in all_items(book) if item.clause]
    for reference, verified in references:
        assert cite(reference, "zh") != cite(reference, "en")
        assert not verified or seen(reference) in FIRM, reference


def all_items(book: Rulebook) -> list[Item]:
    """Return every question of the form, columns too."""
    tops = list(book.report.form.items())
    return tops + list(chain.from_iterable(item.columns for item in tops))


def test_terms_and_catalogue_rest_on_known_sources() -> None:
    for term in terms().values():
        source(term.source)
    for note in catalogue().notes:
        assert not note.verified or seen(note.source) in FIRM


def test_what_the_rules_name_has_its_label() -> None:
    book = rules_on(NEWEST)
    wanted = {f"ground.{ground.key}" for ground in book.grounds}
    wanted |= {f"penalty.{ground.penalty}" for ground in book.grounds}
    wanted |= {f"subject.{ground.applies_to}" for ground in book.grounds}
    wanted |= {f"evidence.{one}" for ground in book.grounds for one in ground.evidence}
    wanted |= {f"severity.{period.severity}" for period in book.cases.periods}
    wanted |= {f"exam_kind.{kind.key}" for kind in book.exam.kinds}
    wanted |= {f"step.{step}" for step in book.satisfaction.valid_steps}
    wanted |= {f"unit.{item.unit}" for item in all_items(book) if item.unit}
    wanted |= {f"choice.{one}" for item in all_items(book) for one in item.choices}
    assert not {key for key in wanted if not has_label(key)}


def test_the_form_speaks_both_languages() -> None:
    for item in all_items(rules_on(NEWEST)):
        assert item.label("zh"), item.key
        assert item.label("en"), item.key
        assert bool(item.hint("zh")) == bool(item.hint("en")), item.key
