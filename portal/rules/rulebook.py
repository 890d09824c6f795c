"""The rulebook: everything law and office fixed, as it stands on one day.

Every number that a rule fixes lives in ``data/rules/*.toml`` (shipped) or in a folder of local
rules laid over it, and is read here. No other module holds such a number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from portal.rules.bounds import require
from portal.rules.clocks import (
    CASE_RULES,
    Accounts,
    Cases,
    Conditions,
    Corrections,
    FactualCheck,
    Letters,
    Report,
    Retention,
    Survey,
)
from portal.rules.error import RuleError
from portal.rules.figures import Composite, Exam, Integrity, Ranking, Satisfaction, Signals
from portal.rules.grounds import Ground, Grounds
from portal.rules.pair import Pair
from portal.rules.reading import DATA, Plain, build
from portal.rules.sources import source
from portal.rules.versions import (
    Version,
    Versions,
    in_force,
    laid_over,
    version_of,
    versions_in,
)
from portal.rules.workdays import WorkCalendar, YearArrangement, calendar_of

__all__ = ["RuleError", "RuleNote", "Rulebook", "read_rulebook", "rules_on"]

_SECTIONS: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "ranking": (Ranking, ("ranking",)),
    "satisfaction": (Satisfaction, ("satisfaction",)),
    "exam": (Exam, ("exam-pass-line", "exam-kinds", "exam-attempts")),
    "composite": (Composite, ("composite",)),
    "integrity": (Integrity, ("integrity",)),
    "signals": (Signals, ("signals",)),
    "cases": (Cases, CASE_RULES),
    "report": (
        Report,
        ("report-form", "report-filing", "report-change", "report-disclosure", "attachments"),
    ),
    "conditions": (Conditions, ("conditions",)),
    "accounts": (Accounts, ("accounts",)),
    "factual_check": (FactualCheck, ("factual-check",)),
    "corrections": (Corrections, ("corrections",)),
    "letters": (Letters, ("letters",)),
    "survey": (Survey, ("survey",)),
    "retention": (Retention, ("retention",)),
}
"""Section → its shape and the rules that together make it."""

_NESTED = {"report-form": "form", "attachments": "attachments"}
"""Rules whose values stand in a table of their own inside the section."""

_CALENDAR = "working-days-"
"""Rules of this beginning carry one year of the working-day calendar each."""

_GROUNDS = "grounds-"
"""Rules of this beginning carry grounds each; all in force count together."""

_NAMES = frozenset(name for _, names in _SECTIONS.values() for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNote:
    """One rule in force: where it comes from, and what is open about it."""

    name: str
    in_force_from: date
    source: str
    verified: bool
    title: Pair
    to_fill: Pair | None = None
    """What a person has to look up or decide; None when verified, or read from an edition."""
    origin: str = "shipped"  # or local


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules in force on one day."""

    on: date
    digest: str
    """SHA-256 (hex) of ``canonical``."""
    canonical: str
    """Every rule in force as canonical JSON: sorted keys, no spaces, UTF-8."""
    rules: tuple[RuleNote, ...]
    ranking: Ranking
    satisfaction: Satisfaction
    exam: Exam
    composite: Composite
    integrity: Integrity
    signals: Signals
    cases: Cases
    grounds: tuple[Ground, ...]
    report: Report
    conditions: Conditions
    accounts: Accounts
    factual_check: FactualCheck
    corrections: Corrections
    letters: Letters
    survey: Survey
    retention: Retention
    calendar: WorkCalendar

    def __post_init__(self) -> None:
        """Refuse sections that contradict one another, and grounds without a known law."""
        for penalty in self.integrity.penalties:
            longest = self.cases.period(penalty.severity).max_months
            require(
                penalty.expiry_months <= longest,
                f"integrity: {penalty.severity} points outlive the publication period",
            )
        for ground in self.grounds:
            source(ground.legal_source)
            source(ground.publishing_basis or ground.legal_source)

    @property
    def unverified(self) -> tuple[RuleNote, ...]:
        """Every rule in force whose text or value nobody has confirmed."""
        return tuple(note for note in self.rules if not note.verified)

    def ground(self, key: str) -> Ground | None:
        """Return the ground ``key``; None when it is not in force."""
        return next((ground for ground in self.grounds if ground.key == key), None)


def rules_on(day: date, local: Path | None = None) -> Rulebook:
    """Return the rules in force on ``day``: the shipped ones with those in ``local`` laid over.

    Cached; a changed file in ``local`` is noticed at the next call.

    Raises:
        RuleError: a file is wrong, or no version of some rule was in force that day.

    """
    stamp = _stamp(local) if local else ()
    book = _book(_last_change(day, local, stamp), local, stamp)
    return replace(book, on=day)


