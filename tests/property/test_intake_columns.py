"""Rows judged in columns are kept as the row by itself would be, whatever stood beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from handed import AT, DAY, exam, identity_number
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.names import name_key
from portal.intake.handing_in import Counter
from portal.intake.kinds.exam_judging import Standing
from portal.intake.kinds.exams import FORM, ExamRows
from portal.intake.kinds.register import Register, Trades
from portal.rules.office import load_office
from portal.settings import ROOT

Row = dict[str, object]

OFFICE = load_office((ROOT / "data/office/example-abroad.toml").read_text(encoding="utf-8"))
COUNTER = Counter(office=OFFICE, day=DAY, at=AT, person_key="person key of this test")
REGISTER = Register(
    codes={"P001": 1, "P002": 2},
    names={name_key("示例甲安全培训中心"): {1}, name_key("示例乙职业技能培训学校"): {2}},
    outside={name_key("示例外区培训中心")},
)
# Of each column what reads the same, what reads otherwise, and what cannot be read.
CELLS: Mapping[str, Sequence[object]] = {
    "ticket_no": ("26030001", " 26030001", "２６０３０００１", "T-7", "", "T\u200b7"),
    "person_id": (identity_number(1), f" {identity_number(1)}", "310107199003070000", ""),
    "name": ("示例学员", "示例 学员", "示例\0学员", ""),
    "institution_code": ("P001", "P002", "P009", "", "个人"),
    "institution_name": ("", "示例甲安全培训中心", "示例乙职业技能培训学校", "示例外区培训中心"),
    "trade": ("low-voltage-electrician", "熔化焊接与热切割作业", "叉车", "不知道"),
    "exam_kind": ("initial", "复审", "renewal", "不知道"),
    "attempt": (1, "第2次", "首考", 3, 0, ""),
    "registered_on": ("2026-01-12", "", "2026-04-02", "不知道"),
    "theory_on": ("2026-03-05", "2025-12-31", "2026-06-02", "2027-01-15", "", "5/3/26"),
    "theory_score": (88, 79.5, 80, "60", 0, "缺考", "违纪", "免考", "", "八十"),
    "practical_on": ("2026-03-06", "2026-03-01", "2026-06-03", "2027-01-16", ""),
    "practical_score": (91, 60, "缺考", "违纪", "", 101),
    "site": ("第一考点", " 第一 考点", "", "a\0b"),
    "status": ("normal", "", "已报名", "缺考", "违纪", "待定", "免考", "不知道"),
    "theory_state": ("", "正常", "缺考", "违纪"),
    "practical_state": ("", "正常", "缺考", "违纪"),
    "result": ("", "合格", "不合格", "不知道"),
}


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Draw a row: a good one, some of whose cells say something else."""
    changed = draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=4, unique=True))
    return exam(draw(st.integers(1, 3))) | {
        key: draw(st.sampled_from(CELLS[key]), label=key) for key in changed
    }


def checker() -> ExamRows:
    """Return a checker that has seen nothing yet."""
    standing = Standing(
        day=DAY,
        exam_rules=COUNTER.exam_rules,
        person_key=str(COUNTER.person_key),
        period_kind="H",
    )
    return ExamRows(standing, REGISTER, Trades(OFFICE))


def cells_of(row: Row) -> tuple[str, ...]:
    """Return the cells of a row as a file has them, in the order of the format."""
    return tuple(str(row.get(key, "")) for key in FORM.keys)


def in_columns(blocks: Sequence[Sequence[Row]]) -> list[tuple[Any, ...] | None]:
    """Return each row as it is kept where blocks are judged in columns; None = in doubt."""
    judge = checker().columns
    found: list[tuple[Any, ...] | None] = []
    for block in blocks:
        judged = judge([*zip(*map(cells_of, block), strict=True)])
        kept = iter([*zip(*judged.kept, strict=True)])
        good = judged.good or [True] * len(block)
        found += [next(kept) if is_good else None for is_good in good]
        assert not [*kept], "more rows are kept than are good"
    return found


def roster(**changed: object) -> Row:
    """Return a row of somebody who is only registered."""
    empty = dict.fromkeys(("theory_score", "practical_on", "practical_score"), "")
    return exam(2, status="registered", theory_on="2026-12-20", **empty) | changed


PLAIN: Row = {"theory_score": 75, "practical_score": 75}
THEORY: Row = {"practical_on": "", "practical_score": ""}


@given(blocks=st.lists(st.lists(rows(), min_size=1, max_size=6), min_size=1, max_size=3))
# Rows that differ in one thing only, each the first to come by once.
@example(blocks=[[roster(), exam(1, theory_on="2026-12-20", practical_on="")]])
@example(blocks=[[exam(1)], [exam(1, theory_on="", practical_on="2026-03-06")]])
@example(blocks=[[exam(1, **PLAIN), exam(1, trade="叉车", **PLAIN)]])
@example(blocks=[[exam(1, trade="叉车", **PLAIN), exam(1, **PLAIN)]])
@example(blocks=[[exam(1, **THEORY), exam(1, exam_kind="review", **THEORY)]])
@example(blocks=[[exam(1, exam_kind="review", **THEORY), exam(1, **THEORY)]])
@example(blocks=[[exam(1), exam(1, institution_name="示例乙职业技能培训学校")]])
@example(blocks=[[exam(1, institution_code="", institution_name="示例甲安全培训中心")]])
@example(blocks=[[exam(1, ticket_no="", theory_on="2026-03-05", practical_on="2026-03-06")]])
def test_what_columns_keep_is_what_the_row_by_itself_says(blocks: list[list[Row]]) -> None:
    for row, kept in zip(chain(*blocks), in_columns(blocks), strict=True):
        if kept is not None:
            assert kept == checker().row(cells_of(row)), row


def test_an_ordinary_row_is_beyond_doubt() -> None:
    ordinary = [exam(1), roster(), exam(3, theory_score=62, practical_on="", practical_score="")]
    assert None not in in_columns([[*ordinary, exam(1, theory_score="八十")][:3], ordinary])
