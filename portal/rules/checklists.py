"""Checklists of inspections, one for each industry, as ``data/checklists`` gives them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from portal.rules.bounds import require
from portal.rules.grounds import SUBJECTS
from portal.rules.pair import Pair
from portal.rules.reading import DATA, build, read_toml
from portal.rules.sources import source

ALWAYS = "training"
"""The item that every checklist has: training is always checked. Source: notice 2021-22, 4.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One thing to look at; a mandatory one cannot be left out as not applicable."""

    key: str
    words: Pair
    basis: str
    mandatory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What an inspection of one industry looks at."""

    key: str
    applies_to: str
    title: Pair
    items: tuple[CheckItem, ...]

    def __post_init__(self) -> None:
        """Refuse items named twice, unknown laws, and a list that leaves training out."""
        keys = [item.key for item in self.items]
        require(self.applies_to in SUBJECTS, f"{self.key}: applies_to must be among {SUBJECTS}")
        require(len(keys) == len(set(keys)), f"{self.key}: an item is named twice")
        always = next((item for item in self.items if item.key == ALWAYS), None)
        require(always is not None and always.mandatory, f"{self.key}: {ALWAYS} is always checked")
        for item in self.items:
            source(item.basis)

    def item(self, key: str) -> CheckItem | None:
        """Return the item ``key``; None when there is none."""
        return next((item for item in self.items if item.key == key), None)


@cache
def checklists() -> dict[str, Checklist]:
    """Return every checklist by its key.

    Raises:
        RuleError: a file is wrong.

    """
    files = sorted((DATA / "checklists").glob("*.toml"))
    built = [build(Checklist, read_toml(file), file.name) for file in files]
    return {one.key: one for one in built}
