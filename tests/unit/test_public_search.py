"""Finding an institution by what people type."""

from __future__ import annotations

import pytest

from portal.publication.institutions.directory import Listed
from portal.publication.institutions.search import former_name, matching, near, trades_matching
from portal.publication.institutions.spelling import has_initials
from portal.rules.catalogue import Trade


def listed(code: str, name: str, *former: str) -> Listed:
    """Return an institution with these names."""
    return Listed(
        code=code,
        name=name,
        name_en="Example (Training) Centre" if code == "S002" else None,
        former_names=former,
        credit_code=None,
        area_code="",
        address="",
        phone="",
        opened_on=None,
        closed_on=None,
        trades=(),
        states=(),
    )


ALL = [
    listed("S001", "示例甲安全培训中心"),
    listed("S002", "示例乙职业技能培训学校（北区）"),
    listed("S003", "示例丙培训站", "示例老丙夜校"),
    listed("S004", "示例丁100%_培训"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["S001", "S002", "S003", "S004"]),
        ("培训", ["S001", "S002", "S003", "S004"]),
        ("职业", ["S002"]),
        ("示例 学校", ["S002"]),
        ("S００３", ["S003"]),
        ("s003", ["S003"]),
        ("老丙", ["S003"]),
        ("(北区)", ["S002"]),
        ("example training", ["S002"]),
        ("%", ["S004"]),
        ("_", ["S004"]),
        ("'; DROP TABLE institution; --", []),
        ("(a+)+$", ["S002"]),
        ("a" * 5000, []),
    ],
)
def test_a_query_finds(query: str, found: list[str]) -> None:
    assert [one.code for one in matching(ALL, query)] == found


def test_a_near_name_is_offered() -> None:
    assert next(one.code for one in near(ALL, "示例甲安全培圳中心")) == "S001"
    assert near(ALL, "完全不同的东西") == []


def test_the_old_name_is_told_only_where_it_was_what_fitted() -> None:
    assert former_name(ALL[2], "老丙") == "示例老丙夜校"
    assert former_name(ALL[2], "示例丙") is None
    assert former_name(ALL[2], "") is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("slja", ["S001"]),
        ("SL", ["S001", "S002", "S003", "S004"]),
        ("pxxj", ["S002"]),  # 培训学校: the last sign is read xiao or jiao
        ("lbyx", ["S003"]),  # its former name
        ("training", ["S002"]),  # letters that a name bears are no initials
        ("zzz", []),
    ],
)
def test_letters_that_no_name_bears_are_read_as_initials(query: str, found: list[str]) -> None:
    assert [one.code for one in matching(ALL, query)] == found


@pytest.mark.parametrize("query", ["職業技能培訓", "示例乙職業", "培訓學校"])
def test_traditional_signs_find_simplified_names(query: str) -> None:
    assert [one.code for one in matching(ALL, query)] == ["S002"]


def test_rare_signs_answer_to_any_letter_and_common_ones_only_to_their_own() -> None:
    assert has_initials("垚安", "ya")
    assert has_initials("垚安", "za")
    assert has_initials("长安", "za")
    assert has_initials("长安", "ca")
    assert not has_initials("安全", "ba")


def trade(slug: str, name_zh: str, name_en: str, *aliases: str) -> Trade:
    """Return a trade with these names."""
    return Trade(slug=slug, category="any", name_zh=name_zh, name_en=name_en, aliases=aliases)


TRADES = [
    trade("low", "低压电工作业", "Low-voltage electrical work", "低压电工"),
    trade("high", "高压电工作业", "High-voltage electrical work", "高压电工证"),
    trade("weld", "熔化焊接与热切割作业", "Fusion welding"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dydg", ["low"]),
        ("DGZY", ["low", "high"]),
        ("gydgz", ["high"]),  # of an alias too
        ("低压", ["low"]),
        ("voltage", ["low", "high"]),  # letters that a name bears are no initials
        ("工", []),
        ("dy2", []),
    ],
)
def test_trades_are_found_by_words_and_initials(query: str, found: list[str]) -> None:
    assert [one.slug for one in trades_matching(TRADES, query)] == found
