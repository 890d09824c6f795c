"""An institution's rate over the periods, as a chart and as a table."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.period import Period
from portal.domain.ranking.intervals import wilson
from portal.publication.standings.rankings import Ranking, Standing
from portal.web.language import CHINESE, gettext, language
from portal.web.public.telling import short_reason
from portal.web.shape import label, percent, period


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period, with the fields that ``parts/charts.html`` names."""

    label: str
    year: str
    title: str
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    average: float | None = None
    band: str = "near"
    n: int | None = None
    reason: str = ""


def points(
    ranking: Ranking, standing: Standing, averages: dict[str, float], level: float
) -> list[Point]:
    """Return the periods of a standing's trend, oldest first, from the first that has figures."""
    cells = list(standing.trend)
    while cells and not cells[0].get("trials"):
        cells.pop(0)
    return [_point(ranking, cell, averages, level) for cell in cells]


def _point(
    ranking: Ranking, cell: dict[str, object], averages: dict[str, float], level: float
) -> Point:
    written, trials, successes = str(cell["period"]), cell.get("trials"), cell.get("successes")
    known = Period.parse(written)
    if not isinstance(trials, int) or not isinstance(successes, int) or not trials:
        key = str(cell.get("reason") or "withheld.no_data")
        return Point(
            label=part_of(known),
            year=str(known.year),
            title=period(written),
            average=averages.get(written),
            reason=short_reason(key, ranking.limits.get(key, 0)),
        )
    low, high = wilson(successes, trials, level)
    return Point(
        label=part_of(known),
        year=str(known.year) if known.kind else "",
        title=period(written),
        rate=successes / trials,
        rate_low=low,
        rate_high=high,
        average=averages.get(written),
        n=trials,
    )


def part_of(known: Period) -> str:
    """Return what a period is of its year, in few letters: 上半, or H1."""
    if not known.kind:
        return str(known.year)
    if language() == CHINESE:
        return (
            label(f"period.{known.kind}{known.part}")[:2] if known.kind == "H" else _quarter(known)
        )
    return f"{known.kind}{known.part}"


def _quarter(known: Period) -> str:
    return f"{known.part} 季"


def finding(shown: list[Point]) -> str:
    """Return what the trend shows, in a few words: a rise or fall only where ranges are apart."""
    known = [one for one in shown if one.rate is not None]
    if len(known) < 2:  # noqa: PLR2004  # one period is no trend
        return gettext("只有一期有数据")
    first, last = known[0], known[-1]
    if _apart(last, first):
        return gettext("比%(period)s明显高") % {"period": first.title}
    if _apart(first, last):
        return gettext("比%(period)s明显低") % {"period": first.title}
    return gettext("看不出可靠的升降")


def _apart(higher: Point, lower: Point) -> bool:
    return (higher.rate_low or 0) > (lower.rate_high or 1)


def in_words(shown: list[Point]) -> str:
    """Return the chart as one sentence, for those who do not see it."""
    told = [f"{one.title} {percent(one.rate)}" for one in shown if one.rate is not None]
    return gettext("各期通过率：") + gettext("，").join(told) + gettext("。")
