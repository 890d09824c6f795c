"""What a ranking page says, and what it must never say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from public_world import crowd

from portal.store.session import transaction

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

MAIN = "low-voltage-electrician"
TRADES = (MAIN, "height-installation", "brazing", "power-cable")
ROW = re.compile(r'<tr class="row">.*?</tr>', re.DOTALL)
CELL = re.compile(r"<t[dh]\b[^>]*>.*?</t[dh]>", re.DOTALL)
NAME = re.compile(r'class="name(?: seen)?"><a[^>]*>(.*?)</a>')
PLACE = re.compile(r"第 (\d+)(?:–(\d+))? 名|Rank (\d+)(?:–(\d+))?")


def rows(reader: FlaskClient, address: str) -> list[str]:
    """Return the rows of a ranking page."""
    answer = reader.get(address)
    assert answer.status_code == 200
    return ROW.findall(answer.text)


def names(reader: FlaskClient, query: str = "") -> list[str]:
    """Return the institutions of the main ranking, as they stand."""
    return [NAME.findall(row)[0] for row in rows(reader, f"/rank/{MAIN}{query}")]


def bare(html: str) -> str:
    """Return the words of a cell."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize(("root", "withheld"), [("", "暂不公布"), ("/en", "Not published")])
def test_every_withheld_cell_says_why(
    public_world: FlaskClient, root: str, withheld: str, trade: str
) -> None:
    cells = [
        bare(cell)
        for row in rows(public_world, f"{root}/rank/{trade}")
        for cell in CELL.findall(row)
    ]
    silent = [cell for cell in cells if withheld in cell and len(cell) <= len(withheld) + 2]
    assert not silent
    assert any(withheld in cell for cell in cells)


def test_rate_and_counts_share_one_reason(public_world: FlaskClient) -> None:
    told = [bare(row) for row in rows(public_world, f"/rank/{MAIN}")]
    few = [row for row in told if "考试人数少于 10 人" in row]
    assert few
    assert all(row.count("考试人数少于 10 人") == 1 for row in few)


@pytest.mark.parametrize("root", ["", "/en"])
def test_no_single_place_where_the_range_is_wider(public_world: FlaskClient, root: str) -> None:
    alone = []
    for row in rows(public_world, f"{root}/rank/{MAIN}"):
        for match in PLACE.finditer(bare(row)):
            low, high = (match[1] or match[3]), (match[2] or match[4])
            if high is None:
                alone.append((NAME.findall(row)[0], low))
    # One institution of the invented world has the range 18 to 18.
    assert [place for _, place in alone] == ["18"]


def test_no_place_at_all_where_no_order_is_published(public_world: FlaskClient) -> None:
    told = public_world.get("/rank/height-installation").text
    assert not PLACE.search(bare(told[told.index("<table") :]))
    assert "本工种暂不排名次" in told


def test_bands_stand_first_and_count_their_institutions(public_world: FlaskClient) -> None:
    told = bare(public_world.get(f"/rank/{MAIN}").text)
    order = [
        told.index(word) for word in ("高于平均（5 家）", "接近平均（9 家）", "低于平均（4 家）")
    ]
    assert order == sorted(order)


def test_filters_narrow_and_chips_take_them_away(public_world: FlaskClient) -> None:
    both = f"/rank/{MAIN}?area=310107005&max_fee=1000"
    assert names(public_world, "?area=310107005&max_fee=1000") == [
        "示例甲安全培训中心",
        "示例子职业技能培训学校",
        "示例巳安全培训中心",
    ]
    told = public_world.get(both).text
    assert f'href="/rank/{MAIN}?max_fee=1000"' in told
    assert f'href="/rank/{MAIN}?area=310107005"' in told


def test_a_schedule_shows_its_own_next_class(public_world: FlaskClient) -> None:
    found = [bare(row) for row in rows(public_world, f"/rank/{MAIN}?schedule=weekend")]
    assert found
    assert all("周末班" in row or "暂停招生" in row or "已停办" in row for row in found)


def test_sorting_by_fee_puts_the_unknown_last(public_world: FlaskClient) -> None:
    by_fee = names(public_world, "?sort=fee")
    assert by_fee[0] == "示例庚安全培训中心"
    assert set(by_fee[-2:]) == {"示例丑特种作业培训站", "示例新开培训中心"}


