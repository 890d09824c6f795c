"""After quashing an entry's address says so, and its name and facts are nowhere in public."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from supervision_ground import FACTS, START, Ground, settled

from portal.app import create_app
from portal.casework.setting_up import become_demonstration
from portal.casework.supervision import case_aftermath as aftermath
from portal.casework.supervision import case_publication as publication
from portal.domain.errors import RuleBroken
from portal.settings import Settings
from portal.store.cases import CaseEvent, CaseFile
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from datetime import date

    from flask.testing import FlaskClient

    from portal.rules.office import Office

PLACES = (
    "/issues",
    "/issues?subject=institution",
    "/issues/{no}",
    "/issues/{no}/history",
    "/issues/feed",
    "/issues/bulletins",
    "/penalties",
    "/i/T1",
    "/institutions?q=T1",
    "/changes",
    "/sitemap.xml",
    "/api/v1/issues",
    "/api/v1/issues.csv",
    "/api/v1/issues/{no}",
    "/api/v1/penalties",
    "/api/v1/institutions/T1",
    "/api/v1/changes",
)


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town in a place whose clock the test can set."""
    del office
    with transaction(engine) as session:
        become_demonstration(session, "putuo", START, datetime.combine(START, time(4), UTC))
    return settled(engine)


def reader(settings: Settings, day: date, hour: int = 4) -> FlaskClient:
    """Return somebody who reads the site on that day; ``hour`` in UTC."""
    fields = {name: getattr(settings, name) for name in settings.__slots__}
    return create_app(
        Settings(**(fields | {"now": datetime.combine(day, time(hour), UTC)}))
    ).test_client()


@pytest.fixture
def case(ground: Ground) -> CaseFile:
    """Return a case that is on the list."""
    return ground.published()


def test_a_quashed_entry_leaves_within_three_working_days_by_itself(
    ground: Ground, case: CaseFile, settings: Settings
) -> None:
    quashed_on = (case.publish_from_on or START) + timedelta(days=10)
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", quashed_on)
        now = publication.quash(
            here, case.number, case.revision, document_no="示复决〔2026〕2号", words="复议撤销"
        )
        off = now.withdraw_until_on
        assert off == here.rules.calendar.add_working_days(quashed_on, 3)
    before = reader(settings, off - timedelta(days=1))
    assert FACTS in before.get("/issues").text
    # 23:59 at the office is 15:59 in UTC; one minute later it is the next day there.
    assert FACTS in reader(settings, off - timedelta(days=1), 15).get("/issues").text
    assert FACTS not in reader(settings, off - timedelta(days=1), 16).get("/issues").text
    after = reader(settings, off)
    for root in ("", "/en"):
        for place in PLACES:
            answer = after.get(f"{root}{place.format(no=case.listing_no)}")
            assert FACTS not in answer.text, place
            if "{no}" in place:
                assert answer.status_code == 410, place
                assert "示例T1" not in answer.text, place
                assert str(case.listing_no) in answer.text, place
    assert "决定已被撤销" in after.get(f"/issues/{case.listing_no}").text


def test_nobody_keeps_a_quashed_entry_and_the_trail_keeps_all(
    ground: Ground, case: CaseFile
) -> None:
    day = (case.publish_from_on or START) + timedelta(days=1)
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", day)
        now = publication.quash(here, case.number, case.revision, document_no="复", words="撤")
        seen = now.revision
    with transaction(ground.engine) as session:
        here = ground.stand(session, "second", day)
        with pytest.raises(RuleBroken, match="must_go"):
            publication.keep_entry(here, case.number, seen, reasons="不同意")
        publication.end_entry(here, case.number, seen)
    with reading(ground.engine) as session:
        acts = session.scalars(select(CaseEvent.act).order_by(CaseEvent.id)).all()
        assert session.scalars(select(CaseFile)).one().facts == FACTS
    assert acts[-3:] == ["publish", "quash", "end"]


def test_a_dispute_marks_the_entry_at_once(
    ground: Ground, case: CaseFile, settings: Settings
) -> None:
    day = case.publish_from_on or START
    with transaction(ground.engine) as session:
        here = ground.stand(session, "clerk", day)
        aftermath.dispute_entry(here, case.number, case.revision, words="人数不对")
    page = reader(settings, day)
    assert "异议处理中" in page.get("/issues").text
    assert "异议处理中" in page.get(f"/issues/{case.listing_no}").text
    told = page.get(f"/api/v1/issues/{case.listing_no}").get_json()
    assert told["disputed"] is True


def test_the_database_itself_refuses_an_entry_without_due_process(ground: Ground) -> None:
    case = ground.proposed()
    stolen = {"state": "published", "publish_from_on": case.decided_on, "listing_no": "2026-9999"}
    with pytest.raises(IntegrityError), transaction(ground.engine) as session:
        session.execute(update(CaseFile).where(CaseFile.id == case.id).values(**stolen))


def test_an_employer_is_listed_and_answers_on_paper(ground: Ground, settings: Settings) -> None:
    case = ground.published("U1", is_unit=True)
    page = reader(settings, case.publish_from_on or START).get(f"/issues/{case.listing_no}").text
    assert "示例用人单位" in page
    assert "已经报名的学员怎么办" not in page


def test_an_upheld_dispute_does_not_leave_the_entry_as_it_is(
    ground: Ground, case: CaseFile, settings: Settings
) -> None:
    day, no = case.publish_from_on or START, case.number
    ground.do("clerk", day, lambda on: aftermath.dispute_entry(on, no, 6, words="人数不对"))
    ground.do(
        "first", day, lambda on: aftermath.settle_dispute(on, no, 7, upheld=True, reasons="属实")
    )
    kept = ground.refused(
        "second", day, lambda on: publication.keep_entry(on, no, 8, reasons="不撤")
    )
    assert kept.key == "case.quashed_must_go"
    alone = ground.refused("first", day, lambda on: publication.end_entry(on, no, 8))
    assert alone.key == "case.second_person"
    off = ground.do("first", day, lambda on: on.rules.calendar.add_working_days(day, 3))
    assert FACTS in reader(settings, off - timedelta(days=1)).get("/issues").text
    gone = reader(settings, off).get(f"/issues/{case.listing_no}")
    assert (gone.status_code, "示例T1" in gone.text) == (410, False)
    assert FACTS not in reader(settings, off).get("/issues").text


def test_an_entry_amended_by_two_persons_stays_when_the_dispute_is_upheld(
    ground: Ground, case: CaseFile, settings: Settings
) -> None:
    day, no = case.publish_from_on or START, case.number
    new = FACTS.replace("12", "11")
    ground.do("clerk", day, lambda on: aftermath.dispute_entry(on, no, 6, words="人数不对"))
    ground.do("first", day, lambda on: publication.amend(on, no, 7, facts=new, reasons="改"))
    ground.do("second", day, lambda on: publication.confirm_amend(on, no, 8))
    ground.do(
        "first", day, lambda on: aftermath.settle_dispute(on, no, 9, upheld=True, reasons="属实")
    )
    later = reader(settings, day + timedelta(days=30)).get("/issues").text
    assert new in later
    assert FACTS not in later
