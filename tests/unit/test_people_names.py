"""Names of institutions: what is the same name written otherwise, and what is another name."""

from __future__ import annotations

import pytest

from portal.domain.names import name_key

SAME = [
    (
        "示例甲安全培训有限公司",
        "示例甲安全培训有限责任公司",
        "示例甲安全培训公司",
        "示例甲安全培训",
    ),
    ("示例乙（上海）培训中心", "示例乙(上海)培训中心", " 示例乙 ( 上海 ) 培训中心\u3000"),
    ("示例丙ＡＢＣ学校", "示例丙abc学校", "示例丙\u200bABC\u00a0学校"),
    (
        "Example Safety Training Co., Ltd.",
        "EXAMPLE SAFETY TRAINING",
        "Example Safety-Training Limited",
    ),
    ("示例丁集团股份有限公司", "示例丁集团"),
]
OTHER = [
    ("示例甲安全培训中心", "示例甲安全培训中心（普陀）分校"),
    ("示例甲有限公司", "示例甲有限公司普陀分公司"),
    ("示例甲安全培训中心", "示例乙安全培训中心"),
    ("Example Company School", "Example School"),
]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_ways_to_write_one_name_share_a_key(names: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in names}) == 1


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert name_key("有限公司") == "有限公司"
    assert name_key("Ltd.") == "ltd"


def test_nothing_to_read_is_nothing() -> None:
    assert name_key(" （） ·") == ""
