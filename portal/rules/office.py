"""One place's office: its names, phones, areas, trades and calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.rules.bounds import require
from portal.rules.catalogue import Category, Trade, catalogue
from portal.rules.error import RuleError
from portal.rules.pair import Pair
from portal.rules.reading import DATA, build, parse_toml, read_toml

PERIOD_KINDS = ("year", "half-year", "quarter")
"""How long a period of figures is."""

_COMMON_YEAR = 2025


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A public number and what it is for."""

    key: str
    """``office`` (whom to call), ``complaints`` …"""
    label_zh: str
    label_en: str
    number: str

    def label(self, lang: str) -> str:
        """Return what the number is for, in ``zh`` or ``en``."""
        return self.label_zh if lang == "zh" else self.label_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number the footer shows (site code, filing number); an empty value is not shown."""

    label_zh: str
    label_en: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A street, town or other part of the place."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    """Words are the glossary's ``area.<kind>``."""
    sort_key: int
    latitude: float | None = None
    """Degrees north; None = not known."""
    longitude: float | None = None
    """Degrees east; None = not known."""
    neighbours: tuple[str, ...] = ()
    """Codes of areas next to it; empty = not known."""

    def name(self, lang: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When periods, editions, reports and bulletins fall; days as ``MM-DD``."""

    period_kind: str
    first_period: str
    """``2022-H1``, ``2015``, ``2024-Q3``."""
    edition_dates: tuple[str, ...]
    report_due: tuple[str, ...]
    bulletin_dates: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a kind of period nobody knows and days that no year has."""
        require(self.period_kind in PERIOD_KINDS, f"period_kind must be among {PERIOD_KINDS}")
        pattern = {"year": r"\d{4}", "half-year": r"\d{4}-H[12]", "quarter": r"\d{4}-Q[1-4]"}
        require(
            re.fullmatch(pattern[self.period_kind], self.first_period) is not None,
            f"first_period {self.first_period} is no {self.period_kind}",
        )
        for day in (*self.edition_dates, *self.report_due, *self.bulletin_dates):
            require(_is_yearly(day), f"{day} is no day of every year as MM-DD")

    def next_edition_on(self, after: date) -> date | None:
        """Return the first edition day later than ``after``; None when none is planned."""
        return _next(self.edition_dates, after)

    def next_bulletin_on(self, after: date) -> date | None:
        """Return the first bulletin day later than ``after``; None when none is planned."""
        return _next(self.bulletin_dates, after)

    def next_report_due_on(self, after: date) -> date | None:
        """Return the first report day later than ``after``; None when none is planned."""
        return _next(self.report_due, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What belongs to one place."""

    key: str
    world: str = "real"
    """``real``, or the name of a world whose data must not mix with another's."""
    name_zh: str
    """The office that runs the portal."""
    name_en: str
    place_zh: str
    place_en: str
    title_zh: str
    """The site's title."""
    title_en: str
    subtitle_zh: str
    """The organiser's line under the title."""
    subtitle_en: str
    identifiers: tuple[Identifier, ...] = ()
    phones: tuple[Phone, ...]
    remedies_zh: str
    remedies_en: str
    register_zh: tuple[str, ...]
    """What an institution that is not yet registered must bring, point by point."""
    register_en: tuple[str, ...]
    areas: tuple[Area, ...]
    points_zh: str = ""
    """Where the areas' latitudes and longitudes come from, of what day, and how sure they are."""
    points_en: str = ""
    trades: tuple[str, ...]
    """Slugs offered, in the order of pages."""
    own_categories: tuple[Category, ...] = ()
    own_trades: tuple[Trade, ...] = ()
    """Trades that do not stand in the catalogue."""
    calendar: Timetable
    time_zone: str
    currency_zh: str
    currency_en: str
    licence_zh: str
    licence_en: str
    licence_url: str = ""
    url_prefix: str = ""
    figures_only: bool = False
    """Whether figures alone are on show: nobody there takes reports, tips, cases or a survey."""
    to_confirm: tuple[Pair, ...] = ()
    """Presets of this file that the office has not confirmed."""

    def __post_init__(self) -> None:
        """Refuse areas or trades named twice, unknown trades, and an unknown time zone."""
        codes = [area.code for area in self.areas]
        require(len(codes) == len(set(codes)) > 0, "areas must be named, each once")
        require(len(self.trades) == len(set(self.trades)) > 0, "trades must be named, each once")
        require(len(self.register_zh) == len(self.register_en), "register_zh/en differ in length")
        unknown = [slug for slug in self.trades if self.trade(slug) is None]
        require(not unknown, f"no such trade: {', '.join(unknown)}")
        for area in self.areas:
            require(set(area.neighbours) <= set(codes), f"{area.code}: an unknown neighbour")
        _require_zone(self.time_zone)

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.time_zone)

    def text(self, what: str, lang: str) -> str:
        """Return ``name``, ``place``, ``title``, ``subtitle``, ``remedies``, ``currency`` or
        ``licence`` in ``zh`` or ``en``.
        """  # noqa: D205 (one sentence)
        found: str = getattr(self, f"{what}_{'zh' if lang == 'zh' else 'en'}")
        return found

    def register(self, lang: str) -> tuple[str, ...]:
        """Return what a new institution must bring, in ``zh`` or ``en``."""
        return self.register_zh if lang == "zh" else self.register_en

    def area(self, code: str) -> Area | None:
        """Return the area ``code``; None when it is not of this place."""
        return next((area for area in self.areas if area.code == code), None)

    def phone(self, key: str) -> Phone | None:
        """Return the number for ``key``; None when none is given."""
        return next((phone for phone in self.phones if phone.key == key), None)

    def trade(self, slug: str) -> Trade | None:
        """Return an own trade or one of the catalogue; None when there is none."""
        own = {trade.slug: trade for trade in self.own_trades}
        return own.get(slug) or catalogue().trade(slug)

    def category_of(self, trade: Trade) -> Category:
        """Return the category of a trade, own ones first."""
        own = {category.key: category for category in self.own_categories}
        return own.get(trade.category) or catalogue().category_of(trade)

    def offered(self) -> tuple[Trade, ...]:
        """Return the trades offered, in the order of pages."""
        found = (self.trade(slug) for slug in self.trades)
        return tuple(trade for trade in found if trade is not None)


class OfficeError(RuleError):
    """An office file is wrong; the text names the key."""


def load_office(source: Path | str) -> Office:
    """Return the office of a file, of a shipped file's name (``putuo``), or of a TOML text.

    Texts are cached.

    Raises:
        OfficeError: the file cannot be read or is wrong.

    """
    try:
        if isinstance(source, Path):
            return build(Office, read_toml(source), source.name)
        if re.fullmatch(r"[a-z0-9-]+", source):
            return load_office(DATA / "office" / f"{source}.toml")
        return _office_of(source)
    except RuleError as cause:
        raise OfficeError(*cause.args) from cause


@lru_cache(maxsize=8)
def _office_of(text: str) -> Office:
    return build(Office, parse_toml(text, "office"), "office")


def _is_yearly(day: str) -> bool:
    try:
        return date.fromisoformat(f"{_COMMON_YEAR}-{day}") is not None
    except ValueError:
        return False


def _next(days: tuple[str, ...], after: date) -> date | None:
    dates = sorted(
        date.fromisoformat(f"{year}-{day}") for year in (after.year, after.year + 1) for day in days
    )
    return next((day for day in dates if day > after), None)


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as cause:
        msg = f"no such time zone: {name}"
        raise RuleError(msg) from cause
