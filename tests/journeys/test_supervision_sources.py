"""A case is opened from where the trouble showed, and each end knows of the other."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from editions_ground import fill
from signing import institution, person, signed_in
from sqlalchemy import Engine, select, update
from supervision_ground import FACTS, START, Ground, begun, reader

from portal.casework.supervision import inspections, letters, traces
from portal.casework.supervision.cases import Opening, open_case
from portal.casework.supervision.sources import fact_ref, signal_ref
from portal.domain.cases import CaseSource
from portal.domain.errors import RuleBroken
from portal.domain.people import Role
from portal.store.cases import CaseEvent, CaseFile
from portal.store.exams import Tally
from portal.store.institutions import Institution
from portal.store.reports import Fact, SpecialReport
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from portal.rules.office import Office
    from portal.settings import Settings

OPEN_HERE = re.compile(r'href="(/desk/cases/new\?[^"]+)"')


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town."""
    del office
    return begun(engine)


def open_from(desk: FlaskClient, page: str, **typed: str) -> str:
    """Open a case by the link on a page; return its number. The form knows whence it comes."""
    (href,) = {unescape(link) for link in OPEN_HERE.findall(desk.get(page).text)}
    form = desk.get(href).text
    sent = {
        "subject": _chosen(form, "subject"),
        "source": _checked(form),
        "source_ref": _typed(form, "source_ref"),
        "trade": "",
        "ground": "outline_not_followed",
        "severity": "general",
        "facts": FACTS,
    } | typed
    answer = desk.post(href, data=sent)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[2]


def _chosen(form: str, name: str) -> str:
    (select_box,) = re.findall(rf'<select[^>]*name="{name}".*?</select>', form, re.DOTALL)
    return "".join(re.findall(r'<option selected value="([^"]*)"', select_box))


def _checked(form: str) -> str:
    (checked,) = re.findall(r'<input checked[^>]*name="source"[^>]*value="([^"]+)"', form)
    return str(checked)


def _typed(form: str, name: str) -> str:
    (typed,) = re.findall(rf'name="{name}"[^>]*value="([^"]*)"', form)
    return unescape(typed)


def linked_both_ways(desk: FlaskClient, page: str, number: str, engine: Engine) -> CaseFile:
    """See that the source names the case and the case its source, also in the trail."""
    assert f'href="/desk/cases/{number}"' in desk.get(page).text
    assert OPEN_HERE.search(desk.get(page).text) is None
    told = desk.get(f"/desk/cases/{number}").text
    path = page.partition("?")[0]
    assert told.count(f'href="{path}') >= 2  # with the facts, and in the trail
    with reading(engine) as session:
        case = session.scalars(select(CaseFile).where(CaseFile.number == number)).one()
        event = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)).one()
    assert event.facts["source"] == case.source
    assert event.facts["source_ref"] == case.source_ref
    return case


def test_from_a_finding(ground: Ground, settings: Settings) -> None:
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        plan = inspections.Plan(
            subject="U1",
            is_unit=True,
            checklist="manufacturing",
            planned_on=START,
            departments=("示例局",),
        )
        number = inspections.plan_inspection(here, plan).number
        found = inspections.Found(
            item="training", department="示例局", words="三人没有培训记录。", evidence="照片"
        )
        inspections.add_finding(here, number, found)
    desk = reader(settings, START, who="first")
    page = f"/desk/inspections/{number}"
    case = open_from(desk, page, ground="staff_untrained")
    opened = linked_both_ways(desk, page, case, ground.engine)
    assert (opened.source, opened.unit_id, opened.institution_id) == ("inspection", 1, None)


def test_from_a_tip(ground: Ground, settings: Settings) -> None:
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        written = letters.Written(kind="tip", words="老师让我们自己看录像。", code="T1")
        number = letters.receive_letter(here, written)[0].number
    desk = reader(settings, START, who="first")
    page = f"/desk/letters/{number}"
    case = open_from(desk, page)
    assert linked_both_ways(desk, page, case, ground.engine).source_ref == number
    answer = {"words": "已经立案。", "case_number": "A2026-9999"}
    assert desk.post(f"{page}/answer", data=answer).status_code == 422
    assert desk.post(f"{page}/answer", data=answer | {"case_number": ""}).status_code == 303
    assert f'href="/desk/cases/{case}"' in desk.get(page).text


def test_from_an_accident(ground: Ground, settings: Settings) -> None:
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        number = traces.open_trace(here, happened_on=START, words="高处坠落。").number
        link = traces.Link(
            step="class", outcome="breach", words="签到缺失。", evidence="卷", institution="T1"
        )
        traces.set_link(here, number, link)
    desk = reader(settings, START, who="first")
    page = f"/desk/traces/{number}"
    case = open_from(desk, page)
    with reading(ground.engine) as session:
        opened = session.scalars(select(CaseFile).where(CaseFile.number == case)).one()
    assert (opened.source, opened.source_ref) == ("accident", number)
    assert f'href="/desk/cases/{case}"' in desk.get(page).text
    assert desk.get(f"/desk/cases/{case}").text.count(f'href="{page}"') == 2


def test_from_a_contradicted_fact(ground: Ground, settings: Settings) -> None:
    fact = contradicted(ground)
    desk = reader(settings, START, who="first")
    page = "/desk/institutions/T1/facts"
    case = open_from(desk, page)
    opened = linked_both_ways(desk, page, case, ground.engine)
    assert (opened.source, opened.source_ref) == ("contradiction", fact_ref(fact))
    person(ground.engine, "street", Role.STREET, area_code="310107005")
    assert case not in reader(settings, START, who="street").get(page).text


