"""The rows of a ranking page: sealed figures with what holds today beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import url_for

from portal.domain.period import Period
from portal.publication.institutions.directory import Listed, institutions_on
from portal.publication.institutions.offers import Offer, offers_on
from portal.publication.listing.problem_list import Entry, entries_on
from portal.publication.standings import rankings
from portal.publication.standings.dispute_marks import Marks, mark_of, marks_of
from portal.publication.standings.rankings import Head, Ranking, Standing
from portal.rules.rulebook import Rulebook
from portal.web.boundary import Act
from portal.web.language import CHINESE, gettext, language
from portal.web.public.rank.ranking_wishes import schedule_words
from portal.web.public.telling import area_name, counts_of, short_reason, why_short
from portal.web.shape import capital, label, say

Tags = list[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Row:
    """One row, with the fields that ``parts/rank.html`` names, and its whole ``offer``."""

    code: str
    name: str
    name_lang: str | None
    area_code: str
    area: str
    phone: str
    offer: Offer
    band: str = "withheld"
    rank_low: int | None = None
    rank_high: int | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    k: int | None = None
    n: int | None = None
    reason: str = ""
    satisfaction: float | None = None
    satisfaction_n: int = 0
    satisfaction_reason: str = ""
    satisfaction_note: str = ""
    fee: int | None = None
    fee_note: str = ""
    next_on: date | None = None
    next_note: str = ""
    far: float | None = None
    states: Tags = field(default_factory=list)

    @property
    def href(self) -> str:
        """Return the address of its page."""
        return url_for("public.institution", code=self.code)


@dataclass(frozen=True, slots=True)
class Today:
    """What stands beside an edition's figures of one trade on the day of the request."""

    day: date
    trade: str
    listed: dict[str, Listed]
    offers: dict[str, Offer]
    entries: dict[str, Entry]
    marks: Marks

    def marked(self, standing: Standing) -> Tags:
        """Return the tag of a figure that the institution objects to."""
        mark = mark_of(self.marks, standing)
        return [(_word(mark), "warn")] if mark else []

    def states_of(self, code: str, since: date | None = None) -> Tags:
        """Return the tags of an institution; new is one that opened on ``since`` or later."""
        one = self.listed.get(code)
        found: Tags = []
        if one is not None:
            stopped = one.stopped_on(self.day, self.trade)
            found += [(_word(f"institution.{stopped}"), "warn")] if stopped else []
            is_new = since is not None and one.opened_on is not None and one.opened_on >= since
            found += [(_word("institution.new"), "")] if is_new else []
        entry = self.entries.get(code)
        return [*found, (_listed(entry.state), "warn")] if entry else found


def today(here: Act, trade: str, codes: list[str], period: str = "") -> Today:
    """Return what holds today for one trade and some institutions.

    ``period``: whose figures it stands beside.
    """
    entries = entries_on(here.session, here.day)
    return Today(
        day=here.day,
        trade=trade,
        listed={one.code: one for one in institutions_on(here.session, here.day, codes=codes)},
        offers=offers_on(here.session, here.day, trade, codes),
        entries={
            entry.institution_code: entry
            for entry in reversed(entries)
            if entry.institution_code and entry.trade in {None, trade}
        },
        marks=marks_of(here.session, period) if period else {},
    )


def rows_of(here: Act, edition: Head, ranking: Ranking, codes: list[str]) -> list[Row]:
    """Return the rows of these institutions, as they are asked for; those unknown are left out."""
    now = today(here, ranking.trade, codes, edition.period)
    since = Period.parse(edition.period).starts_on
    known = {
        one.code: one
        for one in rankings.standings(here.session, edition, ranking.trade, codes=codes)
    }
    rows = []
    for code in codes:
        standing, one = known.get(code), now.listed.get(code)
        if standing:
            rows.append(_row(here, ranking, standing, now, since))
        elif one and ranking.trade in one.trades:
            rows.append(newcomer(here, one, now))
    return rows


