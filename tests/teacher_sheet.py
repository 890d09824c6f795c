"""A register of teachers as a clerk fills it in: 24 rows, three of them with a fault."""

from __future__ import annotations

from workbooks import xlsx

from portal.demonstration.answers import identity_number

HEADER = (
    "姓名",
    "专职或兼职",
    "已签订劳动或聘用合同",
    "身份证号",
    "职称或技能等级",
    "证书有效期至",
    "从事本专业年限",
    "授课工种",
    "授课内容",
)
ROWS = 24
SHORT, NO_DAY, UNFINISHED = 7, 13, 19
"""Lines with a digit missing, a day that does not exist, half a trade's name."""


def rows(*, faulty: bool = True) -> list[list[str]]:
    """Return the rows of the sheet; the header is line 1, so the first row is line 2."""
    sheet = [
        [
            f"教师示例{line}",
            "专职" if line % 3 else "兼职",
            "是",
            identity_number(900 + line),
            "高级技师",
            "2029-05-31",
            "12",
            "低压电工、熔化焊接与热切割",
            "理论和实操",
        ]
        for line in range(2, ROWS + 2)
    ]
    if faulty:
        sheet[SHORT - 2][3] = sheet[SHORT - 2][3][:-1]
        sheet[NO_DAY - 2][5] = "2025.2.30"
        sheet[UNFINISHED - 2][7] = "低压"
    return sheet


def book(*, faulty: bool = True) -> bytes:
    """Return the workbook."""
    return xlsx({"教师名册": [HEADER, *rows(faulty=faulty)]})
