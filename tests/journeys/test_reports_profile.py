"""Fees, classes, places and phone: live at once, dated, kept, gone when past."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from reports_desk import Desk, post, set_up_desk
from sqlalchemy import select

from portal.publication.institutions.institution_facts import (
    classes_on,
    fees_on,
    next_classes,
    phone_on,
)
from portal.store.offers import ClassDate, ContactPhone, Fee
from portal.store.session import reading

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from sqlalchemy import Engine

TRADE = "low-voltage-electrician"
FEE = f"/my/profile/fee/{TRADE}"


@pytest.fixture
def desk(app: Flask, engine: Engine) -> Desk:
    """Return a site with two institutions."""
    return set_up_desk(app, engine)


def test_a_fee_is_live_at_once_and_its_history_is_kept(desk: Desk) -> None:
    clerk, own = desk.browser("clerk"), desk.ids["P001"]
    for total in ("980", "１０８０.５０", "1080.5"):
        fields = {"total": total, "includes": "培训费、教材", "retake": "0"}
        assert post(clerk, FEE, fields).status_code == 303
    with reading(desk.engine) as session:
        fee = fees_on(session, own, desk.day)[TRADE]
        assert (fee.total_cents, fee.retake_cents, fee.stated_on) == (108050, 0, desk.day)
        assert fees_on(session, own, desk.day - timedelta(days=1)) == {}
        assert len(list(session.scalars(select(Fee)))) == 2
    assert "1,080.50 元" in clerk.get("/my/profile").text
    assert "980 元" in clerk.get("/my/profile").text
    assert post(clerk, FEE, {"end": "1"}).status_code == 303
    with reading(desk.engine) as session:
        assert fees_on(session, own, desk.day) == {}
    assert desk.events("offer.") == ["offer.fee", "offer.fee", "offer.end_fee"]


@pytest.mark.parametrize("typed", ["", "12,5", "-1", "1e3", "NaN", "9.999", "100001", "免费"])
def test_a_wrong_amount_comes_back(desk: Desk, typed: str) -> None:
    answer = post(desk.browser("clerk"), FEE, {"total": typed, "includes": "教材"})
    assert answer.status_code == 422
    assert 'value="教材"' in answer.text
    assert "收费总额" in answer.text
    assert desk.events("offer.") == []


def test_only_own_trades_have_a_fee(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    assert clerk.get("/my/profile/fee/fusion-welding").status_code == 404
    assert desk.browser("reg").get(FEE).status_code == 403
    assert desk.app.test_client().get(FEE).status_code == 303


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+86 021-5555 0000", "021-5555 0000"),
        ("０２１－５５５５００００", "021-55550000"),
        ("（021）5555 0000 转 801", "021-5555 0000-801"),
        ("13800000000", "13800000000"),
    ],
)
def test_a_phone_is_made_plain(desk: Desk, typed: str, kept: str) -> None:
    clerk = desk.browser("clerk")
    assert post(clerk, "/my/profile/phone", {"phone": typed}).status_code == 303
    with reading(desk.engine) as session:
        known = phone_on(session, desk.ids["P001"], desk.day)
        assert known is not None
        assert known.phone == kept
        assert phone_on(session, desk.ids["P002"], desk.day) is None


@pytest.mark.parametrize("typed", ["", "call me", "021-5555x", "123", "1" * 30, "021\x005555"])
def test_what_is_no_phone_is_refused(desk: Desk, typed: str) -> None:
    assert post(desk.browser("clerk"), "/my/profile/phone", {"phone": typed}).status_code == 422


def test_the_phone_before_is_kept(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    for phone in ("000-11112222", "000-33334444", "000-33334444"):
        assert post(clerk, "/my/profile/phone", {"phone": phone}).status_code == 303
    with reading(desk.engine) as session:
        rows = {row.phone: row.ended_on for row in session.scalars(select(ContactPhone))}
    assert rows == {"000-11112222": desk.day, "000-33334444": None}


def announce(desk: Desk) -> tuple[date, str]:
    """Announce a class in five days; return its day and its address."""
    start = desk.day + timedelta(days=5)
    fields = {
        "trade": TRADE,
        "starts_on": start.isoformat(),
        "schedule": "weekend",
        "free_places": "12",
    }
    clerk = desk.browser("clerk")
    assert post(clerk, "/my/profile/class", fields).status_code == 303
    again = post(clerk, "/my/profile/class", fields)
    assert again.status_code == 409
    assert "已经公布过了" in again.text
    return start, class_address(desk)


def class_address(desk: Desk) -> str:
    """Return the address of the class announced last."""
    with reading(desk.engine) as session:
        newest = session.scalars(select(ClassDate.id).order_by(ClassDate.id.desc())).first()
    return f"/my/profile/class/{newest}"


def test_a_class_drops_off_the_day_after_it_started(desk: Desk) -> None:
    start, _ = announce(desk)
    own = desk.ids["P001"]
    with reading(desk.engine) as session:
        (known,) = classes_on(session, own, start)
        assert (known.starts_on, known.free_places) == (start, 12)
        assert classes_on(session, own, start + timedelta(days=1)) == []
        assert next_classes(session, [own], desk.day, TRADE) == {own: start}
        assert next_classes(session, [own], desk.day, "fusion-welding") == {}


def test_places_are_stated_anew_and_a_class_is_taken_back(desk: Desk) -> None:
    clerk, (_, url) = desk.browser("clerk"), announce(desk)
    assert desk.browser("rival").get(url).status_code == 404
    assert post(clerk, url, {"free_places": "many"}).status_code == 422
    assert post(clerk, url, {"free_places": "3"}).status_code == 303
    with reading(desk.engine) as session:
        (known,) = classes_on(session, desk.ids["P001"], desk.day)
    assert known.free_places == 3
    url = class_address(desk)
    assert post(clerk, url, {"withdraw": "1"}).status_code == 303
    assert clerk.get(url).status_code == 404
    with reading(desk.engine) as session:
        assert classes_on(session, desk.ids["P001"], desk.day) == []
    assert desk.events("offer.") == [
        "offer.add_class",
        "offer.change_places",
        "offer.withdraw_class",
    ]


def test_a_class_that_makes_no_sense_is_refused(desk: Desk) -> None:
    clerk = desk.browser("clerk")
    wrong = {
        "trade": "fusion-welding",
        "starts_on": "2027-02-30",
        "schedule": "never",
        "free_places": "-1",
    }
    answer = post(clerk, "/my/profile/class", wrong)
    assert answer.status_code == 422
    for label in ("培训工种", "开班日期", "上课时间", "剩余名额"):
        assert f"“{label}”" in answer.text
    past = {"trade": TRADE, "starts_on": "2020-01-01", "schedule": "weekday"}
    assert "开班日期已经过了" in post(clerk, "/my/profile/class", past).text
