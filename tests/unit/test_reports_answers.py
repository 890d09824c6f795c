"""One answer: each way of typing has one meaning, or is refused."""

from __future__ import annotations

import pytest

from portal.domain.answers import Wrong, read_answer, storable, tidy, typed_answer
from portal.rules.form import Item

NAMES = {"低压电工": "low-voltage", "焊接": "welding"}


def item(kind: str, **more: object) -> Item:
    """Return a question of a kind."""
    fixed = {"choices": ("owned", "leased")} if kind == "choice" else {}
    return Item(key="asked", kind=kind, zh="问题", en="Question", **fixed, **more)  # type: ignore[arg-type]


def read(asked: Item, typed: str) -> object:
    return read_answer(asked, typed, NAMES.get)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12.5", 12.5),
        ("１２.５", 12.5),
        (" 90 ", 90),
        ("90.0", 90),
        ("0", 0),
        ("10000000", 10_000_000),
    ],
)
def test_a_number_is_digits_with_one_point(typed: str, value: float) -> None:
    assert read(item("number"), typed) == value


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("12,5", "answer.comma"),
        ("1，200", "answer.comma"),
        ("1e3", "answer.no_number"),
        ("NaN", "answer.no_number"),
        ("1e400", "answer.no_number"),
        ("inf", "answer.no_number"),
        ("0x10", "answer.no_number"),
        ("90㎡", "answer.no_number"),
        ("٣", "answer.no_number"),
        ("1.23456", "answer.no_number"),
        ("99999999999999999999", "answer.no_number"),
        ("-1", "answer.too_small"),
        ("2147483648", "answer.too_large"),
    ],
)
def test_what_is_no_number_is_refused(typed: str, key: str) -> None:
    for kind in ("number", "integer"):
        found = read(item(kind), typed)
        assert isinstance(found, Wrong)
        assert found.key == key


def test_an_integer_has_no_point() -> None:
    assert read(item("integer"), "12.5") == Wrong("answer.no_integer", {"typed": "12.5"})


def test_a_condition_of_the_rulebook_refuses_nothing() -> None:
    assert read(item("number", min=90.0, min_from="classroom_area_m2"), "60") == 60
    assert read(item("number", min=90.0), "60") == Wrong("answer.too_small", {"least": "90"})


@pytest.mark.parametrize("typed", ["30", "30%", "３０％"])
def test_a_share_is_typed_in_percent(typed: str) -> None:
    asked = item("number", unit="share", max=1.0)
    assert read(asked, typed) == 0.3
    assert typed_answer(asked, 0.3) == "30"


def test_a_share_cannot_exceed_the_whole() -> None:
    assert read(item("number", unit="share", max=1.0), "101") == Wrong(
        "answer.too_large", {"most": "100"}
    )


@pytest.mark.parametrize(
    "typed",
    ["2027-03-05", "2027.3.5", "2027/3/5", "2027年3月5日", "２０２７-３-５", "2027 年 3 月 5 日"],
)
def test_a_date_has_its_year_first(typed: str) -> None:
    assert read(item("date"), typed) == "2027-03-05"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2025.2.30", "answer.no_such_day"),
        ("2027-02-29", "answer.no_such_day"),
        ("3/5/26", "answer.no_date"),
        ("20270305", "answer.no_date"),
        ("明年", "answer.no_date"),
    ],
)
def test_what_is_no_day_is_refused(typed: str, key: str) -> None:
    assert read(item("date"), typed) == Wrong(key, {"typed": typed})


def test_the_leap_day_of_a_leap_year_is_a_day() -> None:
    assert read(item("date"), "2028-02-29") == "2028-02-29"


def test_spaces_of_every_kind_become_one_space() -> None:
    typed = "示例\u2028路\u202812\u00a0号\u3000二\t楼\r\n\u200b东\ufeff侧"
    assert read(item("text"), typed) == "示例 路 12 号 二 楼 东侧"


def test_a_paragraph_keeps_its_lines() -> None:
    assert read(item("paragraph"), " 第一\u2029段 \r\n 第二段\r") == "第一 段\n第二段"


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\ud800"])
def test_what_cannot_be_stored_is_refused(letter: str) -> None:
    assert not storable(tidy(f"示例{letter}"))
    assert read(item("text"), f"示例{letter}") == Wrong("answer.unstorable")


def test_markup_is_only_text() -> None:
    assert read(item("text"), "</textarea><script>") == "</textarea><script>"


def test_text_has_a_longest() -> None:
    assert read(item("text"), "字" * 500) == "字" * 500
    assert read(item("text"), "字" * 501) == Wrong("answer.too_long", {"most": 500, "length": 501})
    assert isinstance(read(item("text", max=10.0), "字" * 11), Wrong)


def test_a_choice_is_one_of_its_choices() -> None:
    assert read(item("choice"), "owned") == "owned"
    assert read(item("choice"), "stolen") == Wrong("answer.no_choice")
    assert read(item("yesno"), "yes") is True
    assert read(item("yesno"), "no") is False
    assert read(item("yesno"), "maybe") == Wrong("answer.no_choice")


def test_trades_are_found_by_their_names() -> None:
    assert read(item("trade"), "低压电工") == "low-voltage"
    assert read(item("trade"), "低压") == Wrong("answer.trade_unfinished", {"typed": "低压"})
    found = read(item("trades"), "低压电工、焊接，低压电工")
    assert found == ["low-voltage", "welding"]
    assert typed_answer(item("trades"), found) == "low-voltage、welding"
    assert read(item("trades"), "焊接；低压") == Wrong("answer.trade_unfinished", {"typed": "低压"})
    assert read(item("trades"), "、") == Wrong("answer.no_trade", {"typed": "、"})


def test_nothing_typed_is_nothing() -> None:
    assert read(item("text"), " \u3000\u200b ") is None
    assert typed_answer(item("number"), None) == ""
