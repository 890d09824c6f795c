"""Letters, bulletins, inspections and traced accidents, through their pages and their acts."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hostile_files import png
from signing import person
from sqlalchemy import Engine, select
from supervision_ground import FACTS, START, Ground, begun, reader

from portal.casework.supervision import inspections, traces
from portal.casework.supervision.case_proceedings import Service, keep_evidence, serve_notice
from portal.casework.supervision.cases import Opening, open_case
from portal.domain.drawing import drawn, promise_of
from portal.domain.errors import RuleBroken
from portal.domain.people import Role
from portal.publication.listing.bulletins import issue_bulletin
from portal.settings import Settings
from portal.store.inspections import Draw, Inspection
from portal.store.letters import Letter
from portal.store.papers import Paper
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from portal.rules.office import Office

CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
SHOWN = re.compile(r'name="shown"[^>]*value="([^"]+)"')
TOLD = "教师让学员代签到，实操只上了一半。"


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town in a place whose clock the test can set."""
    del office
    return begun(engine)


def sent(settings: Settings, seconds: int, **more: str) -> tuple[int, str]:
    """Write a tip in so many seconds; return status and page."""
    blank = reader(settings, START).get("/report-problem").text
    (stamp,) = SHOWN.findall(blank)
    data = {"words": TOLD, "shown": stamp, "about": "", "website": ""} | more
    answer = reader(settings, START, seconds).post("/report-problem", data=data)
    return answer.status_code, answer.text


def test_a_tip_is_taken_followed_and_answered(ground: Ground, settings: Settings) -> None:
    status, page = sent(settings, 60)
    assert status == 200
    (code,) = CODE.findall(page)
    with reading(ground.engine) as session:
        letter = session.scalars(select(Letter)).one()
    assert code.replace("-", "") not in repr(letter)
    desk = reader(settings, START, who="first")
    assert TOLD in desk.get(f"/desk/letters/{letter.number}").text
    assert desk.post(f"/desk/letters/{letter.number}/accept").status_code == 303
    words = {"words": "已经转交，请拨打热线。", "to": "12345"}
    assert desk.post(f"/desk/letters/{letter.number}/hand_off", data=words).status_code == 303
    stranger = reader(settings, START)
    track = stranger.post("/track", data={"code": code.lower().replace("-", " ")})
    assert "已经转交，请拨打热线。" in track.text
    assert TOLD not in track.text
    assert stranger.post("/track", data={"code": "0000"}).status_code == 422


@pytest.mark.parametrize(
    ("seconds", "more"),
    [(0, {}), (60, {"website": "http://"}), (60, {"shown": "forged"}), (90_000, {})],
)
def test_machines_are_kept_out_without_a_puzzle(
    ground: Ground, settings: Settings, seconds: int, more: dict[str, str]
) -> None:
    status, page = sent(settings, seconds, **more)
    assert status == 422
    assert TOLD in page
    with reading(ground.engine) as session:
        assert session.scalars(select(Letter)).all() == []


