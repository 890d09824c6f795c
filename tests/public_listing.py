"""Entries of the problem list in the invented world: one with a reply, one that has ended."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from signing import person
from sqlalchemy import select

from portal.domain.people import Role
from portal.store.bulletins import Bulletin
from portal.store.cases import CaseFile, EntryVersion, StatementPoint
from portal.store.institutions import Institution
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
FACTS = "抽查三个班次，签到表与视频不一致共 12 人次。"
STATEMENT = "停电两天，六课时改到下月补上。"
ANSWER = "已从缺少的课时中扣除。"


@pytest.fixture
def listed_world(public_world: FlaskClient, engine: Engine) -> FlaskClient:
    """Return a reader of the invented world in which S001 stands on the problem list."""
    first, second = (person(engine, name, Role.REGULATOR).id for name in ("first", "second"))
    with transaction(engine) as session:
        for number, ended_on in ((1, None), (2, date(2026, 4, 10))):
            entry(session, number, (first, second), ended_on)
        session.add(
            Bulletin(
                number=1,
                document_no="示安委办〔2026〕5号",
                planned_on=date(2026, 4, 1),
                on=date(2026, 4, 1),
                entries=["P-1", "P-2"],
                issued_by_id=first,
            )
        )
    return public_world


def entry(session: Session, number: int, two: tuple[int, int], ended_on: date | None) -> None:
    """Write an entry that two persons have published, with a statement of one point."""
    subject = session.scalars(select(Institution.id).where(Institution.code == "S001")).one()
    case = CaseFile(
        number=f"C-{number}",
        listing_no=f"P-{number}",
        institution_id=subject,
        trade="low-voltage-electrician",
        ground="outline_not_followed",
        severity="general",
        facts=FACTS,
        state="published",
        opened_by_id=two[0],
        opened_at=AT,
        opened_on=AT.date(),
    )
    decided(case, number, two)
    if ended_on:
        case.state, case.ended_on, case.end_reason = "ended", ended_on, "repaired"
    session.add(case)
    session.flush()
    point = StatementPoint(case_id=case.id, number=1, words=STATEMENT, adopted=True, reasons=ANSWER)
    session.add(point)
    for at, words in enumerate((None, "学员人数 73 改为 71"), 1):
        day = date(2026, 3, 15 + at)
        session.add(EntryVersion(case_id=case.id, number=at, on=day, facts=FACTS, words=words))


def decided(case: CaseFile, number: int, two: tuple[int, int]) -> None:
    """Serve, hear, decide and publish."""
    case.served_on, case.reply_until_on = date(2026, 3, 3), date(2026, 3, 10)
    case.statement, case.statement_at = STATEMENT, AT
    case.statement_answer, case.statement_adopted = ANSWER, True
    case.statement_answered_on = date(2026, 3, 12)
    case.decision_no, case.decided_on = f"示应急责改〔2026〕{number}号", date(2026, 3, 13)
    case.decision_text = "责令改正"
    case.publish_from_on, case.publish_until_on = date(2026, 3, 16), date(2026, 9, 16)
    case.proposed_by_id, case.second_id = two
