"""What the method adds to public pages: the all-round view, pairs, definitions side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from public_figures import DAY, MAIN
from sqlalchemy import select, update

from portal.publication.compute import METHOD
from portal.rules.rulebook import rules_on
from portal.store.editions import Edition, EditionTrade
from portal.store.session import transaction

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

TRADE = "low-voltage-electrician"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_all_round_view_shows_weights_and_ranges(
    public_world: FlaskClient, prefix: str
) -> None:
    page = public_world.get(f"{prefix}/rank?view=all-round").text
    for share in ("50%", "20%", "10%"):
        assert f"<b>{share}</b>" in page
    assert ("第 1–4 名" if not prefix else "1–4") in page
    assert ("缺可比的满意率" if not prefix else "no satisfaction to compare") in page


def test_the_trades_come_first_and_lead_to_the_second_view(public_world: FlaskClient) -> None:
    page = public_world.get("/rank").text
    assert "/rank?view=all-round" in page
    assert page.index("低压电工") < page.index("</main>")


def test_the_all_round_order_for_programs(public_world: FlaskClient) -> None:
    told = public_world.get("/api/v1/rankings?per_page=3").get_json()
    assert told["trade"] is None
    assert told["weights"] == {
        "pass_rate": 0.5,
        "satisfaction": 0.2,
        "conditions": 0.2,
        "integrity": 0.1,
    }
    first = told["items"][0]
    assert (first["rank_low"], first["rank_high"]) == (1, 4)
    assert first["sat_first"] == 1124 + 84
    some = public_world.get("/api/v1/rankings?area=310107005").get_json()["items"]
    assert some[0]["rank_low"] == 1
    assert {item["area"] for item in some} == {"310107005"}


def test_without_places_the_reason_and_the_groups_stand(public_world: FlaskClient) -> None:
    told = public_world.get("/api/v1/rankings?period=2025-H1").get_json()
    assert (told["reason"], told["order_publishable"]) == ("withheld.weights_decide", False)
    first = told["items"][0]
    assert first["rank_low"] is None
    assert first["band"] == "above"
    assert first["withheld"]["rank_low"] == "withheld.weights_decide"


def test_pairs_say_who_is_higher_or_that_nobody_can_tell(public_world: FlaskClient) -> None:
    page = public_world.get(f"/compare?id=S001&id=S018&id=S002&trade={TRADE}").text
    assert "更高，把握在 99% 以上" in page
    assert "分不出高下" in page
    assert "62%" in page


def test_definitions_stand_side_by_side(public_world: FlaskClient) -> None:
    page = public_world.get(f"/i/S001?trade={TRADE}").text
    for words in ("1,025/1,124", "合格率（合格/报名）", "缺考率", "复审", "54/55"):
        assert words in page
    item = public_world.get(f"/api/v1/rankings?trade={TRADE}&per_page=1").get_json()["items"][0]
    assert item["passed_of_sat"] == pytest.approx(item["passed"] / item["sat"], abs=1e-4)
    assert item["no_show"] == pytest.approx(1 - item["sat"] / item["registered"], abs=1e-4)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_worked_example_agrees_with_a_pocket_calculator(
    public_world: FlaskClient, prefix: str
) -> None:
    page = public_world.get(f"{prefix}/methods").text
    example = re.sub(r"<[^>]+>", "", page[page.index('id="example"') :])
    parts = [
        (int(k), int(n), float(share))
        for k, n, share in re.findall(r"(\d+)/(\d+) × (\d\.\d{3})", example)
    ]
    number = r"(\d+\.\d+)"
    found = re.search(
        rf"[（(]{number} \+ {number} × {number}[）)] ?÷ ?[（(]{number} \+ {number}[）)]"
        rf" ?= {number}%",
        example,
    )
    assert found is not None
    kept_k, pull, average, kept_n, _, near = map(float, found.groups())
    assert kept_k == round(sum(k * share for k, _, share in parts), 2)
    assert kept_n == round(sum(n * share for _, n, share in parts), 2)
    assert pull == round(1 / (0.42**2 * average * (1 - average)), 1)
    assert near == round(100 * (kept_k + pull * average) / (kept_n + pull), 1)
    assert "0.50 × +1.000" in example


def test_methods_are_told_from_the_rules_and_the_code(public_world: FlaskClient) -> None:
    page = public_world.get("/methods").text
    rules = rules_on(DAY)
    for share in ("<b>50%</b>", "<b>20%</b>", "<b>10%</b>"):
        assert share in page
    assert f"{rules.composite.other_weights} 组" in page
    assert "教室可同时培训人数合计：至少 60" in page.replace("</li>", "")
    assert f"方法第 {METHOD} 版" in page


def test_when_the_definition_changed_both_series_are_shown_and_never_as_one(
    public_world: FlaskClient, engine: Engine
) -> None:
    unchanged = public_world.get(f"/rank/{MAIN}").text
    assert "两种算法的数字不能连着比" not in unchanged
    with transaction(engine) as session:
        first = select(Edition.id).where(Edition.number == 1).scalar_subquery()
        old = (EditionTrade.edition_id == first, EditionTrade.trade == MAIN)
        session.execute(update(EditionTrade).where(*old).values(measure="passed_of_sat"))
    page = public_world.get(f"/rank/{MAIN}").text
    assert "以前公布的是合格率（合格/实考），现在是首考通过率" in page
    assert f'href="/rank/{MAIN}/2025-H1"' in page
    own = public_world.get("/i/S004").text
    both = re.findall(r"<caption>([^<]*各期[^<]*)</caption>", own)
    assert both == [
        "各期通过率（低压电工作业）",
        "低压电工作业以前的各期合格率（合格/实考）",
    ]
    assert "以前公布的是" not in public_world.get(f"/rank/{MAIN}/2025-H1").text