def test_a_flood_from_one_address_ends(ground: Ground, settings: Settings) -> None:
    del ground
    statuses = [sent(settings, 60, words=f"{TOLD}{n}")[0] for n in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_bulletin_is_issued_also_when_it_is_empty_and_names_nobody_later(
    ground: Ground, settings: Settings, office: Office
) -> None:
    case = ground.published()
    day, off = date(2026, 4, 15), case.publish_until_on or START
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", day)
        issue_bulletin(here, office, planned_on=day, document_no="示通〔2026〕1号")
        with pytest.raises(RuleBroken):
            issue_bulletin(here, office, planned_on=day, document_no="示通〔2026〕2号")
        later = ground.stand(session, "first", off)
        issue_bulletin(later, office, planned_on=date(2026, 7, 15), document_no="示通〔2026〕3号")
    assert FACTS in reader(settings, day).get("/issues/bulletins/1").text
    after = reader(settings, off).get("/issues/bulletins/1").text
    assert FACTS not in after
    assert "示例T1" not in after
    assert str(case.listing_no) in after
    assert "没有正在公示的条目" in reader(settings, off).get("/issues/bulletins/2").text


def test_a_draw_keeps_its_promise(ground: Ground, settings: Settings) -> None:
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        made = inspections.draw_inspections(
            here, count=1, planned_on=START + timedelta(days=9), departments=("甲局", "乙局")
        )
        number, seed = made.number, made.seed
    page = reader(settings, START).get("/inspections").text
    assert made.promise in page
    assert seed not in page
    with transaction(ground.engine) as session:
        draw = session.scalars(select(Draw)).one()
        assert promise_of(draw.seed, draw.tickets) == draw.promise
        assert drawn(draw.seed, draw.tickets, 1) == draw.numbers
        here = ground.stand(session, "first", START)
        one = session.scalars(select(Inspection)).one()
        with pytest.raises(RuleBroken, match="items_open"):
            inspections.finish_inspection(here, one.number, inspectors="甲、乙")
        with pytest.raises(RuleBroken):
            inspections.record_results(here, one.number, {"training": "na"})
        with pytest.raises(RuleBroken):
            inspections.waive_inspection(here, one.number, reason="停业", signer=" ")
        inspections.waive_inspection(here, one.number, reason="停业装修", signer="局长甲")
    page = reader(settings, START).get("/inspections").text
    assert seed in page
    assert "停业装修" in page
    assert "局长甲" in page
    assert number in page


def test_a_trace_is_whole_named_by_nobody_and_decided_by_two(
    ground: Ground, settings: Settings
) -> None:
    result = traces.Result(
        decision_no="示调1号", words="班级学时不足。", until_on=START + timedelta(days=90)
    )
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        trace = traces.open_trace(here, happened_on=START, words="触电", unit="U1")
        with pytest.raises(RuleBroken, match="link_missing"):
            traces.propose_result(here, trace.number, result)
        for step in traces.STEPS:
            link = traces.Link(step=step, outcome="sound", words="查过", evidence="卷宗")
            traces.set_link(here, trace.number, link)
        named = traces.Result(decision_no="1", words="示例用人单位有责", until_on=result.until_on)
        with pytest.raises(RuleBroken):
            traces.propose_result(here, trace.number, named)
        traces.propose_result(here, trace.number, result)
        with pytest.raises(RuleBroken, match="second_person"):
            traces.publish_result(here, trace.number)
    assert "班级学时不足。" not in reader(settings, START).get("/traces").text
    with transaction(ground.engine) as session:
        traces.publish_result(ground.stand(session, "second", START), trace.number)
    assert "班级学时不足。" in reader(settings, START).get("/traces").text
    assert "班级学时不足。" not in reader(settings, result.until_on).get("/traces").text


def test_a_desk_serves_only_who_agreed(ground: Ground, settings: Settings) -> None:
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        opening = Opening(
            subject="T1", ground="files_missing", severity="minor", facts="缺教学日志。"
        )
        case = open_case(here, opening)
        evidence = {"inspection_record": "卷", "training_files": "卷"}
        keep_evidence(here, case.number, case.revision, evidence=evidence)
        service = Service(served_on=START, how="desk", proof="工作台送达")
        with pytest.raises(RuleBroken) as refused:
            serve_notice(here, case.number, case.revision, service)
        assert refused.value.faults == {"how": "case.service_not_agreed"}
        seen = case.revision
    clerk = reader(settings, START, who="clerk")
    assert clerk.post("/my/cases/consent").status_code == 303
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        assert serve_notice(here, case.number, seen, service).served_how == "desk"


def test_files_come_with_a_statement_and_only_those_concerned_read_them(
    ground: Ground, settings: Settings
) -> None:
    number = noticed(ground)
    clerk = reader(settings, START, who="clerk")

    def reply(content: bytes) -> int:
        data = {"revision": "3", "words": "有照片为证。"}
        files = {"papers": (io.BytesIO(content), "教室 310107199001011234.png")}
        return clerk.post(f"/my/cases/{number}/reply", data=data | files).status_code

    assert reply(b"<svg onload='x'/>") == 422
    assert reply(png()) == 303
    with reading(ground.engine) as session:
        paper = session.scalars(select(Paper)).one()
    assert "199001011234" not in paper.name
    answer = clerk.get(f"/my/cases/papers/{paper.id}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert reader(settings, START, who="first").get(f"/desk/papers/{paper.id}").status_code == 200
    rival = reader(settings, START, who="rival")
    assert rival.get(f"/my/cases/papers/{paper.id}").status_code == 404


def noticed(ground: Ground) -> str:
    """Serve a notice on T1; return the case's number."""
    person(ground.engine, "rival", Role.INSTITUTION, institution_code="T2")
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        opening = Opening(subject="T1", ground="files_missing", severity="minor", facts="缺日志。")
        case = open_case(here, opening)
        evidence = {"inspection_record": "卷", "training_files": "卷"}
        keep_evidence(here, case.number, case.revision, evidence=evidence)
        service = Service(served_on=START, how="post", proof="单号")
        return serve_notice(here, case.number, case.revision, service).number
