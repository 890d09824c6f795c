"""Cells: what each may say, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.exam import ExamStatus
from portal.intake.files import cells
from portal.intake.files.cells import EPOCH_1900, EPOCH_1904, Memo
from portal.intake.files.refusals import Fault, masked, shown
from portal.intake.kinds.exam_words import Words, attempt_of, words_of_result, words_of_score
from portal.intake.kinds.institutions import code_of, credit_code_of, phone_of


def fault(value: object) -> str | None:
    """Return the rule of a fault, None for a value."""
    return value.rule if isinstance(value, Fault) else None


MARCH = date(2026, 3, 5)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "20260305", "２０２６-０３-０５",
        "2026-03-05 00:00:00", "2026-03-05T14:30", "2026年3月5日 星期四", " 2026-03-05\u3000",
        "\ufeff2026-03-05", "'2026-03-05", '="2026-03-05"', "2026-3-5 (周四)",
    ],
)  # fmt: skip
def test_days_that_are_clear(raw: str) -> None:
    assert cells.day(raw) == MARCH


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("26-3-5", "cell.day_unclear"), ("3/5/26", "cell.day_unclear"),
        ("05/03/2026", "cell.day_unclear"), ("13/03/2026", "cell.day_unclear"),
        ("5.3.2026", "cell.day_unclear"), ("2026-02-30", "cell.no_such_day"),
        ("1900-02-29", "cell.no_such_day"), ("2026-13-01", "cell.no_such_day"),
        ("2026-3/5", "cell.day_unclear"), ("1899-12-31", "cell.day_too_early"),
        ("2026-03-04T16:00:00Z", "cell.day_zone"), ("2026-03-05T00:00:00+00:00", "cell.day_zone"),
        ("45993", "cell.day_serial"), ("三月五日", "cell.day"), ("2026", "cell.day"),
        ("20261301", "cell.no_such_day"), ("#N/A", "cell.excel_error"),
        ("2026-03-05\0", "cell.control"),
    ],
)  # fmt: skip
def test_days_that_nobody_can_tell(raw: str, rule: str) -> None:
    assert fault(cells.day(raw)) == rule


def test_serial_days_count_from_where_the_workbook_says() -> None:
    assert cells.day("46086", EPOCH_1900) == MARCH
    assert cells.day("44624", EPOCH_1904) == MARCH
    assert cells.day("46086.5", EPOCH_1900) == MARCH
    assert fault(cells.day("12345", EPOCH_1900)) == "cell.day_too_early"
    assert fault(cells.day("60", EPOCH_1900)) == "cell.day"  # Excel's 29 February 1900


@pytest.mark.parametrize("raw", ["", " ", "-", "—", "/", "空", "\u200b", "\u00a0"])
def test_blank_is_nothing(raw: str) -> None:
    assert cells.day(raw) is None
    assert cells.whole(raw) is None
    assert cells.share(raw) is None
    assert cells.points(raw) is None


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        ("85", 85.0),
        ("85分", 85.0),
        ("85.0", 85.0),
        ("８５", 85.0),
        ("85.50", 85.5),
        ("0", 0.0),
        ("100", 100.0),
    ],
)
def test_scores(raw: str, score: float) -> None:
    assert words_of_score(raw) == Words(score=score)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("八十五", "cell.score"), ("100.5", "cell.score_range"), ("101", "cell.score_range"),
        ("-1", "cell.score"), ("85,5", "cell.score"), ("1e2", "cell.score"),
        ("85.123", "cell.score"),
        ("#DIV/0!", "cell.excel_error"), ("=1+1", "cell.score"), ("s", "cell.score"),
    ],
)  # fmt: skip
def test_scores_that_are_none(raw: str, rule: str) -> None:
    assert fault(words_of_score(raw)) == rule


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("缺考", ExamStatus.ABSENT),
        ("缺", ExamStatus.ABSENT),
        ("作弊", ExamStatus.VIOLATION),
        ("免考", ExamStatus.EXEMPT),
        ("待定", ExamStatus.PENDING),
        ("Absent", ExamStatus.ABSENT),
    ],
)
def test_words_in_the_place_of_a_score(raw: str, status: ExamStatus) -> None:
    assert words_of_score(raw) == Words(status=status)


@pytest.mark.parametrize(
    ("raw", "count"),
    [("31,160", 31_160), ("1 266 315", 1_266_315), ("1\u00a0266", 1_266), ("０", 0), ("7", 7)],
)
def test_counts(raw: str, count: int) -> None:
    assert cells.whole(raw) == count


@pytest.mark.parametrize(
    "raw",
    ["s", "*", "3.5", "-3", "1,26", "Between 100 and 299", "300 or more", "1.266.315", "１２a"],
)
def test_counts_that_are_none(raw: str) -> None:
    assert fault(cells.whole(raw)) == "cell.count"


@pytest.mark.parametrize(
    ("raw", "share"),
    [("0.8269", 0.8269), ("82.69%", 0.8269), ("82,69 %", 0.8269), ("1", 1.0), ("0", 0.0)],
)
def test_shares(raw: str, share: float) -> None:
    assert cells.share(raw) == pytest.approx(share)


@pytest.mark.parametrize("raw", ["82.69", "1.01", "101%", "-5%", "0,8269"])
def test_shares_that_could_mean_two_things(raw: str) -> None:
    assert fault(cells.share(raw)) == "cell.share"


@pytest.mark.parametrize(
    "raw", ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2+3", "＝1", "＠x", "\t=1"]
)
def test_text_that_a_spreadsheet_would_run(raw: str) -> None:
    assert fault(cells.text(raw)) == "cell.formula"


def test_text_stays_as_it_is() -> None:
    assert cells.text("示例甲（东）·𠮷安全培训中心") == "示例甲（东）·𠮷安全培训中心"
    assert cells.text("<script>alert(1)</script>") == "<script>alert(1)</script>"
    assert fault(cells.text("长" * 201)) == "cell.too_long"
    assert fault(cells.text("a\0b")) == "cell.control"
    assert fault(cells.text("a\ud800b")) == "cell.control"


@pytest.mark.parametrize(
    ("raw", "attempt"), [("1", 1), ("第2次", 2), ("首考", 1), ("３", 3), ("12次", 12)]
)
def test_attempts(raw: str, attempt: int) -> None:
    assert attempt_of(raw) == attempt


@pytest.mark.parametrize(
    ("raw", "rule"), [("0", "exam.attempt"), ("补考", "exam.attempt"), ("", "cell.empty")]
)
def test_attempts_that_are_none(raw: str, rule: str) -> None:
    assert fault(attempt_of(raw)) == rule


def test_results_in_words_and_signs() -> None:
    assert [words_of_result(raw) for raw in ("合格", "√", "1", "是")] == [True] * 4
    assert [words_of_result(raw) for raw in ("不合格", "×", "0", "否")] == [False] * 4
    assert words_of_result("") is words_of_result("缺考") is None
    assert fault(words_of_result("也许")) == "exam.result_unknown"


def test_codes_and_phones() -> None:
    assert code_of(" P001 ") == "P001"
    assert fault(code_of("P 001;DROP")) == "cell.code"
    assert fault(code_of("")) == "cell.empty"
    assert credit_code_of("91110000600037341L") == "91110000600037341L"
    for wrong in ("91110000600037341l", "9111OOOO600037341L", "91110000600037342L", "123"):
        assert fault(credit_code_of(wrong)) == "cell.credit_code", wrong
    assert phone_of("+86 21-0000 0000") == "+86 21-0000 0000"
    assert fault(phone_of("=1+2")) == "cell.phone"


def test_long_numbers_are_never_shown_in_clear() -> None:
    for raw in (
        "310107199003070029",
        "３１０１０７１９９００３０７００２９",
        "3101 0719 9003 0700 29",
        "见310107-19900307-0029",
    ):
        text = shown(raw)
        assert "19900307" not in text.replace(" ", "").replace("-", "")
        assert text.count("*") >= 8
    assert shown("张三丰", personal=True) == "张*丰"
    assert shown("张三", personal=True) == "张*"
    assert masked("") == ""
    assert shown("3.10107E+17", personal=True) == "3.10107E+17"
    assert shown("a\nb\0c") == "a b\N{REPLACEMENT CHARACTER}c"
    assert len(shown("长" * 500)) == 61


def test_a_memo_reads_once_and_forgets_when_full() -> None:
    read: list[str] = []

    def reader(raw: str) -> str:
        read.append(raw)
        return raw.upper()

    memo: Memo[str] = Memo(reader, limit=2)
    assert [memo["a"], memo["a"], memo["b"], memo["c"], memo["a"]] == ["A", "A", "B", "C", "A"]
    assert read == ["a", "b", "c", "a"]
