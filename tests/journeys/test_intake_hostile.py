"""Hostile and broken files: refused in words, quickly, with nothing written; controls go in."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from handed import EXAM_HEADER, Hand, csv_of, exam, rules_of
from workbooks import changed, members, sheet_xml, xlsx, zipped

from portal.domain.errors import RuleBroken
from portal.intake.files.formats import Kind
from portal.rules.words import say

CELL = ("low-voltage-electrician", "2026-H1")
TYPED: list[list[object]] = [
    [*EXAM_HEADER],
    *[[exam(n)[key] for key in EXAM_HEADER] for n in (1, 2)],
]
GOOD = xlsx({"一": TYPED})
LONGEST_SECONDS = 2


def swollen(content: bytes, size: int) -> bytes:
    """Return a workbook whose sheet inflates to ``size`` bytes of nothing."""
    head, tail = sheet_xml(content).split(b"</sheetData>")
    return changed(content, sheet1=head + b"</sheetData>" + b" " * size + tail)


def with_entities(content: bytes) -> bytes:
    """Return a workbook that defines an entity and repeats it."""
    entity = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]>'
    xml = sheet_xml(content).replace(b"?>", b"?>" + entity, 1)
    return changed(content, sheet1=xml.replace(b"</sheetData>", b"&a;" * 20_000 + b"</sheetData>"))


def in_utf16(content: bytes) -> bytes:
    """Return a workbook whose XML hides a DOCTYPE behind another encoding."""
    xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    return changed(content, sheet1=xml.encode("utf-16"))


def twice(content: bytes) -> bytes:
    """Return a workbook that holds its sheet twice."""
    parts = [*members(content).items()]
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped([*parts, ("xl/worksheets/sheet1.xml", sheet_xml(content))])


def linked(content: bytes) -> bytes:
    """Return a workbook with a symbolic link to a file of the machine."""
    link = zipfile.ZipInfo("xl/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped([*members(content).items(), (link, b"/etc/passwd")])


def encrypted(content: bytes) -> bytes:
    """Return a workbook whose parts say that they are encrypted."""
    flags = content.index(b"PK\x01\x02") + 8
    return content[:flags] + struct.pack("<H", 1) + content[flags + 2 :]


def with_part(name: str, part: bytes) -> Callable[[bytes], bytes]:
    """Return what adds a part to a workbook."""
    return lambda content: zipped([*members(content).items(), (name, part)])


def wide(columns: int) -> bytes:
    """Return a workbook with a sheet of so many columns."""

    def name(number: int) -> str:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return letters

    cells = "".join(f'<c r="{name(n)}1"><v>1</v></c>' for n in range(1, columns + 1))
    xml = sheet_xml(GOOD).split(b"<sheetData>")[0] + f'<sheetData><row r="1">{cells}</row>'.encode()
    return changed(GOOD, sheet1=xml + b"</sheetData></worksheet>")


def far_cell() -> bytes:
    """Return a workbook that claims the whole sheet and has one cell in its last corner."""
    xml = sheet_xml(GOOD)
    head, _, tail = xml.partition(b"</sheetData>")
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return changed(GOOD, sheet1=head + corner + tail)


def far_row() -> bytes:
    """Return a workbook with one cell in the last row of its last named column."""
    head, _, tail = sheet_xml(GOOD).partition(b"</sheetData>")
    corner = b'<row r="1048576"><c r="O1048576"><v>1</v></c></row></sheetData>'
    return changed(GOOD, sheet1=head + corner + tail)


DDE = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
TEXT = csv_of([exam(1), exam(2)]).decode()
HOSTILE: dict[str, tuple[bytes, str]] = {
    "0 bytes": (b"", "empty"),
    "PDF": (b"%PDF-1.7\n", "no_table"),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "no_table"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(64), "no_table"),
    "no data rows": (csv_of([]), "no_rows"),
    "no header": (b"1,2,3\n4,5,6\n", "no_header"),
    "a column missing": (TEXT.replace("theory_score", "x", 1).encode(), "column_missing"),
    "a column twice": (TEXT.replace("site", "theory_score", 1).encode(), "column_twice"),
    "unclosed quote": (TEXT.replace("示例学员", '"示例学员', 1).encode(), "quote"),
    "10 MB cell": (TEXT.replace("示例学员", "长" * 3_500_000, 1).encode(), "cell_too_long"),
    "not any encoding": (TEXT.encode() + b"\xff\xfe\x80\xff", "encoding"),
    "bomb of 300 MB": (swollen(GOOD, 300 * 2**20), "zip_bomb"),
    "entities": (with_entities(GOOD), "xml_entity"),
    "DOCTYPE in UTF-16": (in_utf16(GOOD), "xml_encoding"),
    "truncated": (GOOD[: len(GOOD) * 7 // 10], "zip_damaged"),
    "sheet twice": (twice(GOOD), "zip_twice"),
    "symbolic link": (linked(GOOD), "zip_link"),
    "encrypted": (encrypted(GOOD), "password"),
    "traversal": (with_part("../../etc/cron.d/x", b"x")(GOOD), "zip_name"),
    "absolute name": (with_part("/etc/x", b"x")(GOOD), "zip_name"),
    "DDE link": (with_part("xl/externalLinks/externalLink1.xml", DDE)(GOOD), "dde"),
    "2,500 parts": (
        zipped([*members(GOOD).items(), *((f"x/{n}", b"") for n in range(2_500))]),
        "zip_members",
    ),
    "20,000 columns": (wide(20_000), "too_many_columns"),
    "far cell": (far_cell(), "too_many_columns"),
    "far row": (far_row(), "too_many_cells"),
    "a zip that is no workbook": (zipped([("a.txt", b"a")]), "zip_no_workbook"),
    "password in OLE": (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "broken OLE": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "workbook_damaged"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_whole_in_words_and_quickly(hand: Hand, case: str) -> None:
    content, rule = HOSTILE[case]
    begun = time.process_time()
    with pytest.raises(RuleBroken) as refused:
        hand.give(Kind.EXAMS, content, "成绩.xlsx" if content.startswith(b"PK") else "成绩.csv")
    spent = time.process_time() - begun
    assert refused.value.key == f"intake.file.{rule}"
    assert all(say(refused.value.key, lang, **refused.value.facts) for lang in ("zh", "en"))
    assert spent < LONGEST_SECONDS
    assert hand.counted() == {}


@pytest.mark.parametrize(
    "content", [GOOD, TEXT.encode(), xlsx({"一": TYPED, "说明": [["填表说明"]]})]
)
def test_the_control_goes_in(hand: Hand, content: bytes) -> None:
    assert hand.give(Kind.EXAMS, content, "成绩").accepted == 2
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}


def test_the_bomb_really_expands() -> None:
    with zipfile.ZipFile(io.BytesIO(HOSTILE["bomb of 300 MB"][0])) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > 300 * 2**20


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"site": "考\0点"}, "site", "cell.control"),
        ({"name": "张\0三"}, "name", "cell.control"),
        ({"theory_on": "2026-02-30"}, "theory_on", "cell.no_such_day"),
        ({"theory_on": "2099-01-01"}, "theory_on", "exam.future"),
        ({"theory_on": "05/03/2026"}, "theory_on", "cell.day_unclear"),
        ({"person_id": "3.10107E+17"}, "person_id", "person.digits_lost"),
        ({"theory_score": "#N/A"}, "theory_score", "cell.excel_error"),
        ({"registered_on": "2026-03-09"}, "registered_on", "exam.before_registration"),
        ({"practical_on": "2026-03-01"}, "practical_on", "exam.practical_before_theory"),
        (
            {"exam_kind": "复审", "theory_on": "2026-06-02", "practical_on": ""},
            "exam_kind", "exam.kind_not_held",
        ),
        ({"exam_kind": ""}, "exam_kind", "exam.kind_empty"),
        ({"exam_kind": "补考"}, "exam_kind", "exam.kind_unknown"),
        ({"status": "absent"}, "theory_score", "exam.absent_with_score"),
        ({"status": "也许"}, "status", "exam.status_unknown"),
        ({"theory_on": ""}, "theory_on", "exam.no_day"),
        ({"theory_score": "", "practical_score": ""}, "theory_score", "exam.no_score"),
        ({"trade": "电焊-不存在"}, "trade", "trade.unknown"),
        (
            {"institution_code": "", "institution_name": "示例某某"},
            "institution_name", "institution.unknown_name",
        ),
    ],
)  # fmt: skip
def test_one_bad_row_is_located_and_the_rest_is_not_dropped(
    hand: Hand, changes: dict[str, object], column: str, rule: str
) -> None:
    if "practical_on" in changes and changes["practical_on"] == "":
        changes |= {"practical_score": ""}
    outcome = hand.exams(exam(1), exam(2, **changes), exam(3))
    assert (3, column, rule) in rules_of(outcome)
    assert (outcome.rows_read, outcome.accepted, outcome.refused) == (3, 2, 1)
    assert outcome.receipt is None
    assert hand.counted() == {}


def test_short_and_long_rows_are_refused_one_by_one(hand: Hand) -> None:
    lines = csv_of([exam(1), exam(2), exam(3)]).decode().splitlines()
    lines[2] = lines[2].rpartition(",")[0]
    lines[3] += ",多出来的"
    outcome = hand.give(Kind.EXAMS, "\n".join(lines).encode())
    assert rules_of(outcome) == [(3, "", "row.short"), (4, "", "row.long")]
    assert outcome.accepted == 1


def test_a_passed_that_the_scores_do_not_bear_is_refused(hand: Hand) -> None:
    header = [*EXAM_HEADER, "是否合格"]
    rows = [
        exam(1, theory_score=79, 是否合格="是"),
        exam(2, 是否合格="不合格"),
        exam(3, 是否合格="合格"),
    ]
    outcome = hand.give(Kind.EXAMS, csv_of(rows, header))
    assert rules_of(outcome) == [
        (2, "是否合格", "exam.passed_but_scores"), (3, "是否合格", "exam.failed_but_scores"),
    ]  # fmt: skip


def test_what_stands_around_the_data_is_skipped_and_listed(hand: Hand) -> None:
    lines = csv_of([exam(1), exam(2), exam(3)]).decode().splitlines()
    text = "\n".join(
        [
            "2026年第3期特种作业考试成绩（盖章版）", "单位（盖章）：", lines[0], lines[1], "",
            "小计,,,,,,,,,,,,,,", lines[0], lines[2], lines[3], "制表人：,,,,,,,,审核：,,,,,,",
        ]
    )  # fmt: skip
    outcome = hand.give(Kind.EXAMS, text.encode())
    assert outcome.receipt is not None, rules_of(outcome)
    assert (outcome.rows_read, outcome.accepted) == (3, 3)
    assert [(one["line"], one["reason"]) for one in outcome.skipped] == [
        (1, "title"), (2, "title"), (5, "blank"), (6, "subtotal"), (7, "header"), (10, "signature"),
    ]  # fmt: skip


def test_the_export_of_an_exam_system_goes_in_as_it_is(hand: Hand) -> None:
    header = [
        "序号", "姓 名", "证件号码", "准考证号", "操作项目", "考试类型", "培训机构", "第几次",
        "理论考试日期", "理论成绩", "理论情况", "实操日期", "实操成绩", "实操情况", "是否合格",
    ]  # fmt: skip
    good = exam(1)
    rows = [
        [1, "示例", good["person_id"], "T1", "电工作业-低压电工作业", "初训",
         "示例P001安全培训中心", "1", "2026年3月5日", "85分", "正常", "2026.3.6", "８８", "正常",
         "合格"],
        [2, "示例", exam(2)["person_id"], "T2", "低压电工作业", "初次取证",
         "示例Ｐ001安全培训中心 ", "第1次", "2026-03-05", "缺考", "缺考", "", "", "", ""],
        [3, "示例", exam(3)["person_id"], "T3", "低压电工", "初训", "个人", "1",
         "2026/3/5", "70", "正常", "", "", "缺考", "不合格"],
    ]  # fmt: skip
    outcome = hand.give(Kind.EXAMS, xlsx({"成绩": [header, *rows]}), "成绩.xlsx")
    assert outcome.receipt is not None, [
        (one.line, one.column, one.rule) for one in outcome.refusals
    ]
    assert outcome.ignored == ["序号"]
    assert hand.counted() == {CELL: (2, 1, 1, 1, 1)}