def test_no_match_offers_the_nearest_wider_search(public_world: FlaskClient) -> None:
    answer = public_world.get(f"/rank/{MAIN}?area=310107005&schedule=weekend&max_fee=700").text
    assert "没有同时符合这些条件的机构" in answer
    assert f'href="/rank/{MAIN}?area=310107005&amp;schedule=weekend"' in answer


def test_a_state_stands_before_the_phone(public_world: FlaskClient) -> None:
    for code, state in (("000-0000 0017", "暂停招生"), ("000-0000 0018", "已停办")):
        row = next(row for row in rows(public_world, f"/rank/{MAIN}") if code in row)
        assert row.index(state) < row.index(code)


def test_one_that_opened_later_stands_without_figures(public_world: FlaskClient) -> None:
    row = next(row for row in rows(public_world, f"/rank/{MAIN}") if "示例新开" in row)
    assert "新登记" in row
    assert "这一期没有它的数据" in row


def test_an_old_edition_says_so(public_world: FlaskClient) -> None:
    told = public_world.get(f"/rank/{MAIN}/2025-H1").text
    assert "这是旧的一期" in told
    assert "示例新开" not in told
    assert "这是旧的一期" not in public_world.get(f"/rank/{MAIN}/2025-H2").text


def test_comparing_takes_each_once_and_four_at_most(public_world: FlaskClient) -> None:
    ids = "S001&id=S001&id=S002&id=S003&id=S004&id=S005"
    told = public_world.get(f"/compare?trade={MAIN}&id={ids}").text
    assert told.count('aria-label="去掉 ') == 4
    assert "一次最多比四家" in told
    assert "这几家的合理范围互相重叠，分不出高下" in told
    assert told.count("两家的合理范围重叠") == 6


def test_comparing_apart_ranges_names_the_higher(public_world: FlaskClient) -> None:
    told = public_world.get(f"/compare?trade={MAIN}&id=S001&id=S018").text
    assert "示例甲安全培训中心更高，把握在 99% 以上" in told


def test_an_institution_shows_what_the_edition_says(public_world: FlaskClient) -> None:
    told = bare(public_world.get("/i/S004").text)
    assert "89.3%" in told
    assert "214 人首考，191 人一次考过" in told
    assert "过去两年，每 100 名参加首考的学员约有 89 人一次考过" in told
    assert "名次范围第 1–8 名" in told
    assert "回收率偏低，仅供参考" in told
    assert "没有公开记录，不等于没有问题" in told
    assert "示例老丁培训班" in told


def test_a_closed_institution_says_so_first(public_world: FlaskClient) -> None:
    told = bare(public_world.get("/i/S018").text)
    assert told.index("这家机构已从2026年4月1日起停办") < told.index("71.0%")


def test_methods_show_the_limits_of_the_rules_and_an_example(public_world: FlaskClient) -> None:
    told = bare(public_world.get("/methods").text)
    assert "首考人数" in told
    assert "105 ÷ 129 = 81.4%" in told
    assert "少于 10 人" in told


def test_a_large_trade_comes_in_pages_each_row_once(
    public_world: FlaskClient, engine: Engine
) -> None:
    with transaction(engine) as session:
        crowd(session, 2, 250)
    address: str | None = "/rank/height-installation"
    seen: list[str] = []
    while address:
        told = public_world.get(address).text
        seen += [NAME.findall(row)[0] for row in ROW.findall(told)]
        assert "接近平均（256 家）" in bare(told)
        assert "家都分不出高下" in bare(told)
        assert "0 家有把握" not in bare(told)
        following = re.search(r'rel="next" href="([^"]*)"', told)
        address = following[1] if following else None
    assert len(seen) == len(set(seen)) == 256


def test_the_nearest_come_first(public_world: FlaskClient) -> None:
    address = f"/rank/{MAIN}?near=310107005"
    told = [bare(row) for row in rows(public_world, address)]
    known = [re.search(r"约 ([\d.]+) 公里|(同一街道)", row) for row in told]
    far = [float(found[1] or 0) for found in known if found]
    assert far == sorted(far)
    assert far[0] == 0
    assert far[-1] > 3
    assert "没有经过核对" in public_world.get(address).text


def test_distance_counts_for_nothing_without_a_place_to_start_from(
    public_world: FlaskClient,
) -> None:
    assert names(public_world, "?sort=distance&near=nowhere") == names(public_world)
