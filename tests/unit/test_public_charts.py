"""The figures are such as the drawing library takes, and say what the rows say."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from portal.publication.charts import BANDS, Line, Mark, against, funnel, script, trends, zones_of

WORDS = dict.fromkeys((*BANDS, "average", "wide", "core", "n", "rate", "satisfaction"), "words")
MARKS = [
    Mark(name="示例甲", band="above", n=400, k=380, rate=0.94, satisfaction=0.9),
    Mark(name="示例乙", band="near", n=60, k=50, rate=0.84),
    Mark(name="示例丙", band="withheld", n=12, k=10, rate=0.84, satisfaction=0.7),
]


def test_every_figure_is_one_that_plotly_knows() -> None:
    limits = zones_of(MARKS, 0.87)
    lines = [Line(name="示例甲", shares=(0.9, None), low=(0.8, None), high=(0.95, None))]
    for figure in (
        funnel(MARKS, limits, 0.87, WORDS),
        against(MARKS, WORDS),
        trends(lines, ["2025 H1", "2025 H2"], WORDS),
    ):
        go.Figure(figure)  # raises where a name or a value is wrong


def test_an_unknown_name_would_be_seen() -> None:
    with pytest.raises(ValueError, match="Invalid property"):
        go.Figure({"data": [{"type": "scatter", "colour": "red"}]})


def test_satisfaction_shows_only_those_that_have_it() -> None:
    shown = against(MARKS, WORDS)["data"]
    assert sum(len(trace["x"]) for trace in shown) == 2


def test_the_funnel_shows_counts_as_they_are() -> None:
    above = next(
        trace
        for trace in funnel(MARKS, zones_of(MARKS, 0.87), 0.87, WORDS)["data"]
        if trace.get("text") == ["示例甲<br>380/400"]
    )
    assert (above["x"], above["y"]) == ([400], [95.0])


def test_limits_narrow_with_more_candidates() -> None:
    limits = zones_of(MARKS, 0.87)
    widths = [zone.high998 - zone.low998 for zone in limits]
    assert (limits[0].n, limits[-1].n) == (12, 400)
    assert widths == sorted(widths, reverse=True)
    assert all(zone.low998 < zone.low95 < 0.87 < zone.high95 <= zone.high998 for zone in limits)


def test_an_average_of_one_has_no_limits() -> None:
    assert zones_of(MARKS, 1.0) == []


def test_the_script_comes_with_the_library() -> None:
    assert script().stat().st_size > 1_000_000
