"""The files that come in, as ``data/formats`` describes them: columns and their names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from portal.rules.reading import DATA, build, read_toml
from portal.rules.script import simplified


class Kind(StrEnum):
    """A kind of file that can be taken in."""

    INSTITUTIONS = "institutions"
    UNITS = "units"
    EXAMS = "exams"
    TALLIES = "tallies"
    SURVEYS = "surveys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key is the canonical header, ``names`` are others found in files.

    ``personal``: its cells are shown masked only.
    """

    key: str
    zh: str
    en: str
    names: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The columns of one kind of file; of each group in ``needs`` at least one must be there."""

    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...] = ()
    """Needed columns that a file may lack, but only all of them together."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the canonical header."""
        return tuple(column.key for column in self.columns)

    def column(self, key: str) -> Column:
        """Return the column ``key``."""
        return next(column for column in self.columns if column.key == key)

    def meant_by(self) -> dict[str, str]:
        """Return header without its trimmings → key."""
        return {
            header_key(name): column.key
            for column in self.columns
            for name in (*column.names, column.key)
        }


@cache
def format_of(kind: Kind) -> Format:
    """Return the format of a kind of file.

    Raises:
        RuleError: its description is wrong.

    """
    file = DATA / "formats" / f"{kind.value}.toml"
    return build(Format, read_toml(file), file.name)


def header_key(text: str) -> str:
    """Return a header without width, case, script, spaces, unseen signs and a unit in brackets."""
    folded = simplified(unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(sign for sign in folded if sign.isalnum() or sign in "_()")
    head, bracket, _ = kept.partition("(")
    return head if bracket and head else kept.strip("()")
