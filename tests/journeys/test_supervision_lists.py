"""The lists of supervision: filters, penalties, versions, answer times, watch, inspections."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from supervision_ground import FACTS, START, Ground, begun, reader

from portal.casework.supervision import case_publication as publication
from portal.casework.supervision import letters
from portal.rules.rulebook import rules_on
from portal.store.cases import CaseFile
from portal.store.session import transaction

if TYPE_CHECKING:
    from portal.rules.office import Office
    from portal.settings import Settings

NUMBER = re.compile(r'href="/issues/(\d{4}-\d{4})"')


@pytest.fixture
def ground(engine: Engine, office: Office) -> Ground:
    """Return the town."""
    del office
    return begun(engine)


def shown(settings: Settings, day: date, query: str) -> set[str]:
    """Return the entries that the list shows for a query."""
    page = reader(settings, day).get(f"/issues?{query}").text
    return set(NUMBER.findall(page))


def test_each_filter_narrows_the_list_and_unknown_ones_do_not(
    ground: Ground, settings: Settings
) -> None:
    one = ground.published("T1")
    unit = ground.published("U1", is_unit=True)
    with transaction(ground.engine) as session:
        row = session.get_one(CaseFile, one.id)
        row.trade, row.rectification = "low-voltage-electrician", "asked"
    day = one.publish_from_on or START
    first, second = str(one.listing_no), str(unit.listing_no)
    both = {first, second}
    assert shown(settings, day, "") == both
    narrowed = {
        "subject=institution": {first},
        "subject=unit": {second},
        f"ground={one.ground}": {first},
        f"ground={unit.ground}": {second},
        "trade=low-voltage-electrician": {first},
        "state=rectifying": {first},
        "state=published": {second},
        "state=corrected": set(),
        f"state=rectifying&ground={unit.ground}": set(),
        "area=310107005": both,
        "area=nowhere": both,
        "colour=red": both,
    }
    assert {query: shown(settings, day, query) for query in narrowed} == narrowed
    page = reader(settings, day).get(f"/issues?state=rectifying&ground={unit.ground}").text
    assert "没有符合条件的条目" in page
    assert f'href="/issues?ground={unit.ground}"' in page  # each condition can be taken away


def test_the_register_keeps_penalties_and_orders_apart(ground: Ground, settings: Settings) -> None:
    fined, ordered = ground.published("T1"), ground.published("U1", is_unit=True)
    with transaction(ground.engine) as session:
        row = session.get_one(CaseFile, fined.id)
        row.penalty, row.amount, row.is_ordered = "fine", 20_000, False
    day, off = fined.publish_from_on or START, fined.publish_until_on or START
    page = reader(settings, day).get("/penalties").text
    penalties, orders = page.split("<h2>责令改正登记</h2>")
    assert f"/issues/{fined.listing_no}" in penalties
    assert f"/issues/{ordered.listing_no}" not in penalties
    assert f"/issues/{ordered.listing_no}" in orders
    assert f"/issues/{fined.listing_no}" not in orders
    row_of = penalties[penalties.index(f"/issues/{fined.listing_no}") :]
    for words in ("20,000", str(fined.decision_no), day.isoformat(), off.isoformat(), "《"):
        assert words in row_of
    sheet = reader(settings, day).get("/api/v1/penalties.csv").text
    (line,) = csv.DictReader(io.StringIO(sheet))
    assert (line["no"], line["penalty"], line["amount"]) == (fined.listing_no, "fine", "20000")
    assert (line["basis"], line["until_on"]) == ("saws-order-44#34", off.isoformat())
    empty = reader(settings, off).get("/penalties").text
    assert "目前没有正在公示的行政处罚" in empty
    assert str(fined.decision_no) not in empty


def test_an_amendment_keeps_both_versions_public_and_leaves_with_the_entry(
    ground: Ground, settings: Settings
) -> None:
    case = ground.published()
    day, no = case.publish_from_on or START, case.number
    new, why = FACTS.replace("12", "11"), "人次 12 改为 11。"
    later = day + timedelta(days=2)
    ground.do("first", later, lambda on: publication.amend(on, no, 6, facts=new, reasons=why))
    assert new not in reader(settings, later).get(f"/issues/{case.listing_no}").text
    told = ground.refused("first", later, lambda on: publication.confirm_amend(on, no, 7))
    assert told.key == "case.second_person"
    ground.do("second", later, lambda on: publication.confirm_amend(on, no, 7))
    page = reader(settings, later).get(f"/issues/{case.listing_no}").text
    assert new in page
    assert FACTS not in page
    assert why in page
    history = reader(settings, later).get(f"/issues/{case.listing_no}/history").text
    assert history.index(new) < history.index(FACTS)
    assert reader(settings, day).get(f"/issues/{case.listing_no}/history").text.count("版 <") == 1
    off = case.publish_until_on or START
    gone = reader(settings, off).get(f"/issues/{case.listing_no}/history")
    assert gone.status_code == 410
    assert not [words for words in (new, FACTS, why) if words in gone.text]


def test_a_trainee_reads_whether_it_concerns_them_and_what_to_do(
    ground: Ground, settings: Settings
) -> None:
    case = ground.published()
    day = case.publish_from_on or START
    address = f"/issues/{case.listing_no}"
    vague = reader(settings, day).get(address).text
    assert "不清楚自己的班在不在里面" in vague
    with transaction(ground.engine) as session:
        row = session.get_one(CaseFile, case.id)
        row.affected, row.trade = "春季第一、二班，共 71 名学员。", "low-voltage-electrician"
        row.trainee_advice = "由机构免费补足课时。"
    page = reader(settings, day).get(address).text
    box = page[page.index('id="affected"') :].partition("</section>")[0]
    for words in ("春季第一、二班", "由机构免费补足课时", 'href="/rank/low-voltage-electrician"'):
        assert words in box
    assert "不因这条公示失效" in box
    assert f'href="{address}"' in reader(settings, day).get("/i/T1").text


def test_answer_times_of_help_are_published_as_they_are(ground: Ground, settings: Settings) -> None:
    def asked(day: date, words: str) -> str:
        written = letters.Written(kind="help", words=words)
        return ground.do("first", day, lambda on: letters.receive_letter(on, written)[0].number)

    add = rules_on(START).calendar.add_working_days
    promised = rules_on(START).letters.answer_days
    quick, slow, _open = (asked(START, words) for words in ("一", "二", "三"))
    for number, day in ((quick, add(START, 3)), (slow, add(START, promised + 2))):
        ground.do("first", day, lambda on, no=number: letters.answer_letter(on, no, words="答"))  # type: ignore[misc]
    day = add(START, promised + 3)
    page = reader(settings, day).get("/ask-help").text
    for words in ("3 件", "2 件，其中按时 1 件", "中位数 10 个工作日", "1 件"):
        assert words in page
    assert f"{promised} 个工作日答复" in page.replace("内", "")
    early = reader(settings, add(START, 1)).get("/ask-help").text
    assert "还没有答复过" in early
