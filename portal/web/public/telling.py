"""Sealed figures in words: which measure, over which time, and why one is not published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.domain.period import Period
from portal.domain.survey import OWN
from portal.publication.standings.provenance import Behalf, behind_institution, on_behalf
from portal.publication.standings.rankings import Head, Ranking, Standing
from portal.rules.office import Office
from portal.rules.words import day_in_words, has_label, label, messages, say
from portal.web.boundary import Act
from portal.web.language import CHINESE, gettext, language
from portal.web.shape import capital
from portal.web.shape import period as in_words

FIRST_ATTEMPT = "first_attempt"


def counts_of(ranking: Ranking, standing: Standing) -> tuple[int | None, int | None]:
    """Return successes and trials of the ranking's measure over its window."""
    if ranking.measure == FIRST_ATTEMPT:
        return standing.passed_first, standing.sat_first
    return standing.passed, standing.sat


def trials_total(ranking: Ranking) -> int | None:
    """Return the published trials of a whole trade; None where the source has none."""
    return ranking.totals.get("sat_first" if ranking.measure == FIRST_ATTEMPT else "sat")


def measure_name(measure: str) -> str:
    """Return the name of a measure as it stands at the head of a column."""
    return capital(label(f"measure.{measure}", language()))


def counts_name(measure: str) -> str:
    """Return what the pair of counts behind a rate is called."""
    return gettext("一次考过/首考人数") if measure == FIRST_ATTEMPT else gettext("合格/实考人次")


def counts_short(measure: str) -> str:
    """Return the same for a tight place."""
    return gettext("考过/首考") if measure == FIRST_ATTEMPT else gettext("合格/实考")


def trials_name(measure: str) -> str:
    """Return what the trials of a measure are called."""
    return gettext("首考人数") if measure == FIRST_ATTEMPT else gettext("实考人次")


def why(ranking: Ranking, standing: Standing, *figures: str) -> str:
    """Return the whole sentence why the first of ``figures`` that is withheld is so; "" if none."""
    key = _reason(standing, figures)
    return say(key, language(), limit=ranking.limits.get(key, 0)) if key else ""


def why_short(ranking: Ranking, standing: Standing, *figures: str) -> str:
    """Return the same in a few words, for the cell of a table."""
    key = _reason(standing, figures)
    return short_reason(key, ranking.limits.get(key, 0)) if key else ""


def short_reason(key: str, limit: int) -> str:
    """Return a reason for withholding in a few words."""
    brief = key.replace("withheld.", "brief.", 1)
    return say(brief if brief in messages() else key, language(), limit=limit)


def _reason(standing: Standing, figures: tuple[str, ...]) -> str:
    found = (standing.withheld.get(figure) for figure in figures)
    return next((key for key in found if key), "")


def in_100(ranking: Ranking, rate: float, *, is_latest: bool) -> str:
    """Return a rate as a sentence about a hundred people."""
    sentence = "figure.natural_frequency"
    sentence += "" if ranking.measure == FIRST_ATTEMPT else "_sat"
    span = span_of(ranking.window, is_latest=is_latest)
    return capital(say(sentence, language(), span=span, of_100=round(rate * 100)))


def in_100_of_all(ranking: Ranking, average: float) -> str:
    """Return the average in the same way, in words that follow those on one institution."""
    sentence = "figure.natural_frequency_all"
    sentence += "" if ranking.measure == FIRST_ATTEMPT else "_sat"
    return say(sentence, language(), of_100=round(average * 100))


def span_of(window: tuple[str, ...], *, is_latest: bool) -> str:
    """Return the time a window covers: in the last two years, or from month to month."""
    periods = sorted(Period.parse(text) for text in window)
    months = sum(period.months for period in periods)
    named = f"span.months_{months}"
    if is_latest and has_label(named):
        return label(named, language())
    first, last = months_of(window)
    return say("figure.between", language(), first=first, last=last)


def months_of(window: tuple[str, ...]) -> tuple[str, str]:
    """Return the first and the last month of a window in words."""
    periods = sorted(Period.parse(text) for text in window)
    return _month(periods[0].starts_on), _month(periods[-1].ends_on)


def _month(day: date) -> str:
    written = day_in_words(day, language())
    return written.partition("月")[0] + "月" if language() == CHINESE else written.split(" ", 1)[1]


def trade_name(office: Office, slug: str) -> str:
    """Return a trade's name; the slug where the office does not know it any more."""
    trade = office.trade(slug)
    return trade.name(language()) if trade else slug


def trade_short(office: Office, slug: str) -> str:
    """Return a trade's short name."""
    trade = office.trade(slug)
    return trade.short(language()) if trade else slug


def area_name(office: Office, code: str) -> str:
    """Return an area's name; the code where the office does not know it any more."""
    area = office.area(code)
    return area.name(language()) if area else code


def source_of_answers(ranking: Ranking) -> str:
    """Return who asked for the satisfaction shown; "" where nothing is."""
    if not ranking.satisfaction_source:
        return ""
    if ranking.satisfaction_source == OWN:
        return say("figure.asked_here", language())
    return say("figure.asked_elsewhere", language(), source=ranking.satisfaction_source)


def letters(here: Act, edition: Head | None, ranking: Ranking | None) -> list[str]:
    """Return a sentence for each letter with which figures of a ranking came."""
    if edition is None or ranking is None:
        return []
    found = on_behalf(here.session, edition, ranking.trade)
    return [letter_words(one) for one in found.get(ranking.trade, ())]


def letters_of_all(here: Act, edition: Head, trades: Iterable[str]) -> list[str]:
    """Return a sentence for each letter and trade, of those named, that its figures feed."""
    found = on_behalf(here.session, edition)
    return [_of_trade(here, trade, one) for trade in trades for one in found.get(trade, ())]


def letters_of_one(here: Act, edition: Head, code: str, main: str) -> tuple[list[str], list[str]]:
    """Return the sentences for one institution's figures: of its main trade, of the others."""
    found = behind_institution(here.session, edition, code)
    mine = [letter_words(one) for one in found.pop(main, ())]
    return mine, [_of_trade(here, trade, one) for trade, ones in found.items() for one in ones]


def _of_trade(here: Act, trade: str, one: Behalf) -> str:
    return gettext("%(name)s：%(words)s") % {
        "name": trade_name(here.office, trade),
        "words": letter_words(one),
    }


def letter_words(one: Behalf) -> str:
    """Return the sentence that names a letter with which figures came."""
    return say(
        "figure.on_behalf",
        language(),
        periods=gettext("、").join(in_words(period) for period in one.periods),
        sender=one.sender,
        document=one.document_no,
        day=one.received_on,
    )
