"""The site as a channel of another: under a prefix, every link and form stays under it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from portal.rules.office import Office
    from portal.settings import Settings

PREFIX = "/aq/peixun"
OWN = re.compile(r'(?:href|action|src)="(/[^"]*)"')
PAGES = ("/", "/rank", "/trades", "/institutions", "/check", "/compare", "/sitemap", "/login")


@pytest.fixture
def channel(settings: Settings, office: Office) -> FlaskClient:
    """Return a reader of the site as it hangs under a prefix."""
    from portal.app import create_app  # noqa: PLC0415 -- as in conftest

    del office
    return create_app(replace(settings, url_prefix=PREFIX)).test_client()


@pytest.mark.parametrize("root", ["", "/en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_address_of_a_page_keeps_the_prefix(
    channel: FlaskClient, root: str, page: str
) -> None:
    answer = channel.get(f"{PREFIX}{root}{page}", headers={"Accept-Language": "zh"})
    assert answer.status_code == 200
    found = OWN.findall(answer.text)
    assert len(found) > 10
    assert not [address for address in found if not address.startswith(f"{PREFIX}/")]


def test_size_contrast_and_language_keep_the_page(channel: FlaskClient) -> None:
    told = channel.get(f"{PREFIX}/en/check?q=abc&contrast=h").text
    assert f'href="{PREFIX}/check?q=abc&amp;lang=zh"' in told
    assert f'href="{PREFIX}/en/check?q=abc&amp;size=l"' in told
    assert f'href="{PREFIX}/en/check?q=abc&amp;contrast=n"' in told
    assert 'class="t c"' in told
