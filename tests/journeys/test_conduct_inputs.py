"""What an edition takes in of conditions and cases: public, on its day, and gone when gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from signing import institution, person

from portal.domain.people import Role
from portal.metrics.conduct import conditions_on, record_on
from portal.rules.rulebook import rules_on
from portal.store.cases import CaseFile
from portal.store.reports import Fact, SpecialReport
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

DAY = date(2026, 6, 1)
AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
SEATS = "venues.classroom_seats"


@pytest.fixture
def subject(app: object, engine: Engine) -> int:
    """Return the number of an institution."""
    assert app
    return int(institution(engine, "T1").id)


def told(engine: Engine, subject: int, *facts: tuple[str, object, str, date]) -> None:
    """Lay accepted facts into the store: path, value, proof, from."""
    with transaction(engine) as session:
        report = SpecialReport(
            receipt_no="S-1",
            institution_id=subject,
            period="2025-H2",
            version=1,
            form="x",
            content={},
            content_sha256="0" * 64,
            is_late=False,
            submitted_by="示例经办人",
            submitted_at=AT,
            state="accepted",
        )
        session.add(report)
        session.flush()
        for path, value, proof, since in facts:
            session.add(
                Fact(
                    institution_id=subject,
                    report_id=report.id,
                    path=path,
                    value=value,
                    proof=proof,
                    from_on=since,
                )
            )


def test_conditions_are_those_of_the_day(engine: Engine, subject: int) -> None:
    later = DAY + timedelta(days=30)
    told(
        engine, subject, (SEATS, 80, "seen_on_site", DAY), ("systems.systems_count", 9, "x", later)
    )
    with reading(engine) as session:
        found = conditions_on(session, DAY, {"T1"}, rules_on(DAY))
        verdicts = {one.item: one.verdict for one in found}
        assert verdicts[SEATS] == "met"
        assert verdicts["systems.systems_count"] == "not_verified"
        assert not conditions_on(session, DAY - timedelta(days=1), {"T1"}, rules_on(DAY))
        assert not conditions_on(session, DAY, {"other"}, rules_on(DAY))


def listed(engine: Engine, subject: int, number: str, **changes: object) -> None:
    """Lay a published case into the store."""
    opener, second = (
        person(engine, f"{who}{number}".lower(), Role.REGULATOR).id for who in ("p", "q")
    )
    facts: dict[str, Any] = {
        "state": "published",
        "decided_on": DAY - timedelta(days=20),
        "publish_from_on": DAY - timedelta(days=10),
        "publish_until_on": DAY + timedelta(days=300),
        "listing_no": f"L-{number}",
        "decision_no": f"D-{number}",
        "served_on": DAY - timedelta(days=600),
        "reply_until_on": DAY - timedelta(days=590),
    }
    with transaction(engine) as session:
        session.add(
            CaseFile(
                number=number,
                institution_id=subject,
                ground="files_missing",
                severity="general",
                facts="示例",
                opened_by_id=opener,
                proposed_by_id=opener,
                second_id=second,
                opened_at=AT,
                opened_on=AT.date(),
                **(facts | changes),
            )
        )


def test_only_cases_on_the_list_cost_points(engine: Engine, subject: int) -> None:
    listed(engine, subject, "A")
    listed(engine, subject, "B", state="decided", publish_from_on=None, publish_until_on=None)
    listed(engine, subject, "C", ended_on=DAY, end_reason="quashed")
    listed(engine, subject, "D", decided_on=DAY - timedelta(days=400))
    with reading(engine) as session:
        (found,) = record_on(session, DAY, {"T1"}, rules_on(DAY))
        assert found.institution == "T1"
        assert found.points == rules_on(DAY).integrity.of("general").points
        after = rules_on(DAY + timedelta(days=400))
        assert not record_on(session, DAY, {"T1"}, after)
