"""What a file is handed in with: by whom, when, under which wishes; and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.intake.files.checking import Findings
from portal.intake.files.formats import Kind
from portal.intake.files.refusals import Refused
from portal.intake.files.source import Source
from portal.rules.figures import Exam
from portal.rules.office import Office
from portal.rules.rulebook import rules_on
from portal.store.receipts import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What stands around the one who hands a file in: the office, the day, the keys and rules."""

    office: Office
    day: date
    at: datetime
    person_key: str | None
    local_rules: Path | None = None

    def exam_rules(self, day: date) -> Exam:
        """Return the rules of exams held on ``day``."""
        return rules_on(day, self.local_rules).exam

    def practice_limit(self, day: date) -> int | None:
        """Return how often practice may be failed before theory is sat again; None = no limit.

        Where theory has a limit too, training begins anew and nothing is counted across it.
        """
        exam = self.exam_rules(day)
        return exam.practical_attempts if exam.theory_attempts is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file that was handed in, as a file of some kind, and what was found in it."""

    kind: Kind
    source: Source
    found: Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Behalf:
    """Whose file a regulator takes in, by which letter, and who confirmed it."""

    sender: str
    document_no: str
    received_on: date
    entered_by: str
    confirmed_by: str
    scan_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How to take it in: ``trial`` changes nothing, ``partial`` takes the good rows only.

    ``corrects`` is the number of the receipt whose file this one issues anew, ``reason`` says why.
    ``behalf`` tells of the letter with which an authority without an account sent it.
    """

    trial: bool = False
    partial: bool = False
    corrects: str | None = None
    reason: str = ""
    behalf: Behalf | None = None


PLAINLY = Wish()
"""The whole file, for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a file; ``receipt`` None: nothing was written.

    rows_read = accepted + merged + refused; ``accepted`` counts rows that are, or could be,
    written.
    """

    receipt: Receipt | None
    sha256: str
    rows_read: int
    accepted: int
    merged: int
    refused: int
    skipped: list[dict[str, Any]]
    withdrawn: int = 0
    refusals: list[Refused] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    already: bool = False

    @property
    def done(self) -> bool:
        """Tell whether the file was taken in, now or before."""
        return self.receipt is not None
