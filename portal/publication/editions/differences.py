"""What a correction changes: each published figure that differs from the edition it corrects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.publication.editions import tables
from portal.publication.editions.tables import Table, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One figure of one institution: as it was published, and as it is now; None = none."""

    trade: str
    institution: str
    figure: str
    before: str | None
    after: str | None


CHANGES: Table[Changed] = Table("changes.csv", Changed)
_ORDER_ONLY = frozenset({"trade", "institution", "position"})


def change_member(before: Mapping[str, bytes] | None, after: Mapping[str, bytes]) -> bytes:
    """Return the table of what differs; empty where the edition corrects none."""
    return written(CHANGES, differences(before, after) if before else ())


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Changed]:
    """Return every figure of a standing that differs, in the order of trade and institution."""
    old, new = _figures(before), _figures(after)
    found = []
    for trade, institution in sorted(old.keys() | new.keys()):
        was = old.get((trade, institution), {})
        now = new.get((trade, institution), {})
        found += [
            Changed(
                trade=trade,
                institution=institution,
                figure=name,
                before=was.get(name),
                after=now.get(name),
            )
            for name in (*was, *(name for name in now if name not in was))
            if was.get(name) != now.get(name)
        ]
    return found


def _figures(members: Mapping[str, bytes]) -> dict[tuple[str, str], dict[str, str | None]]:
    rows = tables.rows_of(tables.STANDINGS, members)
    return {
        (row.trade, row.institution): {
            name: _told(value) for name, value in asdict(row).items() if name not in _ORDER_ONLY
        }
        for row in rows
    }


def _told(value: Any) -> str | None:  # noqa: ANN401  # a cell of the table
    return None if value is None else str(value)
