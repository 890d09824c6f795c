"""Figures for the interactive pages, as the plain dictionaries that plotly.js draws.

The library itself is only asked where its script lies: importing it would cost each worker a
second and nothing here needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portal.publication.compute import funnel_limits

Figure = dict[str, Any]

BANDS = ("above", "near", "below", "withheld")
_INK, _MUTED, _LINE = "#1b2430", "#4a5765", "#d5dbe1"
_COLOURS = {"above": "#1763a6", "near": "#56626f", "below": "#a34f00", "withheld": "#9aa5b1"}
_SHAPES = {
    "above": "triangle-up",
    "near": "circle",
    "below": "triangle-down",
    "withheld": "circle-open",
}
_WIDE, _CORE = "#edf2f6", "#d5e3ee"
_HEIGHT = 480
_STEPS = 24
"""Pieces of which the bent limits are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One institution in a chart: its name, band, raw counts and published rates."""

    name: str
    band: str
    n: int
    k: int
    rate: float
    satisfaction: float | None = None

    @property
    def raw(self) -> float:
        """Return the share as counted, by which a funnel plot judges."""
        return self.k / self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """The limits at ``n`` trials; shares 0 to 1."""

    n: int
    low95: float
    high95: float
    low998: float
    high998: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One institution's shares over periods; None where nothing is published."""

    name: str
    shares: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


def script() -> Path:
    """Return where the installed library keeps plotly.min.js.

    Raises:
        FileNotFoundError: the library is not installed.

    """
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise FileNotFoundError("plotly.min.js")
    return Path(found.origin).parent / "package_data" / "plotly.min.js"


def zones_of(marks: Sequence[Mark], average: float) -> list[Zone]:
    """Return the limits of the funnel for marks, widened by what chance does not explain."""
    if not marks or not 0 < average < 1:
        return []
    counts = [(mark.n, mark.k) for mark in marks]
    sizes = _sizes(max(n for n, _ in counts), min(n for n, _ in counts))
    return [
        Zone(n=n, low95=inner[0], high95=inner[1], low998=outer[0], high998=outer[1])
        for n, (inner, outer) in zip(sizes, funnel_limits(counts, average, sizes), strict=True)
    ]


def _sizes(most: int, least: int) -> list[int]:
    """Return rising numbers of trials, close together at the start, where limits bend."""
    ratio = (max(most, least + 1) / least) ** (1 / _STEPS)
    return sorted({round(least * ratio**step) for step in range(_STEPS + 1)})


def funnel(
    marks: Sequence[Mark], limits: Sequence[Zone], average: float, words: dict[str, str]
) -> Figure:
    """Return a funnel plot; ``words`` names the axes, the bands, the average and the zones."""
    data: list[Figure] = []
    for low, high, colour, name in (
        ("low998", "high998", _WIDE, words["wide"]),
        ("low95", "high95", _CORE, words["core"]),
    ):
        sizes = [zone.n for zone in limits]
        line = {"x": sizes, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        upper = [getattr(zone, high) * 100 for zone in limits]
        lower = [getattr(zone, low) * 100 for zone in limits]
        data.append(line | {"y": lower, "showlegend": False})
        data.append(line | {"y": upper, "fill": "tonexty", "fillcolor": colour, "name": name})
    data.append(
        {
            "x": [limits[0].n, limits[-1].n] if limits else [],
            "y": [average * 100] * 2 if limits else [],
            "mode": "lines",
            "line": {"color": _INK, "dash": "dot", "width": 1.5},
            "name": words["average"],
            "hoverinfo": "skip",
        }
    )
    data += _by_band(marks, words, lambda mark: (mark.n, mark.raw * 100))
    return _figure(data, words["n"], words["rate"])


def against(marks: Sequence[Mark], words: dict[str, str]) -> Figure:
    """Return pass rate against satisfaction, for the marks that have both."""
    both = [mark for mark in marks if mark.satisfaction is not None]
    data = _by_band(both, words, lambda mark: (mark.rate * 100, (mark.satisfaction or 0) * 100))
    figure = _figure(data, words["rate"], words["satisfaction"])
    figure["layout"]["xaxis"]["ticksuffix"] = "%"
    return figure


def trends(lines: Sequence[Line], periods: Sequence[str], words: dict[str, str]) -> Figure:
    """Return rates over periods; of many institutions only the first three are on at first."""
    data: list[Figure] = []
    for at, line in enumerate(lines):
        trace: Figure = {
            "x": list(periods),
            "y": [_percent(share) for share in line.shares],
            "name": line.name,
            "mode": "lines+markers",
            "connectgaps": False,
        }
        if line.low:
            trace["error_y"] = _whiskers(line)
        if at >= 3:  # noqa: PLR2004  # more lines at once cannot be told apart
            trace["visible"] = "legendonly"
        data.append(trace)
    figure = _figure(data, "", words["rate"])
    figure["layout"]["legend"]["maxheight"] = 0.3
    return figure


def _whiskers(line: Line) -> Figure:
    triples = list(zip(line.shares, line.low, line.high, strict=True))
    return {
        "type": "data",
        "symmetric": False,
        "array": [_apart(high, share) for share, _, high in triples],
        "arrayminus": [_apart(share, low) for share, low, _ in triples],
    }


def _apart(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else round((upper - lower) * 100, 2)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


def _by_band(marks: Iterable[Mark], words: dict[str, str], at: Any) -> list[Figure]:  # noqa: ANN401  # a function of a mark
    rows = list(marks)
    found: list[Figure] = []
    for band in BANDS:
        those = [mark for mark in rows if mark.band == band]
        if those:
            places = [at(mark) for mark in those]
            found.append(
                {
                    "x": [round(x, 2) for x, _ in places],
                    "y": [round(y, 2) for _, y in places],
                    "text": [f"{mark.name}<br>{mark.k}/{mark.n}" for mark in those],
                    "mode": "markers",
                    "marker": {"symbol": _SHAPES[band], "color": _COLOURS[band], "size": 12},
                    "name": words[band],
                    "hovertemplate": "%{text}<br>%{y}%<extra></extra>",
                }
            )
    return found


def _figure(data: list[Figure], x: str, y: str) -> Figure:
    axis = {"gridcolor": _LINE, "linecolor": _LINE, "zeroline": False, "automargin": True}
    return {
        "data": [{"type": "scatter"} | trace for trace in data],
        "layout": {
            "height": _HEIGHT,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "font": {"size": 14, "color": _MUTED},
            "paper_bgcolor": "#fff",
            "plot_bgcolor": "#fff",
            "xaxis": axis | {"title": {"text": x}},
            "yaxis": axis | {"title": {"text": y}, "ticksuffix": "%"},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "hovermode": "closest",
        },
    }
