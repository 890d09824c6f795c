"""Numbers, dates and names for the eye, in the language of the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask
from jinja2 import pass_context
from markupsafe import Markup, escape

from portal.domain.period import Period
from portal.rules import words
from portal.rules.sources import cite
from portal.web.boundary import surroundings
from portal.web.language import CHINESE, ENGLISH, language
from portal.web.prose import prose

_CENTS = 100
_CHINESE_SIGN = re.compile(r"[\u3400-\u9fff]")
_CHINESE_RUN = re.compile(
    r"([\u3400-\u9fff](?:[\u3400-\u9fff〔〕（）、，\d]*[\u3400-\u9fff〕）])?)"
)
_TAGS = re.compile(r"(<[^>]+>)")
_NUMBER = re.compile(r"(?<![\w-])([A-Z]?\d{4}-\d{2}(?:-\d{2}|\d{2}))(?![\d-])")
_KILOBYTE, _MEGABYTE = 2**10, 2**20


def install(app: Flask) -> None:
    """Give the templates their filters."""
    own: tuple[Callable[..., Any], ...] = (
        percent,
        percent_number,
        number,
        day,
        iso_day,
        moment,
        money,
        named,
        lang_of,
        mark_chinese,
        phrases,
        unbroken,
        label,
        say,
        period,
    )
    shapes = {shape.__name__: shape for shape in own}
    shapes |= {"date": day, "isodate": iso_day, "local_day": local_day, "source": cited}
    shapes |= {"prose": prose, "act_words": act_words, "bytes": size}
    app.jinja_env.filters |= {name: _when_shown(shape) for name, shape in shapes.items()}


def _when_shown(shape: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that is asked anew for every page.

    Jinja works out filters of constants once, when it compiles a template: the first reader's
    language would stay in it for everybody.
    """

    @pass_context
    def shown(_context: object, *values: object, **facts: object) -> object:
        return shape(*values, **facts)

    return shown


def percent(share: float) -> str:
    """Return a share of 0 to 1 as percent with one decimal: 89.3%."""
    return f"{percent_number(share)}%"


def percent_number(share: float) -> str:
    """Return a share as percent without its sign: 89.3."""
    return f"{share * 100:.1f}"


def number(count: float) -> str:
    """Return a number with its thousands set apart: 1,124."""
    return f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}"


def day(on: date) -> str:
    """Return a date in words: 2026年3月5日, or 5 March 2026."""
    if language() == CHINESE:
        return f"{on.year}年{on.month}月{on.day}日"
    return format_date(on, "d MMMM y", locale=ENGLISH)


def iso_day(on: date) -> str:
    """Return a date as 2026-03-05."""
    return on.isoformat()[:10]


def period(written: str) -> str:
    """Return a period in words: 2026年上半年, or first half of 2026."""
    known = Period.parse(written)
    if not known.kind:
        return f"{known.year}年" if language() == CHINESE else str(known.year)
    part = words.label(f"period.{known.kind}{known.part}", language())
    return f"{known.year}年{part}" if language() == CHINESE else f"{part} of {known.year}"


def moment(at: datetime) -> str:
    """Return an instant at the office's place: 2026-03-05 14:32."""
    return at.astimezone(ZoneInfo(surroundings().office.time_zone)).strftime("%Y-%m-%d %H:%M")


def local_day(at: datetime) -> date:
    """Return the date of an instant at the office's place."""
    return at.astimezone(ZoneInfo(surroundings().office.time_zone)).date()


def money(cents: int) -> str:
    """Return an amount in the office's currency: 980 元, or CNY 980."""
    office = surroundings().office
    whole = f"{cents / _CENTS:,.2f}".removesuffix(".00")
    if language() == CHINESE:
        return f"{whole} {office.currency_zh}"
    return f"{office.currency_en}\N{NO-BREAK SPACE}{whole}"


def size(count: int) -> str:
    """Return a number of bytes as people say it: 18 KB, 1.1 MB."""
    if count < _MEGABYTE:
        return f"{max(1, round(count / _KILOBYTE))} KB"
    return f"{count / _MEGABYTE:.1f} MB"


def named(thing: Any, field: str = "name") -> str:  # noqa: ANN401  # any row with two languages
    """Return a two-language field of ``thing``, in Chinese where there is no English one."""
    chinese = getattr(thing, f"{field}_zh", None) or getattr(thing, field, "")
    english = getattr(thing, f"{field}_en", None)
    return str(english if language() == ENGLISH and english else chinese)


def lang_of(text: object) -> Markup:
    """Return the attribute that tells Chinese words on an English page apart; empty elsewhere."""
    is_foreign = language() == ENGLISH and _CHINESE_SIGN.search(str(text))
    return Markup(' lang="zh-CN"') if is_foreign else Markup()


def mark_chinese(text: str) -> Markup:
    """Return a sentence in which, on an English page, each run of Chinese says that it is."""
    if language() != ENGLISH:
        return escape(text)
    plain, *runs = _CHINESE_RUN.split(text)
    said = escape(plain)
    for chinese, after in zip(runs[::2], runs[1::2], strict=True):
        said += Markup('<span lang="zh-CN">{}</span>{}').format(chinese, after)
    return said


def phrases(parts: Iterable[str], gap: str = "") -> Markup:
    """Return parts of a sentence, each kept on one line; English ones are a space apart anyway."""
    between = escape(gap or (" " if language() == ENGLISH else ""))
    whole = Markup('<span class="phrase">{}</span>')
    return between.join(whole.format(part) for part in parts if part)


def unbroken(text: object) -> Markup:
    """Return a text whose dates and entry numbers, 2026-07-04 and 2026-0002, stay on one line."""
    parts = _TAGS.split(str(escape(text)))
    parts[::2] = [_NUMBER.sub(r'<span class="whole">\1</span>', part) for part in parts[::2]]
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704  # escaped above


def label(key: str) -> str:
    """Return the glossary's word for a status, a ground, a band or a role."""
    return words.label(key, language())


def capital(text: str) -> str:
    """Return a label as the beginning of a line: English labels are kept small."""
    return text[:1].upper() + text[1:]


def cited(reference: str) -> str:
    """Return a law or notice as it is cited."""
    return cite(reference, language())


def say(key: str, **facts: object) -> str:
    """Return a sentence of ``data/messages``."""
    return words.say(key, language(), **facts)


def act_words(act: str) -> str:
    """Return what an act of the audit trail is called; its code where nobody has named it."""
    key = f"act.{act}"
    return words.label(key, language()) if words.has_label(key) else act
