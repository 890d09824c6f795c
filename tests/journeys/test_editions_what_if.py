"""What if: other rules or one sitting less change nothing but what is shown to who asks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from editions_desk import Desk
from editions_ground import PERIOD
from signing import signed_in
from sqlalchemy import select
from test_editions_pages import desk, text

from portal.domain.errors import RuleBroken
from portal.domain.period import Period
from portal.metrics.counts import gathered
from portal.metrics.inputs import Count
from portal.metrics.sittings import sittings, without
from portal.publication.what_if import Wish, compared, inputs_under, rules_under
from portal.store.exams import ExamResult
from portal.store.institutions import Institution
from portal.store.receipts import Receipt
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["desk"]
TRADE = "low-voltage-electrician"
ON, SITE = date(2025, 9, 9), "示例考点一"
USUAL = (50, 25, 15, 10)


def sit(desk: Desk, code: str, persons: int) -> None:
    """Let so many persons of an institution sit, and pass, for the first time on one day."""
    with transaction(desk.engine) as session:
        key = session.scalars(select(Institution.id).where(Institution.code == code)).one()
        receipt = session.scalars(select(Receipt.id)).one()
        for number in range(persons):
            names = ("natural_key", "person_hash")
            session.add(
                ExamResult(
                    **dict.fromkeys(names, f"{code}{number:060}"),
                    institution_id=key,
                    trade=TRADE,
                    exam_kind="initial",
                    period=PERIOD,
                    attempt=1,
                    registered_on=None,
                    theory_on=ON,
                    theory_score=90,
                    practical_on=ON,
                    practical_score=90,
                    site=SITE,
                    status="normal",
                    sat=True,
                    passed=True,
                    first=True,
                    receipt_id=receipt,
                )
            )


def wish(**changes: object) -> Wish:
    """Return a wish that differs from the rules only in what is given."""
    told: dict[str, object] = {
        "weights": USUAL,
        "window_periods": 4,
        "discount_per_year": 0.7,
        "without": None,
    }
    return Wish(**(told | changes))  # type: ignore[arg-type]


def test_a_sitting_is_taken_out_of_each_count(desk: Desk) -> None:
    sit(desk, "T003", 40)
    period = Period.parse(PERIOD)
    with reading(desk.engine) as session:
        (held,) = sittings(session, [PERIOD])
        whole = gathered(session, period, desk.rules, desk.office, desk.rules.on)
        less = without(session, whole, ON, SITE)
    assert (held.on, held.site, held.sat) == (ON, SITE, 40)

    def cell(counts: tuple[Count, ...]) -> Count:
        key = ("T003", TRADE, PERIOD)
        return next(c for c in counts if (c.institution, c.trade, c.period) == key)

    before, after = cell(whole.counts), cell(less.counts)
    assert (before.sat_first or 0) - (after.sat_first or 0) == 40
    assert (before.passed_first or 0) - (after.passed_first or 0) == 40
    assert [one for one in less.counts if one.institution != "T003"] == [
        one for one in whole.counts if one.institution != "T003"
    ]


def test_a_shorter_window_moves_somebody_and_the_same_rules_nobody(desk: Desk) -> None:
    period = Period.parse(PERIOD)
    with reading(desk.engine) as session:
        usual = inputs_under(session, period, desk.rules, desk.office)
        asked = wish(window_periods=1, discount_per_year=1.0)
        rules = rules_under(desk.rules, asked)
        changed = inputs_under(session, period, rules, desk.office, asked)
    base = (usual, desk.rules)
    assert compared(base, base).moved == ()
    assert {one.trade for one in compared(base, (changed, rules)).moved} >= {TRADE}


def test_impossible_wishes_are_refused(desk: Desk) -> None:
    for changes in ({"weights": (0, 0, 0, 0)}, {"weights": (-1, 1, 1, 1)}, {"window_periods": 0}):
        with pytest.raises(RuleBroken, match="what_if"):
            rules_under(desk.rules, wish(**changes))


def test_the_page_computes_and_keeps_nothing(desk: Desk, app: Flask) -> None:
    sit(desk, "T003", 40)
    wang = signed_in(app, "wang")
    page = text(wang.get("/desk/what-if"))
    assert f"{ON.isoformat()} {SITE} (40)" in page
    acts = desk.acts()
    asked = {"period": PERIOD, "window": 1, "discount": 1, "without": f"{ON.isoformat()}|{SITE}"}
    asked |= dict(zip(("pass_rate", "satisfaction", "conditions", "integrity"), USUAL, strict=True))
    answer = wang.get("/desk/what-if", query_string=asked)
    assert answer.status_code == 200
    assert "有变化的机构" in text(answer)
    assert desk.acts() == acts
    for wrong in ({"window": 9}, {"discount": "x"}, {"without": "gestern|x"}, {"pass_rate": -1}):
        assert wang.get("/desk/what-if", query_string=asked | wrong).status_code == 422, wrong
    assert app.test_client().get("/desk/what-if").status_code == 303
    assert signed_in(app, "zhao").get("/desk/what-if").status_code == 403
