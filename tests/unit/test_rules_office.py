"""Office files: three shipped ones, and what a wrong one is told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from portal.rules.office import OfficeError, load_office
from portal.settings import ROOT

CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
OFFICES = ROOT / "data" / "office"
ABROAD = (OFFICES / "example-abroad.toml").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(file.stem for file in OFFICES.glob("*.toml")))
def test_every_shipped_office_loads_in_both_languages(name: str) -> None:
    office = load_office(name)
    assert office.key == name
    for what in ("name", "place", "title", "subtitle", "remedies", "currency", "licence"):
        assert office.text(what, "zh")
        assert not CHINESE.search(office.text(what, "en"))
    assert all(office.register("zh"))
    assert all(office.register("en"))
    assert office.phone("office") is not None
    assert office.offered()
    for area in office.areas:
        assert area.name("zh")
        assert area.name("en")


def test_a_path_a_name_and_a_text_give_the_same_office() -> None:
    by_path = load_office(OFFICES / "example-abroad.toml")
    assert by_path == load_office("example-abroad") == load_office(ABROAD)


def test_putuo_has_its_ten_streets_and_towns() -> None:
    office = load_office("putuo")
    kinds = [area.kind for area in office.areas]
    assert (kinds.count("street"), kinds.count("town")) == (8, 2)
    assert all(area.code.startswith("310107") for area in office.areas)
    area = office.area("310107103")
    assert area is not None
    assert area.name("zh") == "桃浦镇"
    assert office.area("310107999") is None
    assert office.world == "real"
    assert all(not one.value for one in office.identifiers), "no number that nobody has seen"
    assert {phone.number for phone in office.phones} == {"12345", "12350", "000-0000 0000"}


def test_portugal_is_a_world_of_its_own_with_two_trades() -> None:
    office = load_office("portugal")
    assert office.world == "portugal"
    assert [trade.slug for trade in office.offered()] == ["theory", "practical"]
    assert len(office.areas) == 18 + 1
    assert office.calendar.next_edition_on(date(2019, 12, 31)) is None


def test_another_country_brings_its_own_trades_zone_and_places() -> None:
    office = load_office("example-abroad")
    forklift = office.trade("forklift")
    assert forklift is not None
    assert forklift.pass_line == 70
    assert office.category_of(forklift).name("en") == "Lifting and moving"
    welding = office.trade("fusion-welding")
    assert welding is not None
    assert office.category_of(welding).name("zh") == "焊接与热切割作业"
    assert office.trade("juggling") is None
    assert office.phone("fax") is None
    assert office.zone.key == "America/St_Johns"
    assert office.url_prefix == "/training"
    assert office.areas[1].neighbours == ("north-quay", "south-hill")


def test_the_next_day_of_a_timetable_is_later_than_today() -> None:
    timetable = load_office("example-abroad").calendar
    assert timetable.next_edition_on(date(2026, 2, 19)) == date(2026, 2, 20)
    assert timetable.next_edition_on(date(2026, 2, 20)) == date(2026, 5, 20)
    assert timetable.next_edition_on(date(2026, 11, 20)) == date(2027, 2, 20)
    assert timetable.next_report_due_on(date(2026, 1, 15)) == date(2027, 1, 15)
    assert timetable.next_bulletin_on(date(2026, 6, 30)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('time_zone = "America/St_Johns"', 'time_zone = "Moon/Base"', "no such time zone"),
        ('time_zone = "America/St_Johns"', 'time_zone = "../etc"', "no such time zone"),
        ('"forklift", "fusion-welding"', '"forklift", "juggling"', "no such trade: juggling"),
        ('"forklift", "fusion-welding"', '"forklift", "forklift"', "each once"),
        ('code = "old-town"', 'code = "north-quay"', "each once"),
        ('neighbours = ["north-quay", "south-hill"]', 'neighbours = ["sea"]', "unknown neighbour"),
        ('["Proof of registration", ', "[", "differ in length"),
        ('period_kind = "quarter"', 'period_kind = "month"', "period_kind must be among"),
        ('first_period = "2024-Q1"', 'first_period = "2024-H1"', "is no quarter"),
        ('"02-20"', '"02-29"', "no day of every year"),
        ('"02-20"', '"20 February"', "no day of every year"),
        ('name_zh = "示例港市劳动安全局"', "", "missing name_zh"),
        ('key = "example-abroad"', 'key = "example-abroad"\nmotto = "x"', "unknown motto"),
    ],
)
def test_a_wrong_office_is_refused_in_words(old: str, new: str, said: str) -> None:
    assert old in ABROAD
    with pytest.raises(OfficeError, match=said):
        load_office(ABROAD.replace(old, new))


def test_a_missing_office_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="nowhere"):
        load_office("nowhere")
    with pytest.raises(OfficeError, match=r"mine\.toml"):
        load_office(tmp_path / "mine.toml")
