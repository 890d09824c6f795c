"""Rule files: each a name and dated versions; local ones lie over the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from portal.rules.bounds import require
from portal.rules.pair import Pair
from portal.rules.reading import Plain, build, read_toml
from portal.rules.sources import source

_HEAD = ("in_force_from", "source", "verified", "to_fill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a rule.

    ``values`` is as written, dates as ISO strings; ``origin`` says shipped or local.
    """

    name: str
    in_force_from: date
    source: str
    verified: bool
    values: Plain = field(hash=False)
    title: Pair | None = None
    to_fill: Pair | None = None
    """What a person has to look up or decide."""
    origin: str = "shipped"

    def __post_init__(self) -> None:
        """Refuse a source nobody knows."""
        source(self.source)

    def canonical(self) -> dict[str, Any]:
        """Return the rule as JSON can hold it; words about the rule are not the rule."""
        return {
            "in_force_from": self.in_force_from.isoformat(),
            "source": self.source,
            "verified": self.verified,
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
        versions = _versions(file, origin)
        name = next(iter(versions.values())).name
        require(name not in found, f"{file.name}: the rule {name} stands in another file too")
        found[name] = versions
    return found


def version_of(name: str, table: Plain) -> Version:
    """Return the version that ``Version.canonical`` gave.

    Raises:
        RuleError: something is missing or wrong.

    """
    head = build(_Head, {key: table[key] for key in table if key != "values"}, name)
    return Version(
        name=name,
        in_force_from=head.in_force_from,
        source=head.source,
        verified=head.verified,
        values=table["values"],
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
    to_fill: Pair | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name: str
    title: Pair
    version: tuple[dict[str, Any], ...]


def _versions(file: Path, origin: str) -> dict[date, Version]:
    tables = build(_File, read_toml(file), file.name)
    versions = [_written(tables, table, origin, file.name) for table in tables.version]
    days = [version.in_force_from for version in versions]
    require(len(days) == len(set(days)) > 0, f"{file.name}: versions must differ in in_force_from")
    return {version.in_force_from: version for version in versions}


def _written(tables: _File, table: Plain, origin: str, file: str) -> Version:
    head = build(_Head, {key: table[key] for key in _HEAD if key in table}, file)
    require(
        head.verified or head.to_fill is not None,
        f"{file} {head.in_force_from}: verified = false needs to_fill (zh, en)",
    )
    return Version(
        name=tables.name,
        in_force_from=head.in_force_from,
        source=head.source,
        verified=head.verified,
        values={key: value for key, value in table.items() if key not in _HEAD},
        title=tables.title,
        to_fill=head.to_fill,
        origin=origin,
    )