def newcomer(here: Act, one: Listed, now: Today) -> Row:
    """Return the row of an institution of which the edition says nothing."""
    row = Row(
        code=one.code,
        name=_name(one),
        name_lang=name_lang(one.name, one.name_en),
        area_code=one.area_code,
        area=area_name(here.office, one.area_code),
        phone=one.phone,
        offer=now.offers.get(one.code, Offer()),
        reason=say("brief.not_in_edition"),
        satisfaction_reason=say("brief.not_in_edition"),
        states=now.states_of(one.code, one.opened_on),
    )
    return _with_offer(row, now)


def _row(here: Act, ranking: Ranking, standing: Standing, now: Today, since: date) -> Row:
    one = now.listed.get(standing.code)
    successes, trials = counts_of(ranking, standing)
    row = Row(
        code=standing.code,
        name=_name(standing),
        name_lang=name_lang(standing.name, standing.name_en),
        area_code=one.area_code if one else standing.area_code,
        area=area_name(here.office, one.area_code if one else standing.area_code),
        phone=one.phone if one else "",
        offer=now.offers.get(standing.code, Offer()),
        band=standing.band,
        rank_low=standing.rank_low,
        rank_high=standing.rank_high,
        rate=standing.rate,
        rate_low=standing.rate_low,
        rate_high=standing.rate_high,
        k=successes,
        n=trials,
        reason=_reason(ranking, standing),
        states=[*now.marked(standing), *now.states_of(standing.code, since)],
    )
    _add_satisfaction(row, ranking, standing, here.rules)
    return _with_offer(row, now)


def _reason(ranking: Ranking, standing: Standing) -> str:
    if standing.rate is None:
        return why_short(ranking, standing, "rate")
    return why_short(ranking, standing, "band", "rank_low") if standing.band == "withheld" else ""


def _add_satisfaction(row: Row, ranking: Ranking, standing: Standing, rules: Rulebook) -> None:
    row.satisfaction = standing.satisfaction_rate
    row.satisfaction_n = standing.answered or 0
    if row.satisfaction is None:
        row.satisfaction_reason = _no_satisfaction(ranking, standing)
    elif is_low_response(standing, rules):
        row.satisfaction_note = say("brief.low_response")


def _no_satisfaction(ranking: Ranking, standing: Standing) -> str:
    key = standing.withheld.get("satisfaction")
    if key in {None, "withheld.no_data"}:  # said of exams, where there was no survey
        return short_reason("withheld.no_satisfaction", 0)
    return why_short(ranking, standing, "satisfaction")


def is_low_response(standing: Standing, rules: Rulebook) -> bool:
    """Tell whether too few of those invited answered for more than a hint."""
    if not standing.invited or standing.answered is None:
        return False
    return standing.answered / standing.invited < rules.satisfaction.low_response


def _with_offer(row: Row, now: Today) -> Row:
    coming = row.offer.next_of()
    row.fee = row.offer.fee_cents
    row.fee_note = "" if row.fee is not None else gettext("未填报")
    one = now.listed.get(row.code)
    stopped = one.stopped_on(now.day, now.trade) if one else "closed"
    if stopped:
        row.next_note = _word(f"institution.{stopped}")
    elif coming:
        row.next_on, row.next_note = coming.starts_on, schedule_words(coming.schedule)
    else:
        row.next_note = gettext("未填报")
    return row


def _name(thing: Listed | Standing) -> str:
    return thing.name if language() == CHINESE else thing.name_en or thing.name


def name_lang(name: str, name_en: str | None) -> str | None:
    """Return "zh" where an English page has to show a Chinese name."""
    if language() == CHINESE or name_en:
        return None
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in name) else None


def _listed(state: str) -> str:
    """Say beside a name what is published; on the list's own page the state alone is enough."""
    return gettext("问题公示中") if state == "published" else _word(f"listing.{state}")


def _word(key: str) -> str:
    return capital(label(key))
