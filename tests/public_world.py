"""An invented world for the public pages, laid straight into the store: every state they show.

Twenty institutions teach one trade with all bands, one trade fails the gate, one is too small to
publish, one has a single institution, and one is taught but was never examined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from public_figures import (
    ALONE,
    AREAS,
    DAY,
    FIGURES,
    GATED,
    KINDS,
    LIMITS,
    MAIN,
    PERIODS,
    SMALL,
    STEMS,
    UNTESTED,
    all_round,
    pairs,
    standing,
    trades,
)
from sqlalchemy import select

from portal.casework.setting_up import become_demonstration
from portal.store.editions import Edition, EditionTrade
from portal.store.institutions import (
    Institution,
    InstitutionName,
    InstitutionState,
    InstitutionTrade,
)
from portal.store.notices import Notice
from portal.store.offers import ClassDate, ContactPhone, Fee
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


@pytest.fixture
def public_world(app: Flask, engine: Engine) -> FlaskClient:
    """Return a reader of a site that holds the invented world."""
    with transaction(engine) as session:
        World(session).fill()
    return app.test_client()


@dataclass
class World:
    """Writes the world into one session."""

    session: Session

    def fill(self) -> None:
        """Write everything."""
        become_demonstration(self.session, "putuo", DAY, datetime(2026, 4, 20, tzinfo=UTC))
        places = [self.institution(at) for at in range(len(FIGURES))]
        self.session.flush()
        for at, place in enumerate(places):
            self.offers(at, place)
        self.newcomer()
        self.states(places)
        for number, period in enumerate(("2025-H1", "2025-H2"), 1):
            self.edition(number, period)
        self.session.add_all(
            Notice(
                title=title,
                body="虚构的公告，只用来演示。",
                written_by="示例监管人员",
                written_at=datetime(2026, 1, 2, tzinfo=UTC),
                published_on=day,
                published_by="示例监管人员",
            )
            for title, day in (
                ("2025年下半年培训机构通过率和满意率公示", date(2026, 3, 16)),
                ("关于报送2025年下半年专项报告的通知", date(2026, 1, 5)),
            )
        )

    def institution(self, at: int) -> Institution:
        """Write one institution; every third has no English name."""
        kind, kind_en = KINDS[at % 3]
        place = Institution(
            code=f"S{at + 1:03}",
            name=f"示例{STEMS[at]}{kind}",
            name_en=f"Example {chr(65 + at)} {kind_en}" if at % 3 else None,
            area_code=AREAS[at % len(AREAS)],
            address=f"示例路 {at + 1} 号",
            phone=f"000-0000 {at + 1:04}",
            opened_on=date(2019, 3, 1),
        )
        self.session.add(place)
        return place

    def offers(self, at: int, place: Institution) -> None:
        """Write what the institution teaches, asks, and when it starts."""
        *_, fee, day = FIGURES[at]
        taught = [MAIN] + [GATED] * (at < 6) + [SMALL] * (at in {3, 4}) + [UNTESTED] * (at == 3)
        taught += [ALONE] * (at == 3)
        for trade in taught:
            self.session.add(InstitutionTrade(institution_id=place.id, trade=trade))
            if fee:
                self.fee(place, trade, fee)
        if day:
            self.class_date(place, date(2026, 5, day), ("weekday", "weekend", "evening")[at % 3])
        if at == 3:
            old = InstitutionName(
                institution_id=place.id, name="示例老丁培训班", key="示例老丁培训班", kind="former"
            )
            said = ContactPhone(
                institution_id=place.id, phone="000-1111 0004", stated_on=date(2026, 2, 1)
            )
            self.session.add_all([old, said])

    def fee(self, place: Institution, trade: str, yuan: int) -> None:
        """Write a fee."""
        self.session.add(
            Fee(
                institution_id=place.id,
                trade=trade,
                total_cents=yuan * 100,
                includes="含教材，不含考试费",
                stated_on=date(2026, 1, 10),
            )
        )

    def class_date(self, place: Institution, day: date, schedule: str) -> None:
        """Write a coming class of the main trade."""
        self.session.add(
            ClassDate(
                institution_id=place.id,
                trade=MAIN,
                starts_on=day,
                schedule=schedule,
                stated_on=date(2026, 4, 1),
            )
        )

    def newcomer(self) -> None:
        """Write an institution that opened after the newest edition."""
        place = Institution(
            code="S021",
            name="示例新开培训中心",
            area_code=AREAS[0],
            phone="000-0000 0021",
            opened_on=date(2026, 4, 1),
        )
        self.session.add(place)
        self.session.flush()
        self.session.add(InstitutionTrade(institution_id=place.id, trade=MAIN))

    def states(self, places: list[Institution]) -> None:
        """Suspend one institution and close another."""
        places[17].closed_on = date(2026, 4, 1)
        self.session.add(
            InstitutionState(
                institution_id=places[16].id,
                state="suspended",
                from_on=date(2026, 3, 20),
                reason="实操工位不足，整改期间暂停招生",
                decision_no="示例〔2026〕3号",
            )
        )

    def edition(self, number: int, period: str) -> None:
        """Write a sealed edition."""
        edition = Edition(
            number=number,
            period=period,
            state="sealed",
            composed_by="示例监管人员",
            composed_at=datetime(2026, 3, 1, 2, tzinfo=UTC),
            draft_sha256="0" * 64,
            draft_members=b"",
            sealed_at=datetime(2025 + number - 1, 9 if number == 1 else 3, 15, 2, tzinfo=UTC),
            manifest_sha256=f"{number}" * 64,
            bundle=b"invented",
        )
        self.session.add(edition)
        self.session.flush()
        window = PERIODS[PERIODS.index(period) - 3 : PERIODS.index(period) + 1]
        for trade, rows, ordered in trades():
            self.trade(edition, trade, window, rows, ordered=ordered)
        self.session.add_all(all_round(edition.id, ordered=number > 1))
        self.session.add_all(pairs(edition.id))

    def trade(
        self,
        edition: Edition,
        trade: str,
        window: tuple[str, ...],
        rows: list[Any],
        *,
        ordered: bool,
    ) -> None:
        """Write one ranking."""
        self.session.add(
            EditionTrade(
                edition_id=edition.id,
                trade=trade,
                measure="first_attempt",
                window=list(window),
                average=average_of(rows),
                satisfaction_average=0.86,
                satisfaction_scope=trade,
                satisfaction_source="示例问卷",
                spread=0.42,
                rankability=0.82 if ordered else 0.21,
                order_publishable=ordered,
                institutions=len(rows),
                counts=bands_of(rows),
                totals={"sat_first": totals_of(rows)[1] or None},
                limits=LIMITS,
            )
        )
        for at, row in enumerate(rows):
            self.session.add(standing(edition.id, trade, at, row))


def totals_of(rows: list[Any]) -> tuple[int, int]:
    """Return who passed first time and who sat first time, over all rows."""
    passed, sat = (sum(row[at] or 0 for row in rows) for at in (1, 2))
    return passed, sat


def average_of(rows: list[Any]) -> float | None:
    """Return the average of all rows; None where too few sat."""
    passed, sat = totals_of(rows)
    return passed / sat if sat >= 10 else None


def bands_of(rows: list[Any]) -> dict[str, int]:
    """Return band → number of rows."""
    bands = ("above", "near", "below", "withheld")
    return {band: sum(row[0] == band for row in rows) for band in bands}


def crowd(session: Session, edition_number: int, count: int) -> None:
    """Add institutions to the trade without an order, so that it fills several pages."""
    wanted = select(Edition.id).where(Edition.number == edition_number)
    edition_id = session.scalar(wanted) or 0
    for at in range(count):
        row = standing(edition_id, GATED, at % len(STEMS), ("near", 70, 84, *(None,) * 7))
        row.institution_code, row.name = f"C{at:04}", f"示例众{at:04}培训站"
        row.position = 100 + at
        session.add(row)
