"""Employers (units), taken in as a list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.intake.files import cells
from portal.intake.files.cells import needed
from portal.intake.files.checking import OneByOne
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.refusals import Fault, Flaw
from portal.intake.files.sheets import Sheet
from portal.intake.files.spool import Staged
from portal.intake.kinds.institutions import InstitutionRows, code_of, credit_code_of
from portal.intake.kinds.rows import Cells
from portal.intake.kinds.settling import Checked, SmallSettler
from portal.store.institutions import Unit
from portal.store.receipts import Receipt

FORM = format_of(Kind.UNITS)
_FIELDS = ("name", "credit_code", "area_code", "industry")


class UnitRows(OneByOne):
    """The checker of units."""

    form = FORM

    def __init__(self, places: InstitutionRows) -> None:
        """Judge areas as those of institutions are."""
        self._places = places

    def begin(self, sheet: Sheet) -> None:
        """Have nothing to prepare."""

    def row(self, texts: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return code, name, credit code, area and industry, or what is wrong."""
        row = Cells(FORM, texts)
        values = (
            row.read("unit_code", code_of),
            row.read("name", needed(cells.text)),
            row.read("credit_code", credit_code_of),
            row.read("area_code", self._places.area),
            row.read("industry", lambda raw: cells.text(raw, 100)),
        )
        return row.flaws or values


class UnitSettler(SmallSettler):
    """Settles units: known ones take what changed."""

    def __init__(self, session: Session) -> None:
        """Know every unit that is registered."""
        super().__init__(session)
        self._known = {one.code: one for one in session.scalars(select(Unit))}
        self._lines: dict[str, int] = {}

    def verdict(self, row: Checked) -> Fault | bool:
        """Tell whether the row says something new, or stands twice in the file."""
        code, *values = row.values
        if code in self._lines:
            return Fault("unit.twice_in_file", {"first": str(self._lines[code])})
        self._lines[code] = row.line
        stored = self._known.get(code)
        return stored is None or [getattr(stored, name) for name in _FIELDS] != values

    def put(self, rows: list[Staged], receipt: Receipt) -> dict[str, Any]:
        """Write the units; return how many."""
        del receipt
        for code, *values in rows:
            fields: dict[str, Any] = dict(zip(_FIELDS, values, strict=True))
            stored = self._known.get(code)
            if stored is None:
                self._session.add(Unit(code=code, **fields))
                continue
            for name, value in fields.items():
                setattr(stored, name, value)
        return {"units": len(rows)}
