"""The accepted versions of an institution's reports as the public may read and compare them.

Only what the form marks as public is left; persons bear their surname only. What was returned, is
under review or was never accepted is nobody's business here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.special_reports.filing import form_of
from portal.domain.masking import masked_name
from portal.domain.report_review import Change, Comparison, compare
from portal.domain.reports import Content
from portal.rules.form import FormSection, Item, ReportForm
from portal.store.institutions import Institution
from portal.store.reports import ReportingPeriod, SpecialReport


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicVersion:
    """One accepted version; ``number`` counts an institution's accepted versions from 1."""

    number: int
    period: str
    version: int
    kind: str
    is_late: bool
    submitted_at: datetime
    accepted_at: datetime
    form: ReportForm
    content: Content
    """Public answers only, names as they are: shown through :func:`read_version`."""


def public_versions(
    session: Session, code: str, day: date, zone: ZoneInfo, local: Path | None = None
) -> list[PublicVersion]:
    """Return the versions accepted by ``day`` at the office, the oldest first."""
    wanted = (
        select(SpecialReport, ReportingPeriod)
        .join(ReportingPeriod, ReportingPeriod.period == SpecialReport.period)
        .join(Institution, Institution.id == SpecialReport.institution_id)
        .where(Institution.code == code, SpecialReport.state == "accepted")
    )
    rows = session.execute(wanted.order_by(SpecialReport.reviewed_at, SpecialReport.id))
    known = [(r, p) for r, p in rows if _day_of(r, zone) <= day]
    return [
        _version(number, report, public_form(form_of(period, local)))
        for number, (report, period) in enumerate(known, 1)
    ]


def has_ever_filed(session: Session, code: str) -> bool:
    """Tell whether the institution has handed in any report, accepted or not."""
    counted = (
        select(func.count(SpecialReport.id))
        .join(Institution, Institution.id == SpecialReport.institution_id)
        .where(Institution.code == code)
    )
    return bool(session.scalar(counted))


def public_form(form: ReportForm) -> ReportForm:
    """Return the form with its public questions alone, and their public columns."""
    sections = (replace(section, items=tuple(_public_items(section))) for section in form.sections)
    return replace(form, sections=tuple(section for section in sections if section.items))


def read_version(version: PublicVersion) -> Content:
    """Return what a version says, persons by their surname."""
    return {
        section.key: {
            item.key: _masked(item, value)
            for item in section.items
            if (value := version.content.get(section.key, {}).get(item.key)) is not None
        }
        for section in version.form.sections
    }


def public_changes(old: PublicVersion, new: PublicVersion) -> Comparison:
    """Return what differs from one version to another, persons by their surname."""
    found = compare(new.form, old.content, new.content, old.form)
    return replace(found, changes=tuple(map(_masked_change, found.changes)))


def _day_of(report: SpecialReport, zone: ZoneInfo) -> date:
    at = report.reviewed_at or report.submitted_at
    return at.astimezone(zone).date()


def _version(number: int, report: SpecialReport, form: ReportForm) -> PublicVersion:
    return PublicVersion(
        number=number,
        period=report.period,
        version=report.version,
        kind=report.kind,
        is_late=report.is_late,
        submitted_at=report.submitted_at,
        accepted_at=report.reviewed_at or report.submitted_at,
        form=form,
        content=_kept(form, report.content),
    )


def _public_items(section: FormSection) -> list[Item]:
    return [
        replace(
            item,
            needed_when="",
            columns=tuple(replace(c, needed_when="") for c in item.columns if c.public),
        )
        for item in section.items
        if item.public and (item.kind != "table" or any(c.public for c in item.columns))
    ]


def _kept(form: ReportForm, content: Content) -> Content:
    return {
        section.key: {
            item.key: _public_value(item, content.get(section.key, {}).get(item.key))
            for item in section.items
        }
        for section in form.sections
    }


def _public_value(item: Item, value: Any) -> Any:  # noqa: ANN401  # JSON
    if item.kind != "table" or value is None:
        return value
    keys = {column.key for column in item.columns}
    return [{key: one for key, one in row.items() if key in keys} for row in value]


def _masked_change(change: Change) -> Change:
    item = change.item
    if item.kind == "table":
        return replace(change, old=_masked_row(item, change.old), new=_masked_row(item, change.new))
    return replace(change, old=_masked(item, change.old), new=_masked(item, change.new))


def _masked(item: Item, value: Any) -> Any:  # noqa: ANN401  # JSON
    if item.kind == "table":
        return [_masked_row(item, row) for row in value or []]
    return masked_name(value) if item.personal and isinstance(value, str) else value


def _masked_row(item: Item, row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    personal = {column.key for column in item.columns if column.personal}
    return {key: masked_name(one) if key in personal else one for key, one in row.items()}
