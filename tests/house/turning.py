"""Shipped rules with one number turned: what the tests of dead numbers work with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tree import ROOT

from portal.rules.rulebook import Rulebook, rules_on

RULES = sorted((ROOT / "data" / "rules").glob("*.toml"))

Way = tuple[str | int, ...]
"""Keys and places that lead to a value inside a version."""


def versions(file: Path) -> list[dict[str, Any]]:
    """Return the versions of a rule file as written."""
    found: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8"))["version"]
    return found


def rule_days() -> list[date]:
    """Return each day on which some shipped rule changes, the first one included."""
    return sorted({version["in_force_from"] for file in RULES for version in versions(file)})


def leaves(table: object, at: Way = ()) -> Iterator[tuple[Way, float | date]]:
    """Yield each number and date of a table with the way to it."""
    if isinstance(table, dict | list):
        inner = table.items() if isinstance(table, dict) else enumerate(table)
        for key, value in inner:
            yield from leaves(value, (*at, key))
    elif isinstance(table, int | float | date) and not isinstance(table, bool):
        yield at, table


def numbers() -> list[tuple[Path, int, Way]]:
    """Return (file, place of the version, way) of each number and date that rules hold."""
    return [
        (file, place, at)
        for file in RULES
        for place, version in enumerate(versions(file))
        for at, _ in leaves(version)
        if at != ("in_force_from",)
    ]


def with_turned(file: Path, place: int, at: Way, by: int, folder: Path) -> Rulebook:
    """Return the rulebook of the version's day with one number turned by a local rule.

    Raises:
        RuleError: the turned number is refused.

    """
    tables = tomllib.loads(file.read_text("utf-8"))
    version = tables["version"][place]
    _turn(version, at, by)
    lines = [f"name = {written(tables['name'])}", f"title = {written(tables['title'])}"]
    lines += ["[[version]]", *(f"{key} = {written(value)}" for key, value in version.items())]
    (folder / file.name).write_text("\n".join(lines), encoding="utf-8")
    return rules_on(version["in_force_from"], folder)


def written(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {written(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


def _turn(table: Any, at: Way, by: int) -> None:  # noqa: ANN401 (TOML holds anything)
    *way, last = at
    for step in way:
        table = table[step]
    table[last] = _turned(table[last], by)


def _turned(value: float | date, by: int) -> float | date:
    if isinstance(value, date):
        return value + timedelta(days=by)
    return value + by if isinstance(value, int) else value + by / 64
