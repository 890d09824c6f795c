"""What the finder offers: the office's trades and areas, in the order of pages."""

from __future__ import annotations

from portal.rules.office import Office
from portal.web.language import language

Options = list[tuple[str, str]]


def trade_options(office: Office) -> Options:
    """Return the trades offered as (slug, name)."""
    return [(trade.slug, trade.name(language())) for trade in office.offered()]


def area_options(office: Office) -> Options:
    """Return the areas as (code, name)."""
    ordered = sorted(office.areas, key=lambda area: area.sort_key)
    return [(area.code, area.name(language())) for area in ordered]
