"""A statement is answered point by point, and so it stands beside the public entry."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select
from supervision_ground import START, Ground, begun, reader

from portal.casework.supervision import case_proceedings as proceedings
from portal.casework.supervision import case_publication as publication
from portal.casework.supervision.case_proceedings import PointAnswer
from portal.casework.supervision.cases import Opening, open_case
from portal.store.cases import CaseFile
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from portal.rules.office import Office
    from portal.settings import Settings

POINTS = ("停电两天，不是少上课。", "缺的课已经补上。")
REASONS = ("停电已核实，从缺少的课时中扣除。", "补课没有签到。")


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town."""
    del office
    return begun(engine)


def served(ground: Ground) -> CaseFile:
    """Return a case whose notice was served."""
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        opening = Opening(
            subject="T1", ground="files_missing", severity="minor", facts="缺教学日志。"
        )
        case = open_case(here, opening)
        evidence = {"inspection_record": "卷", "training_files": "卷"}
        proceedings.keep_evidence(here, case.number, case.revision, evidence=evidence)
        service = proceedings.Service(served_on=START, how="post", proof="单号")
        return proceedings.serve_notice(here, case.number, case.revision, service)


def file_of(ground: Ground) -> CaseFile:
    """Return the only case as it stands."""
    with reading(ground.engine) as session:
        return session.scalars(select(CaseFile)).one()


def test_each_point_is_answered_by_itself_and_printed_so(
    ground: Ground, settings: Settings
) -> None:
    number = served(ground).number
    said = {"revision": "3", "words": POINTS[0], "words_3": POINTS[1]}
    clerk = reader(settings, START, who="clerk")
    assert clerk.post(f"/my/cases/{number}/reply", data=said).status_code == 303
    assert all(point in clerk.get(f"/my/cases/{number}").text for point in POINTS)
    desk = reader(settings, START, who="first")
    half = {"revision": "4", "adopted_1": "yes", "reasons_1": REASONS[0], "adopted_2": "no"}
    refused = desk.post(f"/desk/cases/{number}/answer", data=half)
    assert (refused.status_code, REASONS[0] in refused.text) == (422, True)
    whole = half | {"reasons_2": REASONS[1]}
    assert desk.post(f"/desk/cases/{number}/answer", data=whole).status_code == 303
    entry = listed(ground)
    page = reader(settings, START).get(f"/issues/{entry}").text
    order = [page.index(text) for text in (POINTS[0], REASONS[0], POINTS[1], REASONS[1])]
    assert order == sorted(order)
    beside = page[order[0] : order[-1]]
    assert beside.index(">采纳<") < beside.index(POINTS[1]) < beside.index(">未采纳<")
    told = reader(settings, START).get(f"/api/v1/issues/{entry}").json
    assert told is not None
    assert told["statement_points"] == [
        {"number": 1, "words": POINTS[0], "adopted": True, "reasons": REASONS[0]},
        {"number": 2, "words": POINTS[1], "adopted": False, "reasons": REASONS[1]},
    ]
    assert told["statement_adopted"] is False
    row = reader(settings, START).get("/api/v1/issues.csv").text
    assert "1. 停电两天，不是少上课。" in row


def listed(ground: Ground) -> str:
    """Decide and publish the case; return the number of its entry."""
    with transaction(ground.engine) as session:
        case = session.scalars(select(CaseFile)).one()
        here = ground.stand(session, "first", START)
        decision = proceedings.Decision(
            number="决1", decided_on=START, words="责令补齐", severity="minor", advice=""
        )
        proceedings.decide_case(here, case.number, case.revision, decision)
        until = START + timedelta(days=30)
        publication.propose_publication(here, case.number, case.revision, until_on=until)
        other = ground.stand(session, "second", START)
        return publication.publish_entry(other, case.number, case.revision).listing_no or ""


def test_no_point_is_passed_over_and_nothing_is_decided_before(ground: Ground) -> None:
    no = served(ground).number
    said = (no, 3)
    ground.do("clerk", START, lambda on: proceedings.reply_to_notice(on, *said, points=POINTS))
    answered = {1: PointAnswer(adopted=True, reasons=REASONS[0])}
    for answers in (answered, answered | {2: PointAnswer(adopted=False, reasons=" ")}):
        told = ground.refused(
            "first",
            START,
            partial(proceedings.answer_statement, number=no, revision=4, answers=answers),
        )
        assert told.faults == {"reasons_2": "case.field_empty"}
    later = START + timedelta(days=30)
    decision = proceedings.Decision(
        number="决1", decided_on=later, words="责令补齐", severity="minor", advice=""
    )
    early = ground.refused("first", later, lambda on: proceedings.decide_case(on, no, 4, decision))
    assert early.key == "case.answer_first"
    assert file_of(ground).statement_answer is None


def test_a_statement_says_something(ground: Ground) -> None:
    no = served(ground).number
    told = ground.refused(
        "clerk", START, lambda on: proceedings.reply_to_notice(on, no, 3, points=["", "  "])
    )
    assert told.faults == {"words": "case.field_empty"}
