"""The definitions of a pass rate that are in use, side by side for the same exams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.publication.standings.rankings import Ranking, Standing
from portal.web.language import gettext
from portal.web.public.telling import measure_name, why_short
from portal.web.shape import say

COUNTS = ("registered", "sat", "passed", "sat_first", "passed_first")


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition as counted, for the institution and for all.

    None = not published, for the ``reason``.
    """

    name: str
    formula: str
    part: int | None
    whole: int | None
    share: float | None
    share_of_all: float | None
    is_headline: bool
    reason: str


def definitions(ranking: Ranking, standing: Standing) -> list[Definition]:
    """Return every definition that some source gives counts for."""
    own = {name: getattr(standing, name) for name in COUNTS}
    told = [
        ("first_attempt", gettext("一次考过 ÷ 首考人数"), "passed_first", "sat_first"),
        ("passed_of_sat", gettext("合格人次 ÷ 实考人次，含补考"), "passed", "sat"),
        ("passed_of_registered", gettext("合格人次 ÷ 报名人次"), "passed", "registered"),
        ("no_show", gettext("报名没有去考的 ÷ 报名人次"), "absent", "registered"),
    ]
    return [
        Definition(
            name=measure_name(measure),
            formula=formula,
            part=_count(own, part),
            whole=own[whole],
            share=_share(own, part, whole),
            share_of_all=_share(ranking.totals, part, whole),
            is_headline=measure == ranking.measure,
            reason=why_short(ranking, standing, part, whole)
            or say("brief.not_published_by_source"),
        )
        for measure, formula, part, whole in told
        if _share(own, part, whole) is not None or _share(ranking.totals, part, whole) is not None
    ]


def _count(counts: Mapping[str, int | None], name: str) -> int | None:
    if name != "absent":
        return counts.get(name)
    registered, sat = counts.get("registered"), counts.get("sat")
    return None if registered is None or sat is None else registered - sat


def _share(counts: Mapping[str, int | None], part: str, whole: str) -> float | None:
    count, of = _count(counts, part), counts.get(whole)
    return None if count is None or not of else count / of
