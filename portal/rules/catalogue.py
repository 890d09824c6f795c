"""The catalogue of trades (操作项目 and posts): names, short names, validity."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from portal.rules.bounds import require
from portal.rules.reading import DATA, build, read_toml
from portal.rules.script import simplified
from portal.rules.sources import source


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A group of trades (作业类别)."""

    key: str
    number: int
    """Order on pages."""
    name_zh: str
    name_en: str

    def name(self, lang: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return self.name_zh if lang == "zh" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One trade: an operation of the catalogue, or a post with an exam of its own."""

    slug: str
    """ASCII name in addresses and files; never changed, never reused."""
    category: str
    name_zh: str
    name_en: str
    short_zh: str = ""
    """Short name for tight places; empty = the full name."""
    short_en: str = ""
    aliases: tuple[str, ...] = ()
    """Other names found in files, each of one trade only."""
    valid_from: date | None = None
    """First day; None = since ever."""
    valid_until: date | None = None
    """Last day; None = open."""
    pass_line: float | None = None
    """Points of 100; None = the rulebook's."""

    def name(self, lang: str) -> str:
        """Return the name in ``zh`` or ``en``."""
        return self.name_zh if lang == "zh" else self.name_en

    def short(self, lang: str) -> str:
        """Return the short name in ``zh`` or ``en``, else the full one."""
        return (self.short_zh if lang == "zh" else self.short_en) or self.name(lang)

    def is_fragment(self, text: str) -> bool:
        """Tell whether a text is but a piece of the trade's name: 低压 of 低压电工作业."""
        piece, whole = plain_name(text), plain_name(self.name_zh)
        return piece in whole and piece not in {whole, plain_name(self.short_zh)}

    def valid_on(self, day: date) -> bool:
        """Tell whether the trade is in the catalogue on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueNote:
    """Where one list of the catalogue comes from, and what is open about it."""

    key: str
    source: str
    verified: bool
    to_fill_zh: str = ""
    to_fill_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every trade by slug, its categories, and the way from a name to a trade."""

    trades: Mapping[str, Trade]
    categories: Mapping[str, Category]
    notes: tuple[CatalogueNote, ...]
    names: Mapping[str, frozenset[str]]
    """Normalised name → slugs."""

    def trade(self, slug: str) -> Trade | None:
        """Return the trade ``slug``; None when there is none."""
        return self.trades.get(slug)

    def category_of(self, trade: Trade) -> Category:
        """Return the category of a trade."""
        return self.categories[trade.category]

    def find(self, text: str) -> Trade | None:
        """Return the one trade meant by a slug, a name or a short name.

        Full-width and half-width forms, spaces and the endings 作业/证 make no difference, and
        ``category-name`` in one cell is understood. None when no trade or more than one is meant.
        """
        slugs = self.names.get(plain_name(text)) or self.names.get(_last_part(text), frozenset())
        return self.trades[next(iter(slugs))] if len(slugs) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeList:
    """One file of the catalogue."""

    note: CatalogueNote
    categories: tuple[Category, ...]
    trades: tuple[Trade, ...]


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue.

    Raises:
        RuleError: a list under ``data/catalogue`` is wrong.

    """
    files = sorted((DATA / "catalogue").glob("*.toml"))
    return catalogue_of(build(TradeList, read_toml(file), file.name) for file in files)


def catalogue_of(lists: Iterable[TradeList]) -> Catalogue:
    """Return the catalogue that lists make together.

    Raises:
        RuleError: a slug is used twice, or a category is not there.

    """
    all_lists = list(lists)
    trades = [trade for one in all_lists for trade in one.trades]
    categories = {cat.key: cat for one in all_lists for cat in one.categories}
    slugs = [trade.slug for trade in trades]
    require(len(slugs) == len(set(slugs)), "a slug is used twice in the catalogue")
    for trade in trades:
        require(trade.category in categories, f"{trade.slug}: no category {trade.category}")
    for one in all_lists:
        source(one.note.source)
    return Catalogue(
        trades={trade.slug: trade for trade in trades},
        categories=categories,
        notes=tuple(one.note for one in all_lists),
        names=names_of(trades),
    )


def names_of(trades: Iterable[Trade]) -> dict[str, frozenset[str]]:
    """Return normalised name → slugs of the trades that bear it."""
    found: dict[str, set[str]] = defaultdict(set)
    for trade in trades:
        for name in (trade.slug, trade.name_zh, trade.name_en, trade.short_zh, *trade.aliases):
            if name:
                found[plain_name(name)].add(trade.slug)
    return {name: frozenset(slugs) for name, slugs in found.items()}


def plain_name(text: str) -> str:
    """Return a name without width, case, script, spaces, and 作业 or 证 at its end."""
    folded = simplified(unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(ch for ch in folded if not ch.isspace() and ch not in "\u200b\ufeff、,。()")
    return kept.removesuffix("证").removesuffix("操作").removesuffix("作业") or kept


def _last_part(text: str) -> str:
    """Return the operation of ``电工作业-低压电工作业``, normalised."""
    folded = unicodedata.normalize("NFKC", text)
    for dash in ("—", "–", "/", "|", ":", ">"):
        folded = folded.replace(dash, "-")
    return plain_name(folded.rpartition("-")[2])
