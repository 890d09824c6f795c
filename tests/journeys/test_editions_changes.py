"""What changed is told to everybody, fixed in the chain, and forgotten where the law says so."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from editions_desk import Desk
from editions_ground import AT, PERIOD
from sqlalchemy import select
from test_cases_listing import FACTS, House, house, published

from portal.casework.supervision.list_events import settle_list
from portal.publication.editions.chain import chain_of, chain_so_far
from portal.publication.verification.verifying import keys_in, opened
from portal.store.chain import ListEvent, salted
from portal.store.editions import Edition
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Engine

    from portal.rules.office import Office
    from portal.settings import Settings

__all__ = ["house"]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def listed(house: House) -> date:
    """Bring an entry onto the list by two persons; return the day."""
    day = published(house)
    assert house.act("second", "publish", day) == 303
    return day


def test_a_listing_is_told_with_what_proves_it(house: House) -> None:
    day = listed(house)
    told = house.client("", day).get("/api/v1/changes").get_json()
    (change,) = told["items"]
    assert (change["kind"], change["issue"], change["institution"]) == (
        "listing",
        house.case().listing_no,
        "T1",
    )
    assert change["digest"] == salted(change["salt"], change["statement"])
    assert json.loads(change["statement"])["subject"] == "T1"
    assert told["chain"] == {"entries": 1, "head": change["head"]}
    assert FACTS not in json.dumps(told, ensure_ascii=False)


def test_what_has_ended_leaves_only_number_day_reason_and_hash(house: House) -> None:
    day = listed(house)
    before = house.client("", day).get("/api/v1/changes").get_json()["items"][0]
    end = house.case().publish_until_on
    assert end
    reader = house.client("", end)
    (gone,) = reader.get("/api/v1/changes").get_json()["items"]
    assert (gone["kind"], gone["on"], gone["reason"]) == ("delisting", end.isoformat(), "expired")
    assert [gone[name] for name in ("institution", "subject", "statement", "salt")] == [None] * 4
    for path in ("/changes", "/en/changes", "/changes.atom", "/api/v1/changes.csv"):
        page = reader.get(path).get_data(as_text=True)
        assert str(house.case().listing_no) in page
        assert before["subject"] not in page
        assert before["salt"] not in page


def test_the_chain_takes_up_an_end_and_forgets_the_words(house: House, engine: Engine) -> None:
    day = listed(house)
    end = house.case().publish_until_on
    assert end
    for _ in range(2):  # the second time changes nothing
        with transaction(engine) as session:
            settle_list(session, end, AT)
    with reading(engine) as session:
        first, second = session.scalars(select(ListEvent).order_by(ListEvent.chain_number))
        lines = chain_so_far(session)
    assert (first.kind, first.statement, first.salt) == ("listed", None, None)
    assert second.kind == "delisted"
    assert second.statement
    assert "T1" not in second.statement
    assert [line.number for line in lines] == [1, 2]
    told = house.client("", end + timedelta(days=1)).get("/api/v1/changes").get_json()["items"]
    assert told[0]["chain_number"] == 2
    assert day < end


@pytest.fixture
def desk(engine: Engine, office: Office, settings: Settings) -> Desk:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Desk(engine, office, settings.data_dir)


def test_a_bundle_carries_the_chain_before_it(desk: Desk) -> None:
    for period in ("2025-H1", PERIOD):
        number, _ = desk.compose(period)
        desk.operator_seals(number)
    with reading(desk.engine) as session:
        rows = session.scalars(select(Edition).order_by(Edition.number)).all()
        trusted = keys_in(desk.data_dir / "keys" / "public")
        first, second = (opened(row.bundle or b"", trusted) for row in rows)
    assert [line.kind for line in first.chain] == ["key"]
    assert [(line.kind, line.edition) for line in second.chain] == [("key", None), ("edition", 1)]
    assert second.chain[1].digest == first.manifest_sha256
    assert chain_of(second.manifest, second.members) == second.chain


def test_the_feed_is_an_atom_feed_in_both_languages(house: House) -> None:
    day = listed(house)
    for path, words in (("/changes.atom", "列入问题名单"), ("/en/changes.atom", "published")):
        answer = house.client("", day).get(path)
        assert answer.content_type.startswith("application/atom+xml")
        feed = ET.fromstring(answer.data)  # noqa: S314  # our own feed
        (entry,) = feed.findall("a:entry", ATOM)
        assert words in (entry.findtext("a:title", "", ATOM))
        assert entry.findtext("a:id", "", ATOM).startswith("urn:uuid:")
        assert (entry.findtext("a:updated", "", ATOM)).endswith("Z")


def test_changes_since_a_day(house: House) -> None:
    day = listed(house)
    reader = house.client("", day)
    later = (day + timedelta(days=1)).isoformat()
    assert reader.get(f"/api/v1/changes?since={later}").get_json()["items"] == []
    assert len(reader.get(f"/api/v1/changes?since={day}").get_json()["items"]) == 1
    assert reader.get(f"/api/v1/changes?since={day}T00:00:00Z").status_code == 200
    assert reader.get("/api/v1/changes?since=yesterday").status_code == 400
