"""Words that stand in exam files for a status, a result or an attempt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.domain.exam import ExamStatus
from portal.intake.files import cells
from portal.intake.files.cells import is_blank, plain
from portal.intake.files.refusals import Fault
from portal.rules.script import simplified

_STATUSES = {
    word: status
    for status, words in {
        ExamStatus.REGISTERED: ("registered", "已报名", "已报考", "报名"),
        ExamStatus.NORMAL: ("normal", "正常", "已考"),
        ExamStatus.ABSENT: ("absent", "缺考", "缺", "未到"),
        ExamStatus.VIOLATION: ("violation", "违纪", "作弊", "违规", "取消", "取消成绩"),
        ExamStatus.PENDING: ("pending", "待定", "待公布"),
        ExamStatus.EXEMPT: ("exempt", "免考", "免试"),
    }.items()
    for word in words
}
_RESULTS = {
    **dict.fromkeys(
        ("合格", "通过", "及格", "是", "√", "✓", "1", "yes", "pass", "passed", "true"), True
    ),
    **dict.fromkeys(
        (
            "不合格",
            "未通过",
            "不通过",
            "不及格",
            "否",
            "×",
            "x",
            "0",
            "no",
            "fail",
            "failed",
            "false",
        ),
        False,
    ),
}
_ATTEMPT = re.compile(r"第?(\d{1,2})次?")
_FIRST = frozenset({"首考", "初考", "首次", "第一次"})


@dataclass(frozen=True, slots=True)
class Words:
    """What a cell of scores or states says: a score, a status, or neither."""

    score: float | None = None
    status: ExamStatus | None = None


def words_of_score(raw: str) -> Words | Fault:
    """Return a score, or the status that stands in its place."""
    if status := _STATUSES.get(simplified(plain(raw)).casefold()):
        return Words(status=status)
    score = cells.points(raw)
    return score if isinstance(score, Fault) else Words(score=score)


def words_of_state(raw: str) -> Words | Fault:
    """Return the status that a cell names; a blank one names none."""
    text = simplified(plain(raw)).casefold()
    if is_blank(text):
        return Words()
    status = _STATUSES.get(text)
    return Words(status=status) if status else cells.broken(raw) or Fault("exam.status_unknown")


def words_of_result(raw: str) -> bool | Fault | None:
    """Tell whether a cell says passed; None when it says nothing."""
    text = simplified(plain(raw)).casefold()
    if is_blank(text) or text in _STATUSES:
        return None
    result = _RESULTS.get(text)
    return Fault("exam.result_unknown") if result is None else result


def attempt_of(raw: str) -> int | Fault:
    """Return which attempt it is, from 1."""
    text = simplified(plain(raw)).replace(" ", "")
    if text in _FIRST:
        return 1
    found = _ATTEMPT.fullmatch(text)
    number = int(found[1]) if found else 0
    if number < 1:
        return Fault("exam.attempt" if text else "cell.empty")
    return number


def exam_kind_of(raw: str) -> str | Fault:
    """Return the kind of exam that a cell names."""
    text = simplified(plain(raw)).casefold()
    if not text:
        return Fault("exam.kind_empty")
    return _KINDS.get(text) or Fault("exam.kind_unknown")


_KINDS = {
    name: kind
    for kind, names in {
        "initial": ("initial", "初次取证", "初训", "初领", "初考", "新证", "新取证", "取证"),
        "review": ("review", "复审"),
        "renewal": ("renewal", "换证", "延期换证", "延期"),
    }.items()
    for name in names
}
