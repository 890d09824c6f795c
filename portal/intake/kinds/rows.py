"""What the checkers of small rows share: reading the cells of a row, keeping what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from portal.intake.files.formats import Format
from portal.intake.files.refusals import Fault, Flaw

T = TypeVar("T")


class Cells:
    """The cells of one row by the key of their column, and the flaws met while reading."""

    def __init__(self, form: Format, texts: tuple[str, ...]) -> None:
        """Lay the texts, in format order, under their keys."""
        self._texts = dict(zip(form.keys, texts, strict=True))
        self.flaws: list[Flaw] = []

    def raw(self, column: str) -> str:
        """Return a cell as it stands."""
        return self._texts[column]

    def read(self, column: str, reader: Callable[[str], T | Fault]) -> T | None:
        """Return what a cell says; None, and a flaw, where it says nothing possible."""
        value = reader(self._texts[column])
        if isinstance(value, Fault):
            self.flaws.append(Flaw(column, value))
            return None
        return value

    def blame(self, column: str, rule: str, **facts: object) -> None:
        """Note a flaw that several cells make together."""
        self.flaws.append(Flaw(column, Fault(rule, facts)))
