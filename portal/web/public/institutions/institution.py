"""One institution: what the newest edition says, what it offers, what was found, since when."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import segno
from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.domain.period import Period
from portal.publication.institutions import institution_facts
from portal.publication.institutions.directory import Listed, institution_on, number_of
from portal.publication.institutions.late_reports import owed_on
from portal.publication.institutions.report_history import has_ever_filed
from portal.publication.listing.problem_list import Entry, Wanted, entries_on
from portal.publication.standings import beside, rankings
from portal.publication.standings.all_round import all_round_of
from portal.publication.standings.dispute_marks import mark_of, marks_of
from portal.publication.standings.rankings import Head, Ranking, Standing
from portal.publication.standings.trends import trade_shares
from portal.web.addresses import own_host
from portal.web.boundary import Act, look, wiring
from portal.web.language import CHINESE, gettext, language
from portal.web.public import telling
from portal.web.public.institutions import trend
from portal.web.public.institutions.definitions import definitions
from portal.web.public.institutions.fact_values import sections_of
from portal.web.public.institutions.versions import versions_of
from portal.web.public.rank.ranking_rows import is_low_response, name_lang


@dataclass(frozen=True, slots=True)
class Panel:
    """One trade of the institution: the edition's ranking and its own standing in it."""

    ranking: Ranking
    standing: Standing
    name: str
    measure: str
    k: int | None
    n: int | None
    in_100: str
    in_100_all: str
    reason: str
    no_place: str
    brief: str


def institution(code: str) -> str:
    """Show one institution."""
    with look() as here:
        one = institution_on(here.session, code, here.day)
        if one is None:
            raise NoSuchPage
        edition = rankings.latest(here.session)
        panels = panels_of(here, edition, code)
        asked = request.args.get("trade", "")
        main = next((panel for panel in panels if panel.ranking.trade == asked), None)
        main = main or (panels[0] if panels else None)
        return render_template(
            "public/institution.html",
            one=one,
            name=one.name if language() == CHINESE else one.name_en or one.name,
            name_lang=name_lang(one.name, one.name_en),
            state=one.state_on(here.day),
            area=telling.area_name(here.office, one.area_code),
            edition=edition,
            panels=panels,
            main=main,
            is_new=_is_new(one, edition),
            all_round=all_round_of(here.session, edition, code) if edition else None,
            other_kinds=_other_kinds(here, edition, code),
            code_picture=picture_of(url_for("public.institution", code=code)),
            untested=_untested(here, one, panels),
            has_reports=bool(here.office.calendar.report_due),
            unfolded=request.args.get("view") == "print",
            **_figures(here, edition, main),
            **_today(here, one),
        )


def panels_of(here: Act, edition: Head | None, code: str) -> list[Panel]:
    """Return the institution's trades, those with a rate and most candidates first."""
    if edition is None:
        return []
    found = {one.trade: one for one in rankings.rankings(here.session, edition)}
    panels = [
        panel_of(here, found[standing.trade], standing)
        for standing in rankings.standings_of(here.session, edition, code)
    ]
    return sorted(panels, key=lambda one: (one.standing.rate is None, -(one.n or 0), one.name))


def panel_of(here: Act, ranking: Ranking, standing: Standing) -> Panel:
    """Return what a page says of one institution in one trade."""
    successes, trials = telling.counts_of(ranking, standing)
    rate, average = standing.rate, ranking.average
    return Panel(
        ranking=ranking,
        standing=standing,
        name=telling.trade_name(here.office, standing.trade),
        measure=telling.measure_name(ranking.measure),
        k=successes,
        n=trials,
        in_100="" if rate is None else telling.in_100(ranking, rate, is_latest=True),
        in_100_all="" if average is None else telling.in_100_of_all(ranking, average),
        reason=telling.why(ranking, standing, "rate"),
        no_place=telling.why(ranking, standing, "band", "rank_low"),
        brief=telling.why_short(ranking, standing, "band", "rank_low"),
    )


def _other_kinds(here: Act, edition: Head | None, code: str) -> list[tuple[str, beside.OtherKind]]:
    """Return trade's name and counts of every other kind of exam."""
    found = beside.other_kinds(here.session, edition, code) if edition else []
    return [(telling.trade_name(here.office, one.trade), one) for one in found]


def _is_new(one: Listed, edition: Head | None) -> bool:
    if one.opened_on is None or edition is None:
        return False
    return one.opened_on >= Period.parse(edition.period).starts_on


def _untested(here: Act, one: Listed, panels: list[Panel]) -> list[str]:
    tested = {panel.ranking.trade for panel in panels}
    return [telling.trade_name(here.office, slug) for slug in one.trades if slug not in tested]


