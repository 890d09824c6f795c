"""An accident traced back: names are confirmed by a person, and nobody's number is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from signing import institution
from sqlalchemy import Engine, select, text
from supervision_ground import FACTS, START, Ground, begun, reader

from portal.casework.supervision import traces
from portal.casework.supervision.cases import Opening, open_case
from portal.casework.supervision.whose_name import institutions_like, names_in
from portal.domain.identity import stands_in
from portal.domain.names import name_key
from portal.store.institutions import Institution, InstitutionName
from portal.store.session import reading, transaction
from portal.store.tables import METADATA
from portal.store.traces import Trace, TraceLink

if TYPE_CHECKING:
    from portal.rules.office import Office
    from portal.settings import Settings

FORMER = "示例老名字培训学校"
NUMBER = "110101199001010015"


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town, in which T1 has had another name."""
    del office
    town = begun(engine)
    institution(engine, "T7", name="示例丁（北）安全培训中心有限公司")
    with transaction(engine) as session:
        first = session.scalars(select(Institution.id).where(Institution.code == "T1")).one()
        former = InstitutionName(
            institution_id=first, name=FORMER, key=name_key(FORMER), kind="former"
        )
        session.add(former)
    return town


def opened(ground: Ground) -> str:
    """Open a trace; return its number."""
    return ground.do(
        "first", START, lambda on: traces.open_trace(on, happened_on=START, words="坠落。").number
    )


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("T1", ["T1"]),
        ("t1", ["T1"]),
        ("示例Ｔ１ 安全培训中心", ["T1"]),
        (FORMER, ["T1"]),
        ("示例 老名字", ["T1"]),
        ("示例丁(北)安全培训中心", ["T7"]),
        ("安全培训中心", ["T1", "T2", "T7"]),
        ("示例", []),
        ("别处学校", []),
        ("", []),
    ],
)
def test_a_name_may_be_written_in_many_ways(ground: Ground, typed: str, codes: list[str]) -> None:
    with reading(ground.engine) as session:
        assert [row.code for row in institutions_like(session, typed)] == codes


def test_candidates_are_offered_and_a_person_confirms(ground: Ground, settings: Settings) -> None:
    number = opened(ground)
    desk, page = reader(settings, START, who="first"), f"/desk/traces/{number}"
    link = {"step": "class", "outcome": "breach", "words": "缺签到。", "evidence": "卷"}
    asked = desk.post(f"{page}/link", data=link | {"institution": "示例 老名字"})
    assert asked.status_code == 422
    assert 'name="which" type="radio" value="T1"' in asked.text
    assert "系统不替你决定" in asked.text
    with reading(ground.engine) as session:
        assert session.scalars(select(TraceLink)).all() == []
    assert desk.post(f"{page}/link", data=link | {"institution": "别处学校"}).status_code == 422
    chosen = link | {"institution": "示例 老名字", "which": "T1"}
    assert desk.post(f"{page}/link", data=chosen).status_code == 303
    with reading(ground.engine) as session:
        row = session.scalars(select(TraceLink)).one()
        first = session.scalars(select(Institution.id).where(Institution.code == "T1")).one()
    assert row.institution_id == first


def test_an_employer_is_confirmed_too(ground: Ground, settings: Settings) -> None:
    desk = reader(settings, START, who="first")
    told = {"happened_on": START.isoformat(), "words": "坠落。", "unit": "示例 用人单位"}
    asked = desk.post("/desk/traces", data=told)
    assert asked.status_code == 422
    assert 'name="which" type="radio" value="U1"' in asked.text
    assert desk.post("/desk/traces", data=told | {"which": "U1"}).status_code == 303
    with reading(ground.engine) as session:
        assert session.scalars(select(Trace)).one().unit_id == 1


@pytest.mark.parametrize(
    "words",
    [
        "示例T1安全培训中心没有按大纲上课。",
        "示例 Ｔ１ 安全培训中心没有按大纲上课。",
        f"原{FORMER}没有按大纲上课。",
        "示例丁(北)安全培训中心没有按大纲上课。",
        "示例用人 单位没有教育员工。",
    ],
)
def test_the_public_result_names_nobody_however_written(ground: Ground, words: str) -> None:
    with reading(ground.engine) as session:
        assert names_in(session, words)
        assert not names_in(session, "培训班实操学时不足、签到缺失。")
    number = opened(ground)
    for step in traces.STEPS:
        link = traces.Link(step=step, outcome="sound", words="相符。", evidence="卷")
        ground.do("first", START, lambda on, one=link: traces.set_link(on, number, one))  # type: ignore[misc]
    result = traces.Result(decision_no="调1号", words=words, until_on=START.replace(month=9))
    told = ground.refused("first", START, lambda on: traces.propose_result(on, number, result))
    assert told.faults == {"words": "trace.names_somebody"}


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        (NUMBER, True),
        ("证号 110101 19900101 0015。", True),
        ("T" + NUMBER, True),
        ("１１０１０１１９９００１０１００１５", True),
        ("110101199001010014", False),  # its check digit is wrong
        ("1101011990010100151", False),
        ("示应急责改〔2026〕1号，2026-03-02", False),
    ],
)
def test_a_number_is_known_however_written(written: str, *, is_one: bool) -> None:
    assert stands_in(written) is is_one


def test_no_number_is_kept_in_clear_anywhere(ground: Ground, settings: Settings) -> None:
    number = opened(ground)
    desk, page = reader(settings, START, who="first"), f"/desk/traces/{number}"
    link = {"step": "worker", "outcome": "sound", "words": f"本人 {NUMBER}", "evidence": "卷"}
    assert desk.post(f"{page}/link", data=link).status_code == 422
    looked = desk.post(f"{page}/sittings", data={"number": NUMBER})
    assert looked.status_code == 200
    opening = Opening(
        subject="T1", ground="files_missing", severity="minor", facts=f"{FACTS}{NUMBER}"
    )
    told = ground.refused("first", START, lambda on: open_case(on, opening))
    assert told.faults == {"facts": "case.identity_in_clear"}
    with reading(ground.engine) as session:
        for table in METADATA.sorted_tables:
            rows = session.execute(text(f'SELECT * FROM "{table.name}"')).all()  # noqa: S608
            assert NUMBER not in str(rows), table.name
