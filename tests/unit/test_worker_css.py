"""The style sheets ask for nothing that an old browser or the HTML checker does not know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.settings import ROOT

WHOLE = ROOT / "static" / "first-view.css"
SHEETS = sorted(set((ROOT / "static").glob("*.css")) - {WHOLE})
TOO_NEW = ("::details-content", ":has(", ":is(", ":where(", "@container", "@layer", "@scope", "&")
# The Nu HTML checker does not know these: in an inlined sheet each is an error of every page.
UNKNOWN = (
    "text-wrap",
    "text-autospace",
    "text-underline-offset",
    "text-decoration-thickness",
    "color-scheme",
    "forced-color-adjust",
)


def rules(sheet: Path) -> str:
    """Return a sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_rule_needs_a_new_browser(sheet: Path) -> None:
    assert not [word for word in TOO_NEW if word in rules(sheet)]


def test_what_an_old_browser_drops_hides_nothing_for_good() -> None:
    rule, frames = rules(WHOLE).strip().splitlines()
    assert rule.startswith("body:not(:has(.seen)) main{visibility:hidden;")
    assert rule.endswith("animation:seen 0s 2s forwards}")
    assert frames == "@keyframes seen{to{visibility:visible}}"


def test_the_inlined_sheet_passes_the_checker() -> None:
    text = rules(ROOT / "static" / "portal.css")
    assert not [name for name in UNKNOWN if f"{name}:" in text]
