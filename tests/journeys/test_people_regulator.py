"""The regulator's home, the audit trail and the notices, on an empty site and later."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import unescape
from typing import TYPE_CHECKING

import pytest
from signing import AREAS, institution, person, sent, signed_in
from site_day import today
from sqlalchemy import select, text

from portal.domain.people import GRANTS, Permission, Role
from portal.rules.rulebook import rules_on
from portal.store.cases import CaseFile
from portal.store.editions import Edition
from portal.store.people import Person
from portal.store.reports import ReportingPeriod, SpecialReport
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

AT = datetime(2026, 1, 8, tzinfo=UTC)
STAFF = [role for role in Role if role not in {Role.INSTITUTION, Role.AUTHORITY}]
PAGES = {
    "/desk": Permission.DESK,
    "/desk/institutions": Permission.DESK,
    "/desk/people": Permission.MANAGE_PEOPLE,
    "/desk/notices": Permission.WRITE_NOTICE,
    "/desk/audit": Permission.SEE_AUDIT,
}


def of_role(app: Flask, engine: Engine, role: Role) -> FlaskClient:
    """Return the browser of a person with that role."""
    institution(engine, "P0")
    place = {Role.INSTITUTION: {"institution_code": "P0"}, Role.STREET: {"area_code": AREAS[0]}}
    person(engine, "who", role, **place.get(role, {}))
    return signed_in(app, "who")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_open_to_those_of_the_table(
    app: Flask, engine: Engine, role: Role, language: str
) -> None:
    client = of_role(app, engine, role)
    for page, permission in PAGES.items():
        expected = 200 if role in GRANTS[permission] else 403
        assert client.get(language + page).status_code == expected, page
        assert app.test_client().get(language + page).status_code == 303


@pytest.mark.parametrize("role", STAFF)
def test_the_menu_shows_what_the_person_may_open(app: Flask, engine: Engine, role: Role) -> None:
    client = of_role(app, engine, role)
    page = client.get("/desk").get_data(as_text=True)
    for address, permission in PAGES.items():
        assert (f'href="{address}"' in page) is (role in GRANTS[permission]), address
    assert 'href="/desk" aria-current="page"' in page


def test_an_empty_site_says_what_comes_next(app: Flask, engine: Engine) -> None:
    person(engine, "boss", Role.ADMIN)
    client = signed_in(app, "boss")
    page = client.get("/desk").get_data(as_text=True)
    assert "建站清单" in page
    assert 'href="/desk/institutions"' in page
    unverified = rules_on(datetime.now(UTC).date()).unverified  # noqa: TID251 -- as the site's day
    assert unverified
    english = unescape(client.get("/en/desk").get_data(as_text=True))
    for note in unverified:
        assert note.title.zh in page
        assert note.to_fill
        assert note.to_fill.en in english


def late_period() -> ReportingPeriod:
    """Return a period whose day is over."""
    return ReportingPeriod(
        period="2025-H2",
        form="v1",
        opens_on=date(2025, 7, 1),
        due_on=date(2025, 7, 31),
        opened_by="x",
    )


def report_of(institution_id: int) -> SpecialReport:
    """Return a report that waits for its review."""
    return SpecialReport(
        receipt_no="R1",
        institution_id=institution_id,
        period="2025-H2",
        version=1,
        form="v1",
        content={},
        content_sha256="0" * 64,
        is_late=False,
        submitted_by="x",
        submitted_at=AT,
        state="submitted",
    )


def case_against(institution_id: int, opened_by_id: int) -> CaseFile:
    """Return a case that was decided."""
    return CaseFile(
        number="C-1",
        institution_id=institution_id,
        ground="archives",
        severity="minor",
        facts="x",
        state="decided",
        opened_by_id=opened_by_id,
        opened_at=AT,
        opened_on=date(2026, 1, 6),
        publish_by_on=date(2026, 1, 15),
    )


def draft() -> Edition:
    """Return a draft of an edition."""
    return Edition(
        number=7,
        period="2025-H2",
        state="draft",
        composed_by="x",
        composed_at=AT,
        draft_sha256="0" * 64,
        draft_members=b"",
    )


def busy_site(engine: Engine) -> None:
    """Fill the tables with what waits: a report, a case, a draft, a period that is over."""
    ours = institution(engine, "P1")
    institution(engine, "P2", area_code=AREAS[1])
    with transaction(engine) as session:
        someone = session.scalars(select(Person.id)).first()
        assert someone
        session.add_all(
            [late_period(), report_of(ours.id), case_against(ours.id, someone), draft()]
        )


def test_what_waits_stands_on_the_desk(app: Flask, engine: Engine) -> None:
    person(engine, "reg", Role.REGULATOR)
    client = signed_in(app, "reg")
    assert "现在没有等着办的事" in client.get("/desk").get_data(as_text=True)
    busy_site(engine)
    page = client.get("/desk").get_data(as_text=True)
    assert "现在没有等着办的事" not in page
    for words in ("C-1", "2026-01-15", "2025-H2", "2025-07-31", "2026-01-08 08:00"):
        assert words in page
    now = today()
    assert f"已过 {(now - date(2026, 1, 15)).days} 天" in page


def test_a_street_sees_what_waits_in_its_area(app: Flask, engine: Engine) -> None:
    person(engine, "li", Role.STREET, area_code=AREAS[0])
    person(engine, "wu", Role.STREET, area_code=AREAS[1])
    busy_site(engine)
    own, other = (signed_in(app, name).get("/desk").get_data(as_text=True) for name in ("li", "wu"))
    assert "C-1" in own
    assert "C-1" not in other
    assert "2025-07-31" in other, "P2 has not filed"
    assert "2025-07-31" not in own
    assert "建站清单" not in own


def test_the_trail_is_shown_filtered_and_checked(app: Flask, engine: Engine) -> None:
    person(engine, "boss", Role.ADMIN)
    client = signed_in(app, "boss")
    for number in range(60):
        sent(
            client,
            "/desk/institutions/new",
            code=f"P{number}",
            name=f"示例{number}学校",
            area_code=AREAS[0],
        ) if number < 2 else institution(engine, f"P{number}")
    page = client.get("/desk/audit").get_data(as_text=True)
    assert "前后都接得上" in page
    assert "登记机构" in page
    one = client.get("/desk/audit?subject=institution:P1").get_data(as_text=True)
    assert "institution:P1" in one
    assert "institution:P0" not in one
    named = client.get("/desk/audit?subject=示例0").get_data(as_text=True)
    assert "institution:P0" in named
    assert "institution:P1" not in named
    assert client.get("/desk/audit?subject=boss").get_data(as_text=True).count('<tr id="e') == 2
    none = client.get("/desk/audit?act=person.ended").get_data(as_text=True)
    assert "没有符合条件的记录" in none
    assert client.get("/desk/audit?before=2").get_data(as_text=True).count('<tr id="e') == 1
    assert client.get("/desk/audit?before=-1&subject=%25").status_code == 200
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_event SET by_name = 'nobody' WHERE id = 2"))
    assert "从第 2 条起" in client.get("/desk/audit").get_data(as_text=True)
