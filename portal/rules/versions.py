"""Rule files: each a name and dated versions; local ones lie over the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from portal.rules.bounds import require
from portal.rules.error import RuleError
from portal.rules.reading import Plain, build, read_toml
from portal.rules.sources import source

_META = ("in_force_from", "source", "verified", "to_fill")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFill:
    """What a person has to look up or decide, in words."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a rule.

    ``values`` is as written, dates as ISO strings; ``origin`` says shipped or local.
    """

    name: str
    in_force_from: date
    source: str
    verified: bool
    to_fill: ToFill | None = None
    values: Plain = field(hash=False)
    origin: str = field(default="shipped", compare=False)

    def __post_init__(self) -> None:
        """Refuse a source nobody knows, and an open rule that does not say what is open."""
        source(self.source)
        require(
            self.verified or self.to_fill is not None,
            f"{self.name} {self.in_force_from}: verified = false needs to_fill (zh, en)",
        )

    def canonical(self) -> dict[str, Any]:
        """Return the version as JSON can hold it."""
        return {
            "in_force_from": self.in_force_from.isoformat(),
            "source": self.source,
            "verified": self.verified,
            **({"to_fill": _words(self.to_fill)} if self.to_fill else {}),
            "values": dict(self.values),
        }


Versions = Mapping[str, Mapping[date, Version]]
"""Rule name → in force from → version."""


def versions_in(folder: Path, origin: str) -> dict[str, dict[date, Version]]:
    """Return every version of every rule in ``folder``.

    Raises:
        RuleError: a file is wrong, or two files carry the same rule.

    """
    found: dict[str, dict[date, Version]] = {}
    for file in sorted(folder.glob("*.toml")):
        tables = read_toml(file)
        name = tables.get("name")
        require(isinstance(name, str), f"{file.name}: name is missing")
        require(name not in found, f"{file.name}: the rule {name} stands in another file too")
        found[str(name)] = _versions(str(name), tables, file.name, origin)
    return found


def version_of(name: str, table: Plain, origin: str = "shipped") -> Version:
    """Return the version that a table describes: the head of it, the rest as its values.

    Raises:
        RuleError: the head is incomplete or wrong.

    """
    head = {key: table[key] for key in _META if key in table}
    values = table["values"] if "values" in table else _rest(table)
    read = build(_Head, head, name)
    return Version(
        name=name,
        in_force_from=read.in_force_from,
        source=read.source,
        verified=read.verified,
        to_fill=read.to_fill,
        values=values,
        origin=origin,
    )


def laid_over(shipped: Versions, local: Versions) -> dict[str, dict[date, Version]]:
    """Return both merged by day; on the same day the local version wins."""
    names = shipped.keys() | local.keys()
    return {name: {**shipped.get(name, {}), **local.get(name, {})} for name in sorted(names)}


def in_force(versions: Iterable[Version], day: date) -> Version | None:
    """Return the newest version in force on ``day``; None when none is yet."""
    begun = [version for version in versions if version.in_force_from <= day]
    return max(begun, key=lambda version: version.in_force_from, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    in_force_from: date
    source: str
    verified: bool
    to_fill: ToFill | None = None


def _versions(name: str, tables: Plain, file: str, origin: str) -> dict[date, Version]:
    require(tables.keys() == {"name", "version"}, f"{file}: wants name and [[version]], only")
    found: dict[date, Version] = {}
    for table in tables["version"]:
        try:
            version = version_of(name, table, origin)
        except RuleError as cause:
            msg = f"{file}: {cause}"
            raise RuleError(msg) from cause
        require(
            version.in_force_from not in found,
            f"{file}: two versions in force from {version.in_force_from}",
        )
        found[version.in_force_from] = version
    return found


def _rest(table: Plain) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in _META}


def _words(to_fill: ToFill) -> dict[str, str]:
    return {"zh": to_fill.zh, "en": to_fill.en}
