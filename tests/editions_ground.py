"""A small invented world for the tests of editions: institutions, tallies, answers, regulators."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from signing import person

from portal.domain.people import Role
from portal.store.exams import Tally
from portal.store.institutions import Institution, InstitutionTrade
from portal.store.receipts import Receipt
from portal.store.session import transaction
from portal.store.surveys import SurveyTally

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
PERIODS = ("2024-H1", "2024-H2", "2025-H1", "2025-H2")
PEOPLE = {"wang": Role.REGULATOR, "li": Role.REGULATOR, "zhao": Role.ADMIN}
NAMES = "甲乙丙丁戊己庚辛"


PERIOD = PERIODS[-1]


def fill(engine: Engine) -> None:
    """Put an invented world into the database: two trades, eight institutions, three persons."""
    random = Random(20260301)  # noqa: S311  # the same invented world every time
    with transaction(engine) as session:
        receipt = _receipt(session)
        for at, letter in enumerate(NAMES):
            institution = Institution(
                code=f"T{at + 1:03}", name=f"示例{letter}安全培训中心", area_code="310107005"
            )
            session.add(institution)
            session.flush()
            _offer(session, institution.id)
            for period in PERIODS:
                session.add(_tally(random, institution.id, receipt, at, period))
                session.add(_passed_only(random, institution.id, receipt, period))
                session.add(_answers(random, institution.id, receipt, period))
    for name, role in PEOPLE.items():
        person(engine, name, role)


def _receipt(session: Session) -> int:
    receipt = Receipt(
        number="R-1",
        kind="tallies",
        sha256="0" * 64,
        file_name="tallies.csv",
        rows_read=0,
        accepted=0,
        merged=0,
        refused=0,
        skipped=[],
        coverage={},
        taken_in_by="考试机构",
        taken_in_at=AT,
    )
    session.add(receipt)
    session.flush()
    return receipt.id


def _offer(session: Session, institution: int) -> None:
    session.add(InstitutionTrade(institution_id=institution, trade="low-voltage-electrician"))


def _tally(random: Random, institution: int, receipt: int, at: int, period: str) -> Tally:
    size = (400, 260, 150, 90, 60, 25, 8, 7)[at]
    first = max(1, size + random.randint(-2, 2))
    passed_first = round(first * (0.95 - 0.05 * at) * random.uniform(0.97, 1.03))
    retakes = round((first - passed_first) * 0.8)
    return Tally(
        institution_id=institution,
        trade="low-voltage-electrician",
        exam_kind="initial",
        period=period,
        registered=first + retakes + random.randint(0, 9),
        sat=first + retakes,
        sat_first=first,
        passed_first=min(first, passed_first),
        passed=min(first, passed_first) + retakes // 2,
        source="exams",
        receipt_id=receipt,
    )


def _passed_only(random: Random, institution: int, receipt: int, period: str) -> Tally:
    sat = random.randint(20, 90)
    return Tally(
        institution_id=institution,
        trade="high-voltage-electrician",
        exam_kind="initial",
        period=period,
        registered=None,
        sat=sat,
        sat_first=None,
        passed_first=None,
        passed=round(sat * random.uniform(0.6, 0.9)),
        source="tallies",
        receipt_id=receipt,
    )


def _answers(random: Random, institution: int, receipt: int, period: str) -> SurveyTally:
    steps = [random.randint(2, 30), random.randint(2, 20), random.randint(0, 5), 1, 0]
    return SurveyTally(
        institution_id=institution,
        trade="",
        period=period,
        invited=sum(steps) + random.randint(5, 80),
        answered=sum(steps),
        very_satisfied=steps[0],
        satisfied=steps[1],
        neutral=steps[2],
        dissatisfied=steps[3],
        very_dissatisfied=steps[4],
        satisfied_share=None,
        source="问卷",
        receipt_id=receipt,
    )
