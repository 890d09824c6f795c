"""What a certificate takes: dated sentences with their sources, per kind of certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from portal.rules.bounds import require
from portal.rules.catalogue import Trade
from portal.rules.reading import DATA, build, read_toml
from portal.rules.sources import source

TOPICS = (
    "who",
    "applicants",
    "education",
    "hours",
    "exempt",
    "where",
    "exam",
    "retakes",
    "validity",
    "check",
)
"""What a page tells, in this order; words are the glossary's ``certificate.<topic>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFact:
    """One sentence and the days on which it holds; both ends belong to it, None = open."""

    topic: str
    zh: str
    """May hold {trade} and {pass_line}."""
    en: str
    source: str
    verified: bool
    """False: no text of the source was seen."""
    from_on: date | None = None
    until_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a topic that no page tells, and a source that nobody knows."""
        require(self.topic in TOPICS, f"no such topic: {self.topic}")
        source(self.source)

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on ``day``."""
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One kind of certificate, for whole categories of the catalogue or for some trades."""

    key: str
    name_zh: str
    name_en: str
    categories: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    facts: tuple[CertificateFact, ...]

    def on(self, day: date) -> list[CertificateFact]:
        """Return what holds on ``day``, in the order of topics."""
        held = [fact for fact in self.facts if fact.holds_on(day)]
        return sorted(held, key=lambda fact: TOPICS.index(fact.topic))

    def changed_by(self, day: date) -> list[tuple[date, CertificateFact, CertificateFact | None]]:
        """Return (first day, new, old) of what is told otherwise since, newest first."""
        found = []
        for new in self.on(day):
            if new.from_on is not None:
                before = (old for old in self.facts if old.topic == new.topic and old != new)
                found.append((new.from_on, new, next(before, None)))
        return sorted(found, key=lambda change: change[0], reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    certificates: tuple[Certificate, ...]


@cache
def certificates() -> tuple[Certificate, ...]:
    """Return every kind of certificate.

    Raises:
        RuleError: ``data/certificates.toml`` is wrong.

    """
    return build(_File, read_toml(DATA / "certificates.toml"), "certificates.toml").certificates


def certificate_of(trade: Trade) -> Certificate | None:
    """Return the certificate of a trade; None where nothing is written about it."""
    named = (one for one in certificates() if trade.slug in one.trades)
    grouped = (one for one in certificates() if trade.category in one.categories)
    return next(named, None) or next(grouped, None)
