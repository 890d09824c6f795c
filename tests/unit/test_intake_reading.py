"""Files of every kind: the same table, whatever the wrapping."""

from __future__ import annotations

from datetime import date

import pytest
from handed import EXAM_HEADER, csv_of, exam
from workbooks import xls, xlsx

from portal.cli.progress import progress
from portal.domain.errors import RuleBroken
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.headers import layout_of, measure
from portal.intake.files.reading import sheets_of
from portal.intake.files.source import Source
from portal.rules.words import say

FORM = format_of(Kind.EXAMS)
ROWS = [exam(1), exam(2, name="𠮷野·㐂", site="第二考点，东楼")]
CONTROL = csv_of(ROWS)
TABLE = [[*EXAM_HEADER], *[[str(row[key]) for key in EXAM_HEADER] for row in ROWS]]
TYPED: list[list[object]] = [[*EXAM_HEADER], *[[row[key] for key in EXAM_HEADER] for row in ROWS]]


def rows_of(content: bytes, name: str = "成绩.csv") -> list[list[str]]:
    """Return the rows of the first sheet."""
    (first, *_) = sheets_of(Source(name, content), measure(FORM))
    return [list(cells) for _, cells in first.rows]


def html(rows: list[list[str]], charset: str = "utf-8") -> bytes:
    """Return a web page with a table, as systems export it."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f'<html><meta http-equiv="Content-Type" content="text/html; charset={charset}"><table>'
    return (page + body + "</table></html>").encode("gb18030" if charset == "gb2312" else charset)


TEXT = CONTROL.decode()
WRAPPINGS = {
    "UTF-8": CONTROL,
    "UTF-8 with BOM": b"\xef\xbb\xbf" + CONTROL,
    "GB18030": TEXT.encode("gb18030"),
    "UTF-16LE with BOM": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "UTF-16BE with BOM": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16LE without BOM": TEXT.encode("utf-16-le"),
    "UTF-16BE without BOM": TEXT.encode("utf-16-be"),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "CR": TEXT.replace("\n", "\r").encode(),
    "mixed line ends, none at the end": TEXT.replace("\n", "\r\n", 1).rstrip("\n").encode(),
    "semicolon": csv_of(ROWS, separator=";"),
    "tab": csv_of(ROWS, separator="\t"),
    "tab in UTF-16": b"\xff\xfe" + csv_of(ROWS, separator="\t").decode().encode("utf-16-le"),
    "tab text named xls": csv_of(ROWS, separator="\t"),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_text_reads_the_same_in_every_wrapping(wrapping: str) -> None:
    name = "成绩.xls" if "xls" in wrapping else "成绩.csv"
    assert rows_of(WRAPPINGS[wrapping], name) == TABLE


def test_workbooks_read_the_same() -> None:
    assert rows_of(xlsx({"一": TYPED})) == TABLE
    assert rows_of(xlsx({"一": TYPED}), "成绩.csv") == TABLE  # the content says what it is
    assert rows_of(xls(TYPED), "成绩.xls") == TABLE


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_web_page_named_xls_is_a_table(charset: str) -> None:
    assert rows_of(html(TABLE, charset), "成绩.xls") == TABLE


def test_a_web_page_named_xlsx_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"intake\.file\.web_page"):
        rows_of(html(TABLE), "成绩.xlsx")


def test_cells_merged_downwards_hold_for_every_row() -> None:
    page = (
        "<table><tr><th>a</th><th>b</th></tr>"
        "<tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr>"
        "<tr><td>乙</td><td>3</td></tr></table>"
    )
    assert rows_of(page.encode(), "x.xls") == [["a", "b"], ["甲", "1"], ["甲", "2"], ["乙", "3"]]

    def merge(book: object) -> None:
        sheet = book.worksheets()[0]  # type: ignore[attr-defined]
        sheet.merge_range(1, 0, 2, 0, "甲")

    table: list[list[object]] = [["a", "b"], ["", 1], ["", 2], ["乙", 3]]
    assert rows_of(xlsx({"一": table}, paint=merge)) == [
        ["a", "b"], ["甲", "1"], ["甲", "2"], ["乙", "3"],
    ]  # fmt: skip


def test_numbers_and_errors_of_a_workbook_say_what_they_are() -> None:
    def paint(book: object) -> None:
        sheet = book.worksheets()[0]  # type: ignore[attr-defined]
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_datetime(1, 3, date(2026, 3, 5), book.add_format({"num_format": "yyyy-m-d"}))  # type: ignore[attr-defined]

    table: list[list[object]] = [["a", "b", "c", "d"], [310107199003070029, 85.5, "", ""]]
    assert rows_of(xlsx({"一": table}, paint=paint))[1] == [
        "3.10107E+17", "85.5", "#DIV/0!", "2026-03-05",
    ]  # fmt: skip


def test_workbooks_tell_from_when_their_days_count() -> None:
    epochs = [
        sheets_of(Source("x.xlsx", xlsx({"一": TYPED}, date_1904=late)), measure(FORM))[0].epoch
        for late in (False, True)
    ]
    assert epochs == [date(1899, 12, 30), date(1904, 1, 1)]


def test_hidden_sheets_are_known_as_such() -> None:
    book = xlsx({"一": TYPED, "底稿": TYPED}, hidden=["底稿"])
    assert [one.hidden for one in sheets_of(Source("x.xlsx", book), measure(FORM))] == [False, True]


CHINESE = [
    "序号",
    "姓 名",
    "身份证号码",
    "准考证号",
    "操作项目",
    "考试类型",
    "培训机构",
    "第几次",
    "理论\n考试日期",
]


def test_headers_are_found_below_titles_and_over_two_rows() -> None:
    rows = [
        (1, ["2026年第3期考试成绩（盖章版）", *[""] * 12]),
        (2, ["单位（盖章）：", *[""] * 12]),
        (3, [*CHINESE, "成绩", "", "是否合格 ", ""]),
        (4, [*[""] * 9, "理论", "实操", "", ""]),
    ]
    layout = layout_of(rows, FORM)
    assert layout is not None
    assert (layout.line, layout.last_line, layout.width) == (3, 4, 12)
    assert layout.headers["theory_score"] == "成绩理论"
    assert layout.headers["practical_score"] == "成绩实操"
    assert layout.headers["result"] == "是否合格"
    assert layout.ignored == ("序号",)


def test_a_header_that_lacks_a_column_or_names_one_twice_is_refused() -> None:
    header = [name for name in EXAM_HEADER if name != "theory_score"]
    with pytest.raises(RuleBroken) as lacking:
        layout_of([(1, header)], FORM)
    assert "理论成绩 theory_score" in say(lacking.value.key, "zh", **lacking.value.facts)
    assert "theory score (theory_score)" in say(lacking.value.key, "en", **lacking.value.facts)
    with pytest.raises(RuleBroken) as nameless:
        layout_of([(1, [*EXAM_HEADER[:3], *EXAM_HEADER[5:], "送培单位"])], FORM)
    assert nameless.value.facts["missing"] == ["institution_name", "institution_code"]
    with pytest.raises(RuleBroken) as twice:
        layout_of([(1, [*EXAM_HEADER, "理论成绩"])], FORM)
    assert twice.value.key == "intake.file.column_twice"
    assert layout_of([(1, ["说明", "本表仅供参考"])], FORM) is None


def test_columns_in_another_order_are_the_same_table() -> None:
    turned = [*reversed(EXAM_HEADER)]
    layout = layout_of([(1, turned)], FORM)
    assert layout is not None
    cells = [str(ROWS[0][key]) for key in turned]
    assert layout.picker()([*cells, ""])[:15] == tuple(str(ROWS[0][key]) for key in EXAM_HEADER)


def test_lines_are_counted_through_cells_of_many_lines() -> None:
    text = 'a,b\r\n1,x\n"2\n2",y\n\n"3\r\n3","z\rz"\n4,w'
    (sheet,) = sheets_of(Source("x.csv", text.encode()), lambda rows: len(rows[0]))
    assert [line for line, _ in sheet.rows] == [1, 2, 3, 5, 6, 9]


def test_a_reader_can_tell_how_far_it_is() -> None:
    text = "a,b\n" + "1,2\n" * 5_000
    for name, content in (("x.csv", text.encode()), ("x.xlsx", xlsx({"一": [["a", "b"]] * 5_000}))):
        (sheet,) = sheets_of(Source(name, content), lambda rows: len(rows[0]))
        shares = [sheet.reached.share for _ in sheet.rows]
        assert shares == sorted(shares)
        assert 0 < shares[2_500] < shares[-1] == 1


def test_every_format_knows_its_canonical_header() -> None:
    for kind in Kind:
        form = format_of(kind)
        layout = layout_of([(1, form.keys)], form)
        assert layout is not None
        assert set(layout.headers) == set(form.keys)


def test_a_terminal_is_shown_how_far_the_work_is_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for terminal in ("1", "0"):
        monkeypatch.setenv("TTY_COMPATIBLE", terminal)
        with progress("x.csv", "checking") as reached:
            reached.share, reached.rows = 0.5, 1_234
        shown = capsys.readouterr().err
        assert ("50%" in shown, "1,234" in shown, shown == "") == (
            (True, True, False) if terminal == "1" else (False, False, True)
        )
