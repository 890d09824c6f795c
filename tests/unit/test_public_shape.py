"""What keeps together on a line."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from portal.web.shape import unbroken


def whole(text: str) -> str:
    """Return a piece that does not break."""
    return f'<span class="whole">{text}</span>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("自报，2026-08-28", f"自报，{whole('2026-08-28')}"),
        ("2026-07-04公示", f"{whole('2026-07-04')}公示"),
        ("J2026-0003", whole("J2026-0003")),
        ("000-2026-0003", "000-2026-0003"),  # part of a longer number
        ("<b>", "&lt;b&gt;"),
        (Markup('<a href="/issues/2026-0003">2026-0003</a>'), None),
    ],
)
def test_dates_and_numbers_stay_whole(text: str, shown: str | None) -> None:
    expected = shown or f'<a href="/issues/2026-0003">{whole("2026-0003")}</a>'
    assert unbroken(text) == expected
