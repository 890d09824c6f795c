"""From an open case to a listed entry and its end, by two persons and with a reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from signing import institution, person, signed_in
from sqlalchemy import Engine, func, select

from portal.app import create_app
from portal.casework.setting_up import become_demonstration, set_up
from portal.domain.people import Role
from portal.rules.rulebook import rules_on
from portal.settings import ROOT, Settings
from portal.store.audit import AuditEvent
from portal.store.cases import CaseEvent, CaseFile
from portal.store.session import reading, transaction

START = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
FACTS = "抽查三个班次，签到表与视频不一致共 12 人次。"


@dataclass
class House:
    """The site on a day that the test chooses, and the persons in it."""

    settings: Settings
    engine: Engine

    def on(self, day: date) -> Flask:
        """Return the site as it stands on that day."""
        now = datetime.combine(day, NOON.time(), UTC)
        fields = {name: getattr(self.settings, name) for name in self.settings.__slots__}
        app = create_app(Settings(**(fields | {"now": now})))
        app.config["WTF_CSRF_ENABLED"] = False
        return app

    def client(self, username: str, day: date) -> FlaskClient:
        """Return a browser in which that person is signed in."""
        app = self.on(day)
        return signed_in(app, username) if username else app.test_client()

    def case(self) -> CaseFile:
        """Return the only case."""
        with reading(self.engine) as session:
            return session.scalars(select(CaseFile)).one()

    def evidence(self, who: str, day: date) -> int:
        """Record all the evidence that the case's ground asks for."""
        ground = rules_on(day).ground(self.case().ground)
        assert ground is not None
        return self.act(
            who, "evidence", day, **{f"evidence_{kind}": "卷一" for kind in ground.evidence}
        )

    def act(self, who: str, name: str, day: date, **fields: object) -> int:
        """Do one act to the only case as it stands; return the status."""
        case = self.case()
        data = {"revision": case.revision} | fields
        return (
            self.client(who, day).post(f"/desk/cases/{case.number}/{name}", data=data).status_code
        )


@pytest.fixture
def house(settings: Settings, engine: Engine) -> House:
    """Return a site with two institutions, two regulators and a clerk of each institution."""
    with transaction(engine) as session:
        set_up(session, Path(ROOT / "data/office/putuo.toml").read_text("utf-8"), NOON)
        become_demonstration(session, "putuo", START, NOON)
    for code in ("T1", "T2"):
        institution(engine, code)
    person(engine, "first", Role.REGULATOR)
    person(engine, "second", Role.REGULATOR)
    person(engine, "clerk", Role.INSTITUTION, institution_code="T1")
    person(engine, "rival", Role.INSTITUTION, institution_code="T2")
    return House(settings, engine)


def opened(house: House) -> str:
    """Open a case against T1; return its number."""
    form = {
        "subject": "T1",
        "source": "hand",
        "trade": "",
        "ground": "outline_not_followed",
        "severity": "general",
        "facts": FACTS,
    }
    answer = house.client("first", START).post("/desk/cases/new", data=form)
    assert answer.status_code == 303
    assert house.evidence("first", START) == 303
    return house.case().number


def published(house: House) -> date:
    """Bring the case onto the list; return the day on which it is published."""
    opened(house)
    assert (
        house.act("first", "serve", START, served_on=START, how="in_person", proof="回证1") == 303
    )
    until = house.case().reply_until_on
    assert until is not None
    day = until + timedelta(days=1)
    decision = {
        "number": "示应急责改〔2026〕1号",
        "decided_on": day,
        "severity": "general",
        "words": "责令改正",
        "ordered": "yes",
        "penalty": "none",
        "advice": "",
    }
    assert house.act("first", "decide", until, **decision | {"decided_on": until}) == 422
    assert house.act("first", "decide", day, **decision) == 303
    assert house.act("first", "propose", day, until_on=day + timedelta(days=300)) == 303
    return day


def test_an_entry_needs_notice_days_decision_and_two_persons(house: House) -> None:
    day = published(house)
    stranger = house.client("", day)
    assert FACTS not in stranger.get("/issues").text
    assert house.act("first", "publish", day) == 422
    assert FACTS not in stranger.get("/issues").text
    assert house.act("second", "publish", day) == 303
    assert FACTS in stranger.get("/issues").text
    assert FACTS in stranger.get("/en/issues").text
    entry = stranger.get(f"/issues/{house.case().listing_no}")
    assert entry.status_code == 200
    assert "示应急责改〔2026〕1号" in entry.text


