"""What an exam result means: sat or not, passed or not, and whose first sitting it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ExamStatus(StrEnum):
    """The state of a row of exam results; registered rows are completed by a later result."""

    REGISTERED = "registered"
    NORMAL = "normal"
    ABSENT = "absent"
    VIOLATION = "violation"
    PENDING = "pending"
    EXEMPT = "exempt"


OPEN = frozenset({ExamStatus.REGISTERED, ExamStatus.PENDING})
"""States that a later result completes."""

INITIAL = "initial"
REVIEW = "review"
RENEWAL = "renewal"

_THEORY_MAY_BE_ALL = frozenset({REVIEW, RENEWAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What one row says of one sitting; a score is None where that part was not sat."""

    exam_kind: str
    attempt: int
    status: ExamStatus
    theory_score: float | None
    practical_score: float | None


def sat(marks: Marks) -> bool:
    """Tell whether the candidate sat: absent and open rows do not count, a violation does."""
    if marks.status is ExamStatus.EXEMPT:
        return marks.practical_score is not None
    return marks.status in {ExamStatus.NORMAL, ExamStatus.VIOLATION}


def passed(marks: Marks, pass_line: float) -> bool:
    """Tell whether every part that had to be passed reaches ``pass_line``.

    Theory may be missing where it is exempt, and at a later attempt (it was passed before);
    practice may be missing at a review or renewal.
    """
    if marks.status not in {ExamStatus.NORMAL, ExamStatus.EXEMPT}:
        return False
    parts = [marks.theory_score] if _theory_counts(marks) else []
    parts += [marks.practical_score] if _practice_counts(marks) else []
    return bool(parts) and all(part is not None and part >= pass_line for part in parts)


def passed_first(marks: Marks, pass_line: float) -> bool:
    """Tell whether it was passed at attempt 1."""
    return marks.attempt == 1 and passed(marks, pass_line)


def held_on(theory_on: date | None, practical_on: date | None) -> date | None:
    """Return the day whose period the row belongs to: that of theory, else of practice."""
    return theory_on or practical_on


def _theory_counts(marks: Marks) -> bool:
    if marks.theory_score is not None:
        return True
    return marks.status is not ExamStatus.EXEMPT and marks.attempt == 1


def _practice_counts(marks: Marks) -> bool:
    return marks.practical_score is not None or marks.exam_kind not in _THEORY_MAY_BE_ALL
