"""Files for the tests as the exam authority hands them in, and the way they go in."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from signing import person, signed_in
from sqlalchemy import Engine, select

from portal.domain.people import OPERATOR, Role
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.source import Source
from portal.intake.handing_in import Counter, Outcome, Wish
from portal.intake.taking_back import undo
from portal.intake.taking_in import check_file, take_in
from portal.rules.office import Office
from portal.store.exams import Tally
from portal.store.institutions import Institution
from portal.store.session import reading, transaction

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
EXAM_HEADER = format_of(Kind.EXAMS).keys[:15]
TALLY_HEADER = format_of(Kind.TALLIES).keys
COUNTS = ("registered", "sat", "sat_first", "passed_first", "passed")


LETTER = {
    "sender": "示例市考试中心",
    "document_no": "示考〔2026〕7号",
    "received_on": "2026-03-20",
}
"""What is told of the letter that came with a file."""


def stamp() -> bytes:
    """Return the scan of such a letter: a picture large enough to be legible."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1300, 1300, 8, 0, 0, 0, 0))
    pixels = zlib.compress(b"".join(b"\0" + b"\xff" * 1300 for _ in range(1300)))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def identity_number(number: int, born: str = "19900307", area: str = "310107") -> str:
    """Return a valid identity number of an invented person."""
    body = f"{area}{born}{number % 999 + 1:03d}"
    check = (1 - 2 * int(body, 13)) % 11
    return body + ("X" if check == 10 else str(check))


def exam(number: int = 1, **changed: object) -> dict[str, object]:
    """Return the cells of one good row: passed at the first attempt."""
    row: dict[str, object] = {
        "ticket_no": f"26030{number:04d}",
        "person_id": identity_number(number),
        "name": "示例学员",
        "institution_code": "P001",
        "institution_name": "",
        "trade": "low-voltage-electrician",
        "exam_kind": "initial",
        "attempt": 1,
        "registered_on": "2026-01-12",
        "theory_on": "2026-03-05",
        "theory_score": 88,
        "practical_on": "2026-03-06",
        "practical_score": 91,
        "site": "第一考点",
        "status": "normal",
    }
    return row | changed


def tally(**changed: object) -> dict[str, object]:
    """Return the cells of one good row of counts."""
    row: dict[str, object] = {
        "institution_code": "P001",
        "institution_name": "",
        "trade": "fusion-welding",
        "exam_kind": "initial",
        "period": "2025-H1",
        "registered": 100,
        "sat": 95,
        "sat_first": 90,
        "passed_first": 70,
        "passed": 80,
    }
    return row | changed


def csv_of(
    rows: Iterable[Mapping[str, object]], header: Sequence[str] = EXAM_HEADER, separator: str = ","
) -> bytes:
    """Return rows as a CSV file in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(key, "") for key in header] for row in rows)
    return text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Hand:
    """Hands files in to a site, as the operator."""

    engine: Engine
    office: Office
    person_key: str | None = "person key of this test"

    def counter(self) -> Counter:
        """Return what a file is judged by."""
        return Counter(office=self.office, day=DAY, at=AT, person_key=self.person_key)

    def give(
        self, kind: Kind, content: bytes, name: str = "成绩.csv", wish: Wish | None = None
    ) -> Outcome:
        """Hand a file in; return what became of it."""
        source = Source(name, content)
        with reading(self.engine) as session:
            handed = check_file(session, self.counter(), kind, source)
        with transaction(self.engine) as session:
            return take_in(session, OPERATOR, self.counter(), handed, wish or Wish())

    def exams(self, *rows: Mapping[str, object], wish: Wish | None = None) -> Outcome:
        """Hand rows of exam results in, as CSV."""
        return self.give(Kind.EXAMS, csv_of(rows), wish=wish)

    def tallies(self, *rows: Mapping[str, object], wish: Wish | None = None) -> Outcome:
        """Hand rows of counts in, as CSV."""
        return self.give(Kind.TALLIES, csv_of(rows, TALLY_HEADER), wish=wish)

    def reissue(self, of: Outcome, *rows: Mapping[str, object], partial: bool = False) -> Outcome:
        """Hand a corrected file of exam results in, as CSV."""
        wish = Wish(corrects=number_of(of), reason="示例：漏登", partial=partial)
        return self.exams(*rows, wish=wish)

    def take_back(self, outcome: Outcome) -> None:
        """Undo what an outcome brought."""
        with transaction(self.engine) as session:
            undo(session, OPERATOR, number_of(outcome), "示例：交错了", AT)

    def register(self, *codes: str) -> None:
        """Let institutions be registered, through the door for lists."""
        header = format_of(Kind.INSTITUTIONS).keys
        rows = [
            {
                "institution_code": code,
                "name": f"示例{code}安全培训中心",
                "area_code": "310107005",
                "trades": "低压电工作业;fusion-welding",
            }
            for code in codes
        ]
        outcome = self.give(Kind.INSTITUTIONS, csv_of(rows, header))
        assert outcome.accepted == len(codes), outcome.refusals

    def counted(self, code: str = "P001") -> dict[tuple[str, str], tuple[int | None, ...]]:
        """Return (trade, period) → the five counts of an institution."""
        stored = select(Tally).join(Institution, Institution.id == Tally.institution_id)
        with reading(self.engine) as session:
            return {
                (one.trade, one.period): tuple(getattr(one, name) for name in COUNTS)
                for one in session.scalars(stored.where(Institution.code == code))
            }


def number_of(outcome: Outcome) -> str:
    """Return the number of the receipt."""
    assert outcome.receipt, outcome.refusals
    return outcome.receipt.number


def rules_of(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Return line, column and rule of every refusal."""
    return [(one.line, one.column, one.rule) for one in outcome.refusals]


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return who hands files in to a site with one institution."""
    hand = Hand(engine, office)
    hand.register("P001")
    return hand


@pytest.fixture
def officer(app: Flask, engine: Engine) -> FlaskClient:
    """Return the browser of an officer of the exam authority."""
    return signed_in(app, person(engine, "officer", Role.AUTHORITY).username)
