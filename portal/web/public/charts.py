"""The opt-in pages with interactive charts; without scripts their still pictures remain."""

from __future__ import annotations

import gzip
from functools import cache
from typing import Any

from flask import Response, g, render_template, request, send_file, url_for
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.domain.period import Period
from portal.publication import charts
from portal.publication.charts import Figure, Line, Mark
from portal.publication.institutions.directory import institution_on
from portal.publication.standings import rankings
from portal.publication.standings.rankings import Head, Ranking, Standing
from portal.publication.standings.trends import trade_shares
from portal.rules.words import label
from portal.web.boundary import Act, look
from portal.web.language import CHINESE, gettext, language
from portal.web.public import telling
from portal.web.public.institutions import trend
from portal.web.public.institutions.institution import Panel, panels_of
from portal.web.public.rank.ranking import ranking_in, require_trade
from portal.web.public.rank.ranking_rows import name_lang
from portal.web.shape import capital

_MOST_LINES = 30
# plotly.js puts one style element of its own into any page: this is its hash.
_MAP_STYLE = "sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o="
_KEPT = 365 * 24 * 3600


def ranking_chart(trade: str) -> str:
    """Show a trade's funnel plot, trends, and pass rate against satisfaction."""
    with look() as here:
        require_trade(here, trade)
        edition = rankings.latest(here.session)
        found = ranking_in(here, edition, trade)
        if edition is None or found is None or found.average is None:
            raise NoSuchPage
        standings = rankings.standings(here.session, edition, trade)
        marks = marks_of(found, standings)
        limits = charts.zones_of(marks, found.average)
        figures = _figures(found, marks, limits)
        figures["trends"] = charts.trends(*_lines(standings), _words(found))
        _let_scripts_run()
        return render_template(
            "public/ranking_chart.html",
            edition=edition,
            ranking=found,
            trade_name=telling.trade_name(here.office, trade),
            figures=figures,
            points=[{"n": mark.n, "rate": mark.raw, "band": mark.band} for mark in marks],
            zones=limits,
            outside=_outside(marks, limits),
            back=url_for("public.ranking", trade=trade),
            trials_name=telling.trials_name(found.measure),
            measure=telling.measure_name(found.measure),
            letters=telling.letters(here, edition, found),
        )


def institution_chart(code: str) -> str:
    """Show one institution among its trade, and its trend with whiskers."""
    with look() as here:
        one = institution_on(here.session, code, here.day)
        edition = rankings.latest(here.session)
        panels = [panel for panel in panels_of(here, edition, code) if panel.standing.rate]
        if one is None or edition is None or not panels:
            raise NoSuchPage
        asked = request.args.get("trade")
        panel = next((p for p in panels if p.ranking.trade == asked), panels[0])
        _let_scripts_run()
        return render_template(
            "public/institution_chart.html",
            one=one,
            name=one.name if language() == CHINESE else one.name_en or one.name,
            name_lang=name_lang(one.name, one.name_en),
            edition=edition,
            panel=panel,
            panels=panels,
            back=url_for("public.institution", code=code, trade=panel.ranking.trade),
            trials_name=telling.trials_name(panel.ranking.measure),
            letters=telling.letters(here, edition, panel.ranking),
            **_own(here, edition, panel),
        )