def test_it_is_gone_on_its_day_with_number_and_reason_only(house: House) -> None:
    day = published(house)
    assert house.act("second", "publish", day) == 303
    case = house.case()
    until = case.publish_until_on
    assert until is not None
    assert FACTS in house.client("", until - timedelta(days=1)).get("/issues").text
    after = house.client("", until)
    assert FACTS not in after.get("/issues").text
    gone = after.get(f"/issues/{case.listing_no}")
    assert gone.status_code == 410
    assert str(case.listing_no) in gone.text
    assert "示例T1" not in gone.text
    assert FACTS not in gone.text
    assert "示例T1" not in after.get(f"/en/issues/{case.listing_no}").text


def test_the_institution_replies_and_its_words_stand_beside_the_entry(house: House) -> None:
    number = opened(house)
    clerk = house.client("clerk", START)
    assert clerk.get(f"/my/cases/{number}").status_code == 404
    house.act("first", "serve", START, served_on=START, how="post", proof="邮件单号")
    assert clerk.get(f"/my/cases/{number}").status_code == 200
    assert house.client("rival", START).get(f"/my/cases/{number}").status_code == 404
    reply = {"revision": house.case().revision, "words": "停电两天，已补课。"}
    assert clerk.post(f"/my/cases/{number}/reply", data=reply).status_code == 303
    assert house.act("first", "answer", START, adopted_1="no", reasons_1="没有补课记录") == 303
    decision = {
        "number": "决1",
        "decided_on": START,
        "severity": "general",
        "words": "责令改正",
        "ordered": "yes",
        "penalty": "none",
        "advice": "",
    }
    assert house.act("first", "decide", START, **decision) == 303
    assert house.act("first", "propose", START, until_on=START + timedelta(days=200)) == 303
    assert house.act("second", "publish", START) == 303
    text = house.client("", START).get(f"/issues/{house.case().listing_no}").text
    assert "停电两天，已补课。" in text
    assert "没有补课记录" in text


def test_of_two_persons_at_once_one_wins_and_the_other_is_told(house: House) -> None:
    number = opened(house)
    seen = house.case().revision
    notice = {"revision": seen, "served_on": START, "how": "post", "proof": "单号"}
    first = house.client("first", START).post(f"/desk/cases/{number}/serve", data=notice)
    second = house.client("second", START).post(
        f"/desk/cases/{number}/close", data={"revision": seen, "reasons": "重复"}
    )
    assert (first.status_code, second.status_code) == (303, 409)
    assert "first" in second.text
    assert house.case().state == "served"


def test_what_was_typed_stays_when_something_is_missing(house: House) -> None:
    form = {
        "subject": "T1",
        "source": "hand",
        "ground": "outline_not_followed",
        "severity": "general",
        "facts": "",
    }
    answer = house.client("first", START).post("/desk/cases/new", data=form)
    assert answer.status_code == 422
    assert 'value="T1" selected' in answer.text or 'selected value="T1"' in answer.text
    assert answer.text.count("请写明查明的事实") == len(("in the summary", "beside the field"))
    opened(house)
    bad = {"revision": 2, "served_on": "3月2日", "how": "post", "proof": "单号在此"}
    answer = house.client("first", START).post(f"/desk/cases/{house.case().number}/serve", data=bad)
    assert answer.status_code == 422
    assert "单号在此" in answer.text
    assert "2026-03-05" in answer.text


def test_each_act_leaves_one_event_in_case_and_trail(house: House, engine: Engine) -> None:
    day = published(house)
    house.act("second", "publish", day)
    with reading(engine) as session:
        acts = session.scalars(select(CaseEvent.act).order_by(CaseEvent.id)).all()
        trail = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.act.like("case.%"))
        )
    assert acts == ["open", "evidence", "serve", "decide", "propose", "publish"]
    assert trail == len(acts)


def test_doors_are_closed_to_others(house: House) -> None:
    opened(house)
    number = house.case().number
    for address in ("/desk/cases", "/desk/cases/new", f"/desk/cases/{number}"):
        assert house.client("", START).get(address).status_code == 303
        assert house.client("clerk", START).get(address).status_code == 403
