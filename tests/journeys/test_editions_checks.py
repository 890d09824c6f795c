"""Institutions check their own figures first: asked, silent, objecting; and what that does."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from editions_desk import LONG_AGO, Desk
from editions_ground import AT, PERIOD
from signing import person, signed_in
from sqlalchemy import select
from test_editions_pages import ON, desk, press, text

from portal.casework.editions.factual_checks import agree, close_checks, open_checks
from portal.casework.editions.objections import (
    Raised,
    answer,
    objection_numbered,
    raise_objection,
    treat,
)
from portal.domain.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.domain.people import Role
from portal.publication.editions.blocks import blocks_of, own_to_check
from portal.publication.editions.composing import Draft
from portal.publication.editions.own_figures import digest_of
from portal.publication.editions.tables import COUNTS, DISPUTES, rows_of
from portal.publication.verification.verifying import keys_in, opened
from portal.rules.rulebook import rules_on
from portal.store.editions import Edition, EditionStanding
from portal.store.exams import Tally
from portal.store.factual_checks import FigureCheck
from portal.store.institutions import Institution
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["desk"]
TRADE = "low-voltage-electrician"
PDF = b"%PDF-1.4 evidence"


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Return a desk whose draft has been with the institutions for a day."""
    desk.rules = rules_on(AT.date())
    for at in (1, 2):
        person(desk.engine, f"clerk{at}", Role.INSTITUTION, institution_code=f"T00{at}")
    desk.compose(checked=False)
    with transaction(desk.engine) as session:
        edition = session.scalars(select(Edition)).one()
        own = own_to_check(session, edition, desk.prepared())
        assert open_checks(desk.stand(session, "wang", AT.date()), edition, own) == 8
    return desk


def raised(desk: Desk, code: str, **changes: object) -> Raised:
    """Return an objection to the rate."""
    base = desk.prepared().base
    assert base
    told: dict[str, object] = {
        "trade": TRADE,
        "figure": "rate",
        "words": "2025 年下半年首考通过应为 380 人。",
        "files": [("notice.pdf", PDF)],
        "figures_sha256": digest_of(base, code, TRADE),
    }
    return Raised(**(told | changes))  # type: ignore[arg-type]


def object_to(desk: Desk, code: str = "T001", by: str = "clerk1", **changes: object) -> str:
    """Raise it; return its number."""
    what = raised(desk, code, **changes)
    with transaction(desk.engine) as session:
        return raise_objection(desk.stand(session, by, AT.date()), 1, what).number


def keys(desk: Desk, days: int = 0) -> list[str]:
    """Return what stands in the way so many days later."""
    with reading(desk.engine) as session:
        edition = session.scalars(select(Edition).where(Edition.state == "draft")).one()
        ground = desk.ground(session)
        day = AT.date() + timedelta(days=days)
        found = blocks_of(session, edition, desk.rules, desk.office, ground.site, day)
        return [one.key for one in found]


def test_silence_is_recorded_as_no_objection(asked: Desk) -> None:
    assert keys(asked) == ["edition.check_runs"]
    with transaction(asked.engine) as session:
        agree(asked.stand(session, "clerk1", AT.date()), 1)
    assert keys(asked, days=30) == []
    with transaction(asked.engine) as session:
        edition = session.scalars(select(Edition)).one()
        told = close_checks(session, edition, AT.date() + LONG_AGO)
        assert told
        assert (told["asked"], told["agreed"], told["silent"]) == (8, 1, 7)
    with reading(asked.engine) as session:
        outcomes = session.scalars(select(FigureCheck.outcome)).all()
    assert sorted(outcomes) == ["agreed"] + ["silent"] * 7


def test_ten_working_days_and_not_one_more(asked: Desk) -> None:
    with reading(asked.engine) as session:
        check = session.scalars(select(FigureCheck)).first()
        assert check
    last = asked.rules.calendar.add_working_days(AT.date(), 10)
    assert check.closes_on == last
    late = last + timedelta(days=1)
    with pytest.raises(TooLate), transaction(asked.engine) as session:
        agree(asked.stand(session, "clerk1", late), 1)
    with transaction(asked.engine) as session:
        agree(asked.stand(session, "clerk2", last), 1)


def test_an_open_objection_is_marked_or_left_out_by_choice(asked: Desk) -> None:
    number = object_to(asked)
    assert "edition.objection_untreated" in keys(asked, days=30)
    for treatment in ("marked", "withheld"):
        with transaction(asked.engine) as session:
            revision = objection_numbered(session, number).objection.revision
            stand = asked.stand(session, "wang", AT.date())
            treat(stand, number, revision, treatment, "证据要向考试机构核实")
        assert "edition.inputs_changed" in keys(asked, days=30)
        members = _recomposed(asked)
        (dispute,) = rows_of(DISPUTES, members)
        assert (dispute.institution, dispute.treatment) == ("T001", treatment)
        cells = [c for c in rows_of(COUNTS, members) if (c.trade, c.institution) == (TRADE, "T001")]
        left = {cell.withheld for cell in cells}
        assert left == ({"withheld.disputed"} if treatment == "withheld" else {None})
    assert keys(asked, days=30) == []