def _figures(here: Act, edition: Head | None, main: Panel | None) -> dict[str, Any]:
    if edition is None or main is None:
        return {"shown": []}
    averages = trade_shares(here.session, edition, main.ranking.trade)
    of_code = main.standing.code
    letters, others = telling.letters_of_one(here, edition, of_code, main.ranking.trade)
    shown = trend.points(main.ranking, main.standing, averages, here.rules.ranking.level)
    return {
        "shown": shown,
        "finding": trend.finding(shown),
        "trend_words": trend.in_words(shown),
        "level": round(here.rules.ranking.level * 100),
        "funnel": _funnel(main),
        "earlier": _earlier(here, edition, main),
        "definitions": definitions(main.ranking, main.standing),
        "mark": mark_of(marks_of(here.session, edition.period), main.standing),
        "no_passed": telling.why(main.ranking, main.standing, "passed"),
        "span": telling.span_of(main.ranking.window, is_latest=True),
        "months": telling.months_of(main.ranking.window),
        "letters": letters,
        "other_letters": others,
        "asked": telling.source_of_answers(main.ranking),
        "trials_name": telling.trials_name(main.ranking.measure),
        "no_satisfaction": telling.why(main.ranking, main.standing, "satisfaction"),
        "is_low_response": is_low_response(main.standing, here.rules),
    }


def _earlier(here: Act, edition: Head, main: Panel) -> dict[str, Any] | None:
    """Return the series by the definition used before, as its last edition has it; None: none."""
    before = rankings.earlier_definition(here.session, edition, main.ranking)
    if before is None:
        return None
    head, found = before
    own = rankings.standing_of(here.session, head, found.trade, main.standing.code)
    averages = trade_shares(here.session, head, found.trade)
    shown = trend.points(found, own, averages, here.rules.ranking.level) if own else []
    return {
        "edition": head,
        "measure": telling.measure_name(found.measure),
        "trials": telling.trials_name(found.measure),
        "shown": shown,
    }


def _funnel(main: Panel) -> list[dict[str, Any]]:
    standing = main.standing
    whole = standing.registered or standing.sat
    if not whole or not standing.sat:
        return []
    steps = [] if standing.registered is None else [_step(gettext("报名人次"), standing.registered)]
    note = gettext("占报名 %(share)s") if standing.registered else ""
    steps.append(_step(gettext("实考人次"), standing.sat, note, whole))
    if standing.passed is not None:
        note = gettext("占实考 %(share)s，含补考")
        steps.append(_step(gettext("合格人次"), standing.passed, note, standing.sat))
    return steps


def _step(words: str, count: int, note: str = "", of: int = 1) -> dict[str, Any]:
    share = f"{100 * count / of:.1f}%"
    return {"label": words, "n": count, "note": note and note % {"share": share}}


def _today(here: Act, one: Listed) -> dict[str, Any]:
    number = number_of(here.session, one.code) or 0
    fees = institution_facts.fees_on(here.session, number, here.day)
    classes = institution_facts.classes_on(here.session, number, here.day)
    local = wiring().settings.local_rules
    facts = institution_facts.accepted_facts(here.session, number, here.day, here.rules, local)
    names = {
        slug: telling.trade_name(here.office, slug)
        for slug in {*one.trades, *fees, *(coming.trade for coming in classes)}
    }
    return {
        "fees": fees,
        "classes": classes,
        "names": names,
        "trade_list": [names[slug] for slug in one.trades],
        "phone": institution_facts.phone_on(here.session, number, here.day),
        "sections": sections_of(facts, here.office),
        "entries": _entries(here, one),
        "versions": versions_of(here, one.code)[::-1],
        "has_filed": has_ever_filed(here.session, one.code),
        "owed": owed_on(here.session, one.code, here.day, here.rules),
    }


def _entries(here: Act, one: Listed) -> list[Entry]:
    return entries_on(here.session, here.day, Wanted(institution_code=one.code))


def picture_of(path: str) -> Markup:
    """Return a QR code of an address of this site, as inline SVG; empty where its name is unknown.

    A clone that passes its readers' requests on gets no code of its own from us.
    """
    host = own_host()
    if not host:
        return Markup()
    out = io.BytesIO()
    code = segno.make(host + path, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=False, scale=4, border=2, svgclass=None)
    drawing = out.getvalue().decode().replace("<svg", '<svg role="img" aria-label="{}"', 1)
    return Markup(drawing).format(gettext("本页地址的二维码"))  # noqa: S704  # drawn by segno from our own address
