"""A demonstration finds its own place and its own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from signing import institution

from portal.app import create_app
from portal.casework.setting_up import become_demonstration, make_room
from portal.domain.errors import Conflict
from portal.settings import ROOT, Settings
from portal.store.session import transaction
from portal.store.site import Site, clock, site_of
from portal.web.boundary import EXTENSION

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from portal.rules.office import Office

AT = datetime(2026, 1, 6, tzinfo=UTC)
MOVED = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
PORTUGAL = (ROOT / "data/office/portugal.toml").read_text("utf-8")


def test_an_empty_site_takes_the_office_of_the_world(office: Office, engine: Engine) -> None:
    del office
    with transaction(engine) as session:
        assert make_room(session, PORTUGAL, AT).key == "portugal"
        site = site_of(session)
        assert site is not None
        assert (site.office_toml, site.world) == (PORTUGAL, "real")


def test_a_site_that_holds_something_keeps_its_office(office: Office, engine: Engine) -> None:
    del office
    institution(engine, "P1")
    with transaction(engine) as session, pytest.raises(Conflict):
        make_room(session, PORTUGAL, AT)


def test_the_clock_can_be_moved_in_every_demonstration_and_nowhere_else() -> None:
    def read(world: str, on: date | None) -> datetime:
        site = Site(office_toml="", world=world, demonstration_on=on, made_at=AT)
        return clock(site, MOVED, AT, "Asia/Shanghai")

    assert read("putuo", date(2026, 9, 8)) == read("portugal", None) == MOVED
    assert read("real", None) == AT


def test_the_banner_prints_the_day_that_the_clock_reads(
    settings: Settings, office: Office, engine: Engine
) -> None:
    del office
    with transaction(engine) as session:
        become_demonstration(session, "putuo", date(2026, 9, 8), AT)
    app = create_app(replace(settings, now=MOVED))
    assert "演示日期：2027年3月1日" in app.test_client().get("/").text
    app.extensions[EXTENSION].engine.dispose()
