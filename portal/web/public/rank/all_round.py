"""The all-round order, the second view of the rankings: weights in sight, never a bare place."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for

from portal.publication.standings.all_round import AllRound, AllRoundRow, all_round, all_round_rows
from portal.publication.standings.rankings import Head
from portal.web.boundary import Act
from portal.web.language import CHINESE, gettext, language
from portal.web.public import telling
from portal.web.public.rank import what_if
from portal.web.public.rank.ranking_rows import name_lang

VIEW = "all-round"
PER_PAGE = 100
BANDS = ("above", "near", "below", "withheld")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table; ``reason`` says why it has no place."""

    figures: AllRoundRow
    name: str
    name_lang: str | None
    href: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the two views."""

    text: str
    href: str
    current: bool


def tabs(current: str) -> list[Tab]:
    """Return the two views of the rankings; ``current`` is "" or the all-round order."""
    return [
        Tab(gettext("分工种排名"), url_for("public.rankings"), current == ""),
        Tab(gettext("综合排序"), url_for("public.rankings", view=VIEW), current == VIEW),
    ]


def page(here: Act, edition: Head | None) -> str:
    """Show the all-round order of an edition, or why there is none."""
    found = all_round(here.session, edition) if edition else None
    rows = all_round_rows(here.session, edition) if edition and found else []
    start = _start(rows)
    part = rows[start : start + PER_PAGE]
    return render_template(
        "public/all_round.html",
        edition=edition,
        found=found,
        rows=[_row(one) for one in part],
        next=_address(part[-1].position) if len(rows) > start + PER_PAGE else None,
        back=_address(0) if start else None,
        letters=telling.letters_of_all(here, edition, found.trades) if edition and found else [],
        tabs=tabs(VIEW),
        bands=BANDS,
        what_if=what_if.way(found.weights) if found else "",
        trades=_trades(here, found),
        other_weights=here.rules.composite.other_weights,
    )


def _start(rows: list[AllRoundRow]) -> int:
    asked = request.args.get("after", "")
    after = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 9 else 0  # noqa: PLR2004
    return min(after, len(rows))


def _address(after: int) -> str:
    return url_for("public.rankings", view=VIEW, after=after or None)


def _trades(here: Act, found: AllRound | None) -> list[str]:
    return [telling.trade_name(here.office, slug) for slug in found.trades] if found else []


def _row(one: AllRoundRow) -> Row:
    key = one.withheld.get("band") or ""
    return Row(
        figures=one,
        name=one.name if language() == CHINESE else one.name_en or one.name,
        name_lang=name_lang(one.name, one.name_en),
        href=url_for("public.institution", code=one.institution_code),
        reason=telling.short_reason(key, 0) if key else "",
    )
