"""A trade's ranking: the newest edition's, or that of an older period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import NotFound as NoSuchPage

from portal.domain.period import Period
from portal.publication import rankings
from portal.publication.directory import institutions_on
from portal.publication.rankings import Head, Ranking
from portal.web.boundary import Act, look
from portal.web.finding import area_options
from portal.web.language import gettext
from portal.web.public import telling
from portal.web.public.ranking_rows import Row, newcomer, rows_of, sorted_rows, today
from portal.web.public.ranking_wishes import (
    SCHEDULES,
    SORTS,
    Wishes,
    chosen,
    fee_steps,
    fee_words,
    loosenings,
    schedule_words,
    wishes_in,
)

PER_PAGE = 100
BANDS = ("above", "near", "below", "withheld")


@dataclass(frozen=True, slots=True)
class Page:
    """The part of the rows that one page shows; ``after`` is the code its successor starts at."""

    rows: list[Row]
    after: str | None


def ranking(trade: str) -> str:
    """Show the newest ranking of a trade."""
    with look() as here:
        require_trade(here, trade)
        edition = rankings.latest(here.session)
        found = ranking_in(here, edition, trade)
        if edition is None or found is None:
            return _without_figures(here, trade, edition)
        base = url_for("public.ranking", trade=trade)
        return _shown(here, edition, found, base, is_latest=True)


def ranking_period(trade: str, period: str) -> str:
    """Show the ranking that was published for an older period."""
    with look() as here:
        require_trade(here, trade)
        _require_period(period)
        edition = rankings.of_period(here.session, period)
        found = ranking_in(here, edition, trade)
        if edition is None or found is None:
            raise NoSuchPage
        newest = rankings.latest(here.session)
        base = url_for("public.ranking_period", trade=trade, period=period)
        return _shown(here, edition, found, base, is_latest=newest == edition)


def ranking_in(here: Act, edition: Head | None, trade: str) -> Ranking | None:
    """Return an edition's ranking of a trade; None where there is no such edition or ranking."""
    return rankings.ranking(here.session, edition, trade) if edition else None


def require_trade(here: Act, trade: str) -> None:
    """Let only a trade of the office or of the newest edition through.

    Raises:
        NotFound: nobody knows the trade.

    """
    if here.office.trade(trade) is None:
        raise NoSuchPage


def _require_period(period: str) -> None:
    try:
        Period.parse(period)
    except ValueError as cause:
        raise NoSuchPage from cause


def _shown(here: Act, edition: Head, found: Ranking, base: str, *, is_latest: bool) -> str:
    wishes = wishes_in(request.args, here.office)
    rows = rows_of(here, edition, found, is_latest=is_latest)
    kept = sorted_rows((row for row in rows if wishes.keeps(row)), wishes)
    page = _page(kept, wishes.after)
    for row in page.rows:
        _show_wished_class(row, wishes)
    return render_template(
        "public/ranking.html",
        edition=edition,
        ranking=found,
        is_latest=is_latest,
        base=base,
        wishes=wishes,
        rows=page.rows,
        everybody=rows,
        kept=kept,
        counts={band: sum(row.band == band for row in kept) for band in BANDS},
        next=page.after and wishes.address(base, after=page.after),
        chosen=chosen(wishes, base, here.office),
        loosenings=loosenings(wishes, base, here.office, rows) if not kept else [],
        fields=_fields(here, wishes, rows),
        sorts=_orders(wishes, base),
        has_facts=_has_facts(rows),
        others=[one for one in rankings.periods(here.session) if one != edition.period],
        **_words(here, found, is_latest=is_latest),
    )


def _words(here: Act, found: Ranking, *, is_latest: bool) -> dict[str, Any]:
    return {
        "trade_name": telling.trade_name(here.office, found.trade),
        "trade_short": telling.trade_short(here.office, found.trade),
        "measure": telling.measure_name(found.measure),
        "counts_name": telling.counts_name(found.measure),
        "counts_short": telling.counts_short(found.measure),
        "span": telling.span_of(found.window, is_latest=is_latest),
        "months": telling.months_of(found.window),
        "in_100": found.average and telling.in_100(found, found.average, is_latest=is_latest),
    }


def _page(rows: list[Row], after: str) -> Page:
    start = next((at + 1 for at, row in enumerate(rows) if row.code == after), 0)
    part = rows[start : start + PER_PAGE]
    return Page(part, part[-1].code if len(rows) > start + PER_PAGE else None)


def _show_wished_class(row: Row, wishes: Wishes) -> None:
    wished = row.offer.next_of(wishes.schedule)
    if wishes.schedule and row.next_on and wished:
        row.next_on, row.next_note = wished.starts_on, schedule_words(wished.schedule)


def _has_facts(rows: list[Row]) -> bool:
    return any(row.satisfaction is not None or row.fee is not None or row.phone for row in rows)


def _fields(here: Act, wishes: Wishes, rows: list[Row]) -> list[dict[str, Any]]:
    present = {row.area_code for row in rows}
    areas = [(code, name) for code, name in area_options(here.office) if code in present]
    fields: list[dict[str, Any]] = [
        _field("area", gettext("上课地点"), gettext("都可以"), areas, wishes.area)
    ]
    held = {one.schedule for row in rows for one in row.offer.classes}
    if held:
        times = [(key, schedule_words(key)) for key in SCHEDULES if key in held]
        fields.append(
            _field("schedule", gettext("上课时间"), gettext("都可以"), times, wishes.schedule)
        )
    steps = fee_steps(row.fee for row in rows if row.fee is not None)
    if wishes.max_fee is not None:
        steps = sorted({*steps, wishes.max_fee})
    if steps:
        fees = [(str(step), fee_words(step)) for step in steps]
        wished = str(wishes.max_fee or "")
        fields.append(_field("max_fee", gettext("学费"), gettext("不限"), fees, wished))
    return fields


def _orders(wishes: Wishes, base: str) -> list[dict[str, Any]]:
    words = {
        "rate": gettext("按通过率分组"),
        "satisfaction": gettext("满意率从高到低"),
        "fee": gettext("学费从低到高"),
        "next": gettext("开班从早到晚"),
    }
    return [
        {
            "text": words[name],
            "href": wishes.address(base, sort=name),
            "current": name == wishes.sort,
        }
        for name in SORTS
    ]


def _field(
    name: str, words: str, everything: str, options: list[tuple[str, str]], value: str
) -> dict[str, Any]:
    return {"name": name, "label": words, "options": [("", everything), *options], "value": value}


def _without_figures(here: Act, trade: str, edition: Head | None) -> str:
    now = today(here, trade)
    teaching = institutions_on(here.session, here.day, trade=trade)
    return render_template(
        "public/ranking_none.html",
        edition=edition,
        trade=trade,
        trade_name=telling.trade_name(here.office, trade),
        rows=[newcomer(here, one, now) for one in teaching[:PER_PAGE]],
        next_on=here.office.calendar.next_edition_on(here.day),
    )