def test_from_an_anomaly(app: Flask, engine: Engine) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    fill(engine)
    with transaction(engine) as session:
        first = session.scalars(select(Institution.id).where(Institution.code == "T001")).one()
        few = (Tally.institution_id == first, Tally.period == "2025-H2", Tally.source == "exams")
        session.execute(update(Tally).where(*few).values(registered=Tally.sat * 3))
    desk = signed_in(app, "wang")
    page = desk.get("/desk/signals?period=2025-H2").text
    links = [unescape(link) for link in OPEN_HERE.findall(page)]
    ref = signal_ref("2025-H2", "T001", "drop", "low-voltage-electrician")
    (href,) = [link for link in links if "drop" in link and "T001" in link]
    form = desk.get(href).text
    assert _typed(form, "source_ref") == ref
    assert "来源不是结论" in form
    (facts,) = re.findall(r"<textarea[^>]*name=\"facts\"[^>]*>(.*?)</textarea>", form, re.DOTALL)
    assert facts.strip() == ""  # a signal is no fact
    sent = {
        "subject": _chosen(form, "subject"),
        "source": _checked(form),
        "source_ref": ref,
        "trade": "low-voltage-electrician",
        "ground": "unruly_classes",
        "severity": "general",
        "facts": FACTS,
    }
    number = str(desk.post(href, data=sent).location).rpartition("/")[2]
    assert f'href="/desk/cases/{number}"' in desk.get("/desk/signals?period=2025-H2").text
    assert desk.get(f"/desk/cases/{number}").text.count("/desk/signals?period=2025-H2#drops") == 2


def test_by_hand_and_with_a_paper_from_outside(ground: Ground, settings: Settings) -> None:
    case = opening(ground, source=CaseSource.HAND)
    assert case.source_ref is None
    paper = opening(ground, source=CaseSource.TIP, source_ref="12345 工单 88 号")
    page = reader(settings, START, who="first").get(f"/desk/cases/{paper.number}").text
    assert page.count("12345 工单 88 号") == 2


def test_nothing_is_opened_from_what_is_not_there_or_is_about_another(ground: Ground) -> None:
    fact = contradicted(ground)
    wrong = {
        CaseSource.INSPECTION: "J2026-0404",
        CaseSource.TIP: "T2026-0404",
        CaseSource.ACCIDENT: "D2026-0404",
        CaseSource.CONTRADICTION: fact_ref(fact + 1),
        CaseSource.ANOMALY: "2025-H2/T404/drop",
    }
    for source, ref in wrong.items():
        with pytest.raises(RuleBroken) as refused:
            opening(ground, source=source, source_ref=ref)
        assert refused.value.faults == {"source_ref": "case.source_unknown"}
    with pytest.raises(RuleBroken) as other:
        opening(ground, subject="T2", source=CaseSource.CONTRADICTION, source_ref=fact_ref(fact))
    assert other.value.faults == {"source_ref": "case.source_of_another"}


def test_who_is_alike_is_told_with_what_and_inside_only(ground: Ground, settings: Settings) -> None:
    institution(ground.engine, "T8", address="示例路 1 号（东门）", credit_code="91310107MA1")
    institution(ground.engine, "T9")
    with transaction(ground.engine) as session:
        rows = {row.code: row for row in session.scalars(select(Institution))}
        rows["T1"].address, rows["T1"].credit_code = "示例路1号(东门)", "91310107ma1"
        for code, name in (("T1", "钱·示例"), ("T2", "钱 示例"), ("T9", "孙示例")):
            _fact(ground, rows[code].id, "systems.responsible_person", name, "declared", session)
    case = opening(ground)
    page = reader(settings, START, who="first").get(f"/desk/cases/{case.number}").text
    (alike,) = re.findall(r"可能重新登记.*?</ul>", page, re.DOTALL)
    assert "示例T2安全培训中心</a>：负责人同名" in alike
    assert "示例T8安全培训中心</a>：信用代码相同、地址相同" in alike
    assert "示例T9" not in alike
    assert "钱" not in page
    assert "可能重新登记" not in reader(settings, START).get("/i/T1").text


def opening(ground: Ground, subject: str = "T1", **source: object) -> CaseFile:
    """Open a case by its verb."""
    told = {"ground": "outline_not_followed", "severity": "general", "facts": FACTS} | source
    with transaction(ground.engine) as session:
        here = ground.stand(session, "first", START)
        return open_case(here, Opening(subject=subject, **told))  # type: ignore[arg-type]


def contradicted(ground: Ground) -> int:
    """Let T1 claim what a visit contradicted; return the fact's number."""
    with transaction(ground.engine) as session:
        first = session.scalars(select(Institution.id).where(Institution.code == "T1")).one()
        return _fact(ground, first, "systems.managers_count", 3, "contradicted", session)


def _fact(  # a row of a test
    ground: Ground, owner: int, path: str, value: object, proof: str, session: Session
) -> int:
    here = ground.stand(session, "first", START)
    report = SpecialReport(
        receipt_no=f"R-{owner}-{path}",
        institution_id=owner,
        period="2025-H2",
        version=1,
        form="1",
        content={},
        content_sha256="0" * 64,
        is_late=False,
        submitted_by="示例",
        submitted_at=here.at,
        state="accepted",
    )
    session.add(report)
    session.flush()
    fact = Fact(
        institution_id=owner,
        report_id=report.id,
        path=path,
        value=value,
        proof=proof,
        from_on=START,
    )
    session.add(fact)
    session.flush()
    return fact.id
