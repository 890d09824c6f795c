"""A reader's own weights: what the all-round order would be, beside it and never instead of it.

Only the published components are weighed anew. Nothing is drawn again, so there are no ranges, and
so there are no places: only three thirds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from portal.publication.standings.all_round import (
    COMPONENTS,
    AllRoundRow,
    all_round,
    all_round_rows,
)
from portal.publication.standings.rankings import Head
from portal.web.boundary import Act
from portal.web.language import CHINESE, gettext, language
from portal.web.public.rank.ranking_rows import name_lang

VIEW = "what-if"
MOST = 5
THIRDS = ("first", "middle", "last")


@dataclass(frozen=True, slots=True)
class Weighed:
    """One institution under the reader's weights; ``third`` is first, middle or last."""

    name: str
    name_lang: str | None
    href: str
    parts: dict[str, float]
    third: str
    official: str


def weights_in(query: Mapping[str, str]) -> dict[str, int]:
    """Return the weight of each component, 0 to 5; the office's own order knows no such steps."""
    found = {}
    for name in COMPONENTS:
        written = query.get(name, "")
        found[name] = int(written) if written in set("012345") else 0
    return found


def page(here: Act, edition: Head | None) -> str:
    """Show the form, and the thirds under the weights that its address holds."""
    found = all_round(here.session, edition) if edition else None
    rows = all_round_rows(here.session, edition) if edition and found else []
    weights = weights_in(request.args)
    whole = [row for row in rows if all(name in row.parts for name in COMPONENTS)]
    asked = sum(weights.values()) > 0
    return render_template(
        "public/what_if.html",
        edition=edition,
        found=found,
        weights=weights,
        shares=shares_of(weights) if asked else {},
        steps=_steps(),
        missing=len(rows) - len(whole),
        thirds=THIRDS,
        rows=weighed(whole, weights) if asked else [],
        too_few=len(whole) < len(THIRDS),
        official=url_for("public.rankings", view="all-round"),
    )


def shares_of(weights: Mapping[str, int]) -> dict[str, float]:
    """Return each weight as a share of all."""
    return {name: weight / sum(weights.values()) for name, weight in weights.items()}


def weighed(rows: Iterable[AllRoundRow], weights: Mapping[str, int]) -> list[Weighed]:
    """Return institutions in three thirds of the weighted sum, each third by name."""
    shares = shares_of(weights)
    ordered = sorted(rows, key=lambda row: -sum(shares[name] * row.parts[name] for name in shares))
    third = [THIRDS[min(at * 3 // max(len(ordered), 1), 2)] for at in range(len(ordered))]
    told = [_told(row, third[at]) for at, row in enumerate(ordered)]
    return sorted(told, key=lambda one: (THIRDS.index(one.third), one.name))


def _told(row: AllRoundRow, third: str) -> Weighed:
    return Weighed(
        name=row.name if language() == CHINESE else row.name_en or row.name,
        name_lang=name_lang(row.name, row.name_en),
        href=url_for("public.institution", code=row.institution_code),
        parts=row.parts,
        third=third,
        official=row.band,
    )


def _steps() -> list[tuple[str, str]]:
    words: dict[int, str] = {
        0: gettext("不看"),
        1: gettext("一点点"),
        2: gettext("看一些"),
        3: gettext("看重"),
        4: gettext("很看重"),
        5: gettext("最看重"),
    }
    return [(str(step), words[step]) for step in range(MOST + 1)]


def way(weights: Mapping[str, float]) -> str:
    """Return the address of this page with weights near the office's own."""
    most = max(weights.values(), default=0) or 1
    near: dict[str, Any] = {name: round(MOST * share / most) for name, share in weights.items()}
    return url_for("public.rankings", view=VIEW, **near)
