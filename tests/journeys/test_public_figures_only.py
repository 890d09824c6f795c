"""Where figures alone are on show, no page speaks of an office, a survey or a list of problems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.settings import ROOT

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ADDRESSES = (
    "/",
    "/rank",
    "/trades",
    "/trade/theory",
    "/institutions",
    "/methods",
    "/about",
    "/help",
    "/privacy",
    "/accessibility",
    "/sitemap",
    "/nothing-here",
)
ELSEWHERE = ("问卷", "问题名单", "处理记录", "专项报告", "主办单位", "拼音", "现在开课", "000-0000")
LINKS = ("/issues", "/notices", "/survey", "/report-problem", "/check", "view=all-round")


@pytest.fixture
def office_file() -> Path:
    return ROOT / "data/office/portugal.toml"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_sentence_is_about_what_is_not_there(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert [words for words in ELSEWHERE if words in page] == []
    assert [link for link in LINKS if f'{link}"' in page] == []


def test_the_source_of_the_data_is_named(client: FlaskClient) -> None:
    for address in ("/", "/about", "/data"):
        assert "葡萄牙交通与运输局" in client.get(address).text
