"""The catalogue: 54 operations and the posts, and the way from a written name to a trade."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date

import pytest

from portal.rules.catalogue import (
    CatalogueNote,
    Category,
    Trade,
    TradeList,
    catalogue,
    catalogue_of,
)
from portal.rules.error import RuleError
from portal.settings import ROOT

TRADE = Trade(slug="a", category="c", name_zh="甲作业", name_en="A")
LIST = TradeList(
    note=CatalogueNote(key="n", source="catalogue-pre2026", verified=True),
    categories=(Category(key="c", number=1, name_zh="类", name_en="C"),),
    trades=(TRADE,),
)


def test_every_operation_of_the_public_list_is_there_under_its_category() -> None:
    known = {trade.name_zh: trade for trade in catalogue().trades.values()}
    with (ROOT / "data/real/cn_special_operation_catalogue_pre2026.csv").open("r") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 54
    for row in rows:
        category = catalogue().category_of(known[row["operation"]])
        assert (category.name_zh, category.number) == (row["category"], int(row["cat_no"]))


def test_slugs_are_plain_and_names_are_whole() -> None:
    for trade in catalogue().trades.values():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", trade.slug)
        assert trade.name("zh")
        assert trade.name("en").isascii()
        assert len(trade.short("zh")) <= len(trade.name("zh"))
        assert trade.short("en")


def test_no_name_leads_to_two_trades() -> None:
    doubtful = {name: slugs for name, slugs in catalogue().names.items() if len(slugs) > 1}
    assert not doubtful


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("low-voltage-electrician", "low-voltage-electrician"),
        ("低压电工作业", "low-voltage-electrician"),
        ("低压", "low-voltage-electrician"),
        (" 低压 电工 ", "low-voltage-electrician"),
        ("电工作业-低压电工作业", "low-voltage-electrician"),
        ("电工作业—低压电工作业", "low-voltage-electrician"),
        ("焊工", "fusion-welding"),
        ("高处安装、维护、拆除作业", "height-installation"),
        ("高处安装维护拆除作业", "height-installation"),
        ("煤矿采煤机(掘进机)操作作业", "coal-shearer"),
        ("Low-Voltage electrical work", "low-voltage-electrician"),
        ("危险化学品主要负责人", "hazardous-chemicals-principal"),
    ],
)
def test_a_written_name_leads_to_its_trade(written: str, slug: str) -> None:
    trade = catalogue().find(written)
    assert trade is not None
    assert trade.slug == slug
    assert catalogue().trade(slug) is trade


@pytest.mark.parametrize(
    "written", ["高处作业", "电工作业", "焊接与热切割作业", "", "-", "厨师", "作业"]
)
def test_a_category_or_an_unknown_name_is_never_guessed(written: str) -> None:
    assert catalogue().find(written) is None


def test_an_ambiguous_short_name_is_nobody_s() -> None:
    other = replace(TRADE, slug="b", name_zh="乙作业", name_en="B", aliases=("甲",))
    both = catalogue_of([replace(LIST, trades=(TRADE, other))])
    assert both.find("甲") is None
    assert both.find("乙") is other


def test_validity_has_both_ends() -> None:
    trade = replace(TRADE, valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 2))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)]
    assert [trade.valid_on(day) for day in days] == [False, True, True, False]
    assert TRADE.valid_on(date(1999, 1, 1))


def test_a_wrong_list_is_refused() -> None:
    with pytest.raises(RuleError, match="a slug is used twice"):
        catalogue_of([LIST, LIST])
    with pytest.raises(RuleError, match="no category c"):
        catalogue_of([replace(LIST, categories=())])
    with pytest.raises(RuleError, match="does not stand"):
        catalogue_of([replace(LIST, note=replace(LIST.note, source="hearsay"))])


def test_what_is_open_about_the_new_catalogue_is_said() -> None:
    (note,) = (note for note in catalogue().notes if not note.verified)
    assert note.key == "special-operations"
    assert "45号" in note.to_fill_zh
    assert "45号" in note.to_fill_en
