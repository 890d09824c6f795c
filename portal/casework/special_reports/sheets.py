"""A table of a report sent as a sheet: kept with its faults until they are mended in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.casework.special_reports.filing import Filing
from portal.domain.errors import Conflict, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.reports import Row, unstorable
from portal.domain.sheet_rows import FaultyCell, Lined, Mend, faulty_cells, mended, sealed_lines
from portal.rules.form import FormSection, Item
from portal.store.audit import record
from portal.store.staged_sheets import StagedSheet


@dataclass(frozen=True, slots=True)
class Place:
    """A table of the form that may be sent as a sheet."""

    section: FormSection
    item: Item

    @property
    def path(self) -> str:
        """Return the place in the report."""
        return f"{self.section.key}.{self.item.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentSheet:
    """What a file held: its rows as typed, with their lines."""

    name: str
    bytes: int
    rows: Sequence[Lined]


def rows_of(staged: StagedSheet) -> list[Lined]:
    """Return the rows of a staged sheet."""
    return [(line, row) for line, row in staged.rows]


def stage(
    session: Session, actor: Actor, filing: Filing, place: Place, sheet: SentSheet, *, at: datetime
) -> list[Row] | None:
    """Return the sheet's rows if all of them stand; else keep it to be mended and return None.

    A sheet takes the place of one that was sent before for the same table.

    Raises:
        Conflict: a version is with the regulator.
        RuleBroken: it holds what not even a draft can keep.

    """
    actor.require(Permission.FILE_REPORT)
    if not filing.is_open:
        raise Conflict("attachment.closed")
    rows = _kept(filing, place, sheet.rows)
    _drop(session, filing, place)
    if not faulty_cells(place.section, place.item, rows, filing.find):
        return [row for _, row in rows]
    session.add(
        StagedSheet(
            institution_id=filing.institution.id,
            period=filing.period.period,
            path=place.path,
            file_name=sheet.name,
            bytes=sheet.bytes,
            rows=[list(row) for row in rows],
            uploaded_by=actor.name,
            uploaded_at=at,
        )
    )
    facts = {"period": filing.period.period, "path": place.path, "rows": len(rows)}
    record(session, actor, "report.sheet", f"institution:{filing.institution.code}", at, **facts)
    return None


def mend(
    session: Session, actor: Actor, filing: Filing, place: Place, mends: Mend, *, at: datetime
) -> list[Row] | None:
    """Return the rows of the staged sheet if all stand now; else keep what was corrected."""
    actor.require(Permission.FILE_REPORT)
    staged = filing.sheet_of(place.section, place.item)
    if staged is None:
        return None
    before = rows_of(staged)
    rows = _kept(filing, place, mended(place.item, before, mends))
    if not faulty_cells(place.section, place.item, rows, filing.find):
        _drop(session, filing, place)
        return [row for _, row in rows]
    if rows != before:
        staged.rows = [list(row) for row in rows]
        facts = {"period": filing.period.period, "path": place.path, "rows": len(rows)}
        record(session, actor, "report.mend", f"institution:{filing.institution.code}", at, **facts)
    return None


def give_up(session: Session, actor: Actor, filing: Filing, place: Place, *, at: datetime) -> None:
    """Throw the staged sheet away: the table stays as it was before."""
    actor.require(Permission.FILE_REPORT)
    if _drop(session, filing, place):
        facts = {"period": filing.period.period, "path": place.path}
        subject = f"institution:{filing.institution.code}"
        record(session, actor, "report.sheet_dropped", subject, at, **facts)


def faults_of(filing: Filing, place: Place) -> tuple[FaultyCell, ...]:
    """Return the faulty cells of the staged sheet of a table; empty when there is none."""
    staged = filing.sheet_of(place.section, place.item)
    if staged is None:
        return ()
    return faulty_cells(place.section, place.item, rows_of(staged), filing.find)


def _drop(session: Session, filing: Filing, place: Place) -> bool:
    staged = filing.sheet_of(place.section, place.item)
    if staged is None:
        return False
    session.delete(staged)
    session.flush()
    return True


def _kept(filing: Filing, place: Place, rows: Sequence[Lined]) -> list[Lined]:
    staged = filing.sheet_of(place.section, place.item)
    saved = filing.typed.get(place.section.key, {}).get(place.item.key)
    known = [row for _, row in rows_of(staged)] if staged else []
    known += saved if isinstance(saved, list) else []
    kept = sealed_lines(place.item, rows, known, filing.reading.seal)
    faults = unstorable(place.section, {place.item.key: [row for _, row in kept]})
    if faults:
        raise RuleBroken("report.faulty", {fault.path: fault.key for fault in faults})
    return kept
