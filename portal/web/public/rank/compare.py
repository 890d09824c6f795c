"""Two to four institutions side by side in one trade."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flask import render_template, request, url_for

from portal.publication.standings import rankings
from portal.publication.standings.beside import p_better
from portal.publication.standings.rankings import Head, Ranking
from portal.web.boundary import Act, look
from portal.web.language import gettext
from portal.web.public import telling
from portal.web.public.rank.ranking import ranking_in
from portal.web.public.rank.ranking_rows import Row, rows_of
from portal.web.shape import say

FEWEST, MOST = 2, 4
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of two institutions: which is higher, or that nobody can tell."""

    names: tuple[str, str]
    words: str
    is_sure: bool


def compare() -> str:
    """Show the chosen institutions; the first four different ones, where there are more."""
    codes = list(dict.fromkeys(code for code in request.args.getlist("id") if code))
    with look() as here:
        edition = rankings.latest(here.session)
        trade = _trade(here, edition, request.args.get("trade", ""), codes)
        found = ranking_in(here, edition, trade)
        rows = rows_of(here, edition, found, codes[:_LOOKED_AT]) if edition and found else []
        return render_template(
            "public/compare.html",
            edition=edition,
            ranking=found,
            trade=trade,
            trade_name=telling.trade_name(here.office, trade) if trade else "",
            rows=rows[:MOST],
            is_too_many=len(rows) > MOST,
            verdicts=_verdicts(here, edition, trade, rows[:MOST]),
            without=_without(rows[:MOST], trade),
            letters=telling.letters(here, edition, found),
            **_words(found),
        )


def _trade(here: Act, edition: Head | None, wished: str, codes: list[str]) -> str:
    if here.office.trade(wished) or not (edition and codes):
        return wished if here.office.trade(wished) else ""
    theirs = rankings.standings_of(here.session, edition, codes[0])
    shown = [one.trade for one in theirs if one.rate is not None]
    return next(iter([*shown, *(one.trade for one in theirs)]), "")


def _verdicts(here: Act, edition: Head | None, trade: str, rows: list[Row]) -> list[Verdict]:
    known = [row for row in rows if row.rate is not None]
    codes = [row.code for row in known]
    better = p_better(here.session, edition, trade, codes) if edition else {}
    sure = here.rules.ranking.band_above
    return [
        _verdict(one, other, better.get((one.code, other.code)), sure)
        for one, other in combinations(known, 2)
    ]


def _verdict(one: Row, other: Row, better: float | None, sure: float) -> Verdict:
    """Return who is higher, as far as that can be told; ``better`` None: nobody worked it out."""
    names = one.name, other.name
    if better is None:
        return _by_ranges(one, other)
    leader, share = (one, better) if better >= 1 / 2 else (other, 1 - better)
    is_sure = share >= sure
    said = (
        gettext("%(name)s更高，把握在 %(n)s%% 以上。")
        if is_sure
        else gettext("两家的合理范围重叠，分不出高下：%(name)s更高的可能性约 %(n)s%%，还不能当真。")
    )
    return Verdict(names, said % _chances(leader, share), is_sure)


def _chances(leader: Row, share: float) -> dict[str, object]:
    return {"name": leader.name, "n": min(99, int(share * 100 + 1e-9))}


def _by_ranges(one: Row, other: Row) -> Verdict:
    names = one.name, other.name
    for high, low in ((one, other), (other, one)):
        if (high.rate_low or 0) > (low.rate_high or 1):
            words = gettext("%(name)s的合理范围整个更高。") % {"name": high.name}
            return Verdict(names, words, is_sure=True)
    return Verdict(names, say("figure.overlap"), is_sure=False)


def _without(rows: list[Row], trade: str) -> dict[str, str]:
    """Return code → address of the comparison without it."""
    codes = [row.code for row in rows]
    return {
        code: url_for("public.compare", id=[c for c in codes if c != code], trade=trade)
        for code in codes
    }


def _words(found: Ranking | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "measure": telling.measure_name(found.measure),
        "counts_name": telling.counts_name(found.measure),
        "span": telling.span_of(found.window, is_latest=True),
    }