def read_rulebook(day: date, canonical: str) -> Rulebook:
    """Return the rulebook that ``canonical`` froze, as on ``day``: its digest is the same.

    Raises:
        RuleError: the text is not a frozen rulebook.

    """
    try:
        tables = json.loads(canonical)
        versions = [version_of(name, table) for name, table in tables.items()]
    except (ValueError, AttributeError, TypeError, KeyError) as cause:
        msg = f"not a frozen rulebook: {cause}"
        raise RuleError(msg) from cause
    return _bind(day, versions)


Stamp = tuple[tuple[str, int, int], ...]


def _stamp(local: Path) -> Stamp:
    """Return name, time and size of each local file, so that a change is seen."""
    stats = ((file.name, file.stat()) for file in sorted(local.glob("*.toml")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@cache
def _shipped() -> Versions:
    return versions_in(DATA / "rules", "shipped")


@lru_cache(maxsize=8)
def _all(local: Path | None, _stamp: Stamp) -> Versions:
    merged = laid_over(_shipped(), versions_in(local, "local") if local else {})
    for name in merged:
        known = name in _NAMES or name.startswith((_CALENDAR, _GROUNDS))
        require(known, f"{name}: there is no such rule")
    return merged


@lru_cache(maxsize=1024)
def _last_change(day: date, local: Path | None, stamp: Stamp) -> date:
    """Return the last day up to ``day`` on which any rule changed."""
    days = {change for versions in _all(local, stamp).values() for change in versions}
    return max((change for change in days if change <= day), default=day)


@lru_cache(maxsize=64)
def _book(day: date, local: Path | None, stamp: Stamp) -> Rulebook:
    chosen = [in_force(versions.values(), day) for versions in _all(local, stamp).values()]
    return _bind(day, [version for version in chosen if version])


def _bind(day: date, versions: Iterable[Version]) -> Rulebook:
    """Make the rulebook of the given versions, one of each rule."""
    by_name = {version.name: version for version in versions}
    missing = sorted(_NAMES - by_name.keys())
    require(not missing, f"not in force on {day}: {', '.join(missing)}")
    canonical = _canonical({name: one.canonical() for name, one in by_name.items()})
    return Rulebook(
        on=day,
        canonical=canonical,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        rules=tuple(_note(by_name[name]) for name in sorted(by_name)),
        grounds=_grounds(by_name),
        calendar=_calendar(by_name),
        **_sections(by_name),
    )


def _sections(by_name: Mapping[str, Version]) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    for section, (kind, names) in _SECTIONS.items():
        values: dict[str, Any] = {}
        for name in names:
            own = _with_thresholds(name, by_name)
            values.update({_NESTED[name]: own} if name in _NESTED else own)
        bound[section] = build(kind, values, f"rule {', '.join(names)}")
    return bound


def _grounds(by_name: Mapping[str, Version]) -> tuple[Ground, ...]:
    parts = [
        build(Grounds, by_name[n].values, n) for n in sorted(by_name) if n.startswith(_GROUNDS)
    ]
    grounds = tuple(ground for part in parts for ground in part.grounds)
    keys = [ground.key for ground in grounds]
    require(len(keys) == len(set(keys)) > 0, f"grounds must be named, each once: {keys}")
    return grounds


def _with_thresholds(name: str, by_name: Mapping[str, Version]) -> Plain:
    """Return a rule's values; the form gets its bounds from the conditions in force."""
    values = by_name[name].values
    if name != "report-form":
        return values
    bounds = by_name["conditions"].values
    known = build(Conditions, bounds, "rule conditions").__slots__
    filled: Plain = _bounded(values, bounds, frozenset(known))
    return filled


def _bounded(table: Any, bounds: Plain, known: frozenset[str]) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(table, list):
        return [_bounded(inner, bounds, known) for inner in table]
    if not isinstance(table, Mapping):
        return table
    filled = {key: _bounded(inner, bounds, known) for key, inner in table.items()}
    threshold = filled.get("min_from", "")
    require(not threshold or threshold in known, f"form: no condition named {threshold}")
    return filled | ({"min": bounds[threshold]} if threshold in bounds else {})


def _calendar(by_name: Mapping[str, Version]) -> WorkCalendar:
    years = [version for name, version in by_name.items() if name.startswith(_CALENDAR)]
    arranged = [build(YearArrangement, version.values, version.name) for version in years]
    pairs = zip(arranged, years, strict=True)
    return calendar_of(arranged, frozenset(one.year for one, v in pairs if v.verified))


def _note(version: Version) -> RuleNote:
    return RuleNote(
        name=version.name,
        in_force_from=version.in_force_from,
        source=version.source,
        verified=version.verified,
        title=version.title or Pair(zh=version.name, en=version.name),
        to_fill=version.to_fill,
        origin=version.origin,
    )


def _canonical(tables: Mapping[str, Any]) -> str:
    return json.dumps(tables, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
