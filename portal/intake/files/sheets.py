"""What every kind of file becomes: sheets of rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

Row = tuple[int, Sequence[str]]
"""A line of the file, from 1, and its cells."""


@dataclass(slots=True)
class Reached:
    """How far a work is: the share of the whole that is done, and the rows so far.

    Whoever waits may look at it at any time, from another thread too.
    """

    share: float = 0.0
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of a file; its rows can be walked through once.

    ``ragged``: its lines may be shorter or longer than the header. ``epoch`` is day 0 of serial
    dates, None where nobody can know it. ``hidden``: the workbook does not show it.
    """

    name: str
    rows: Iterable[Row]
    ragged: bool = False
    epoch: date | None = None
    hidden: bool = False
    reached: Reached = field(default_factory=Reached)