def _recomposed(desk: Desk) -> dict[str, bytes]:
    desk.compose(checked=False)
    with reading(desk.engine) as session:
        edition = session.scalars(select(Edition)).one()
        return Draft(edition.draft_members).members


def test_an_accepted_objection_waits_for_the_authority(asked: Desk) -> None:
    number = object_to(asked)
    with transaction(asked.engine) as session:
        stand = asked.stand(session, "li", AT.date())
        answer(stand, number, 0, accepted=True, words="经考试机构核实，少计 1 人。")
    assert "edition.objection_untreated" in keys(asked, days=30)
    with transaction(asked.engine) as session:
        tally = session.scalars(
            select(Tally)
            .join(Institution, Institution.id == Tally.institution_id)
            .where(Institution.code == "T001", Tally.trade == TRADE, Tally.period == PERIOD)
        ).one()
        tally.passed_first = (tally.passed_first or 0) + 1
        tally.passed += 1
    asked.compose(checked=False)
    assert keys(asked, days=30) == []


def test_a_rejected_objection_leaves_no_mark(asked: Desk) -> None:
    number = object_to(asked)
    with transaction(asked.engine) as session:
        stand = asked.stand(session, "li", AT.date())
        answer(stand, number, 0, accepted=False, words="与考试机构的名册一致。")
    assert keys(asked, days=30) == []
    with pytest.raises(Conflict), transaction(asked.engine) as session:
        answer(asked.stand(session, "wang", AT.date()), number, 0, accepted=True, words="改")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"figure": "rank"}, "figure"),
        ({"files": [("a.pdf", b"MZ program")]}, "files"),
        ({"files": [("a.png", b"\x89PNG\r\n\x1a\n")] * 4}, "files"),
    ],
)
def test_what_is_no_objection_is_refused(asked: Desk, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        object_to(asked, **changes)
    assert list(refused.value.faults) == [field]


def test_one_objection_to_one_figure(asked: Desk) -> None:
    object_to(asked)
    with pytest.raises(RuleBroken, match="raised_already"):
        object_to(asked)
    object_to(asked, figure="satisfaction")


def test_who_was_not_asked_cannot_object(asked: Desk) -> None:
    person(asked.engine, "other", Role.INSTITUTION, institution_code="T003")
    with transaction(asked.engine) as session:
        check = session.scalars(
            select(FigureCheck)
            .join(Institution, Institution.id == FigureCheck.institution_id)
            .where(Institution.code == "T003")
        ).one()
        session.delete(check)
    with pytest.raises(NotFound):
        object_to(asked, code="T003", by="other")


def test_a_mark_is_shown_and_sealed(asked: Desk, app: Flask) -> None:
    number = object_to(asked)
    with transaction(asked.engine) as session:
        treat(asked.stand(session, "wang", AT.date()), number, 0, "marked", "核实需要时间")
    asked.compose(checked=False)
    asked.operator_seals(1)
    with reading(asked.engine) as session:
        row = session.scalars(
            select(EditionStanding).where(
                EditionStanding.institution_code == "T001", EditionStanding.trade == TRADE
            )
        ).one()
        bundle = session.scalars(select(Edition.bundle)).one()
    assert row.disputed
    found = opened(bundle or b"", keys_in(asked.data_dir / "keys" / "public"))
    assert found.manifest["factual_check"]["objections"]["open"] == 1
    reader = app.test_client()
    assert "有异议，核查中" in text(reader.get(f"/rank/{TRADE}"))
    assert "isputed, under review" in text(reader.get("/en/i/T001"))
    told = reader.get(f"/api/v1/rankings?trade={TRADE}").get_json()["items"]
    assert [one["institution"] for one in told if one["disputed"]] == ["T001"]


def test_the_institution_sees_its_own_and_objects_on_the_page(desk: Desk, app: Flask) -> None:
    person(desk.engine, "clerk1", Role.INSTITUTION, institution_code="T001")
    wang, clerk = signed_in(app, "wang"), signed_in(app, "clerk1")
    press(wang, "/desk/editions", "/desk/editions", period=PERIOD)
    assert press(wang, ON, f"{ON}/check").status_code == 303
    page = text(clerk.get("/my/figures"))
    assert "380" in page or "402" in page
    assert "示例乙" not in page
    form = "/my/figures/1/objection"
    told = {"trade": TRADE, "figure": "rate", "words": "人数不对"}
    files = {"files": (io.BytesIO(PDF), "通知.pdf")}
    assert press(clerk, form, form, **told | {"words": ""}).status_code == 422
    assert press(clerk, form, form, **told | files).status_code == 303  # type: ignore[arg-type]
    assert "人数不对" in text(clerk.get("/my/figures"))
    assert "有异议 1 家" in text(wang.get(ON))
    listed = wang.get(f"/desk/objections/Y{desk.rules.on.year}-0001")
    assert "人数不对" in text(listed)
    evidence = wang.get(f"/desk/objections/Y{desk.rules.on.year}-0001/evidence/1")
    assert evidence.data == PDF
    assert "attachment" in evidence.headers["Content-Disposition"]
    assert clerk.get(f"/desk/objections/Y{desk.rules.on.year}-0001").status_code == 403