def plotly() -> Response:
    """Send the installed library's script; it never changes under one version."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = Response(_packed(), mimetype="text/javascript")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_file(charts.script(), mimetype="text/javascript")
    response.headers["Cache-Control"] = f"public, max-age={_KEPT}"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@cache
def _packed() -> bytes:
    return gzip.compress(charts.script().read_bytes(), mtime=0)


def _let_scripts_run() -> None:
    g.script_sources = "'self'"
    g.style_sources = f" '{_MAP_STYLE}'"


def marks_of(ranking: Ranking, standings: list[Standing]) -> list[Mark]:
    """Return the institutions of a ranking that have a rate."""
    found = []
    for one in standings:
        successes, trials = telling.counts_of(ranking, one)
        if one.rate is not None and trials and successes is not None:
            found.append(
                Mark(
                    name=one.name if language() == CHINESE else one.name_en or one.name,
                    band=one.band,
                    n=trials,
                    k=successes,
                    rate=one.rate,
                    satisfaction=one.satisfaction_rate,
                )
            )
    return found


def _figures(ranking: Ranking, marks: list[Mark], limits: Any) -> dict[str, Figure]:  # noqa: ANN401  # zones
    words = _words(ranking)
    figures = {"funnel": charts.funnel(marks, limits, ranking.average or 0, words)}
    if any(mark.satisfaction is not None for mark in marks):
        figures["against"] = charts.against(marks, words)
    return figures


def _words(ranking: Ranking) -> dict[str, str]:
    bands = {band: capital(label(f"band.{band}", language())) for band in charts.BANDS}
    return bands | {
        "withheld": gettext("不排名次"),
        "average": gettext("平均"),
        "wide": gettext("99.8% 界线以内"),
        "core": gettext("95% 界线以内"),
        "n": telling.trials_name(ranking.measure),
        "rate": telling.measure_name(ranking.measure),
        "satisfaction": gettext("效果满意率"),
    }


def _lines(standings: list[Standing]) -> tuple[list[Line], list[str]]:
    shown = [one for one in standings if one.rate is not None][:_MOST_LINES]
    written = sorted({cell["period"] for one in shown for cell in one.trend if cell.get("trials")})
    lines = []
    for one in shown:
        shares = {
            cell["period"]: cell["successes"] / cell["trials"]
            for cell in one.trend
            if cell.get("trials")
        }
        name = one.name if language() == CHINESE else one.name_en or one.name
        lines.append(Line(name=name, shares=tuple(shares.get(text) for text in written)))
    return lines, [_brief(text) for text in written]


def _brief(written: str) -> str:
    """Return a period in few letters, for the axis of a chart: 2025 上半, 2025 H1."""
    known = Period.parse(written)
    return f"{known.year} {trend.part_of(known)}" if known.kind else str(known.year)


def _outside(marks: list[Mark], limits: Any) -> int:  # noqa: ANN401  # zones
    """Count the institutions beyond the 99.8 % limits, read at the nearest drawn size."""
    count = 0
    for mark in marks:
        zone = min(limits, key=lambda one: abs(one.n - mark.n), default=None)
        count += zone is not None and not zone.low998 <= mark.raw <= zone.high998
    return count


def _own(here: Act, edition: Head, panel: Panel) -> dict[str, Any]:
    ranking, standing = panel.ranking, panel.standing
    standings = rankings.standings(here.session, edition, ranking.trade)
    marks = marks_of(ranking, standings)
    limits = charts.zones_of(marks, ranking.average or 0)
    averages = trade_shares(here.session, edition, ranking.trade)
    shown = trend.points(ranking, standing, averages, here.rules.ranking.level)
    figures = _figures(ranking, marks, limits)
    own = Line(
        name=standing.name if language() == CHINESE else standing.name_en or standing.name,
        shares=tuple(one.rate for one in shown),
        low=tuple(one.rate_low for one in shown),
        high=tuple(one.rate_high for one in shown),
    )
    everybody = Line(name=gettext("平均"), shares=tuple(one.average for one in shown))
    periods = [_brief(str(cell["period"])) for cell in standing.trend][-len(shown) :]
    figures["trends"] = charts.trends([own, everybody], periods, _words(ranking))
    points = [{"n": mark.n, "rate": mark.raw, "band": mark.band} for mark in marks]
    mine = {"n": panel.n, "rate": (panel.k or 0) / (panel.n or 1), "band": standing.band}
    return {
        "figures": figures,
        "points": points,
        "zones": limits,
        "own": mine,
        "shown": shown,
        "finding": trend.finding(shown),
        "trend_words": trend.in_words(shown),
    }
