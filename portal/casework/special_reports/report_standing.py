"""Where every institution's report for a period stands: who must file, until when, who has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.period import Period
from portal.store.institutions import Institution
from portal.store.reporting import Exemption, asked_for, due_days, exemptions_of
from portal.store.reports import ReportDraft, ReportingPeriod, SpecialReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where one institution's report for a period stands; ``state`` is the glossary's.

    ``due_on`` is its own last day on time; ``is_late``: handed in after it, or not at all and it
    is over.
    """

    institution: Institution
    state: str
    due_on: date
    is_late: bool
    latest: SpecialReport | None
    first_at: datetime | None
    """When it was handed in for the first time."""
    exemption: Exemption | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a period: drafts, last versions, due days, exemptions."""

    drafts: frozenset[int]
    latest: Mapping[int, SpecialReport]
    first_at: Mapping[int, datetime]
    general: date
    own: Mapping[int, date]
    exempt: Mapping[int, Exemption]


def filed_for(
    session: Session, period: ReportingPeriod, day: date, area: str | None = None
) -> list[Filed]:
    """Return where the report of each institution that must file stands on ``day``.

    Those must file that opened before the period ended, are still open on its first due day and
    teach what it asks of; ``area`` narrows them to one.
    """
    ends_on = Period.parse(period.period).ends_on
    due = select(Institution).where(
        Institution.closed_on.is_(None) | (Institution.closed_on > period.due_on),
        Institution.opened_on.is_(None) | (Institution.opened_on <= ends_on),
        asked_for(period),
    )
    if area is not None:
        due = due.where(Institution.area_code == area)
    known = _known(session, period)
    return [
        _filed(institution, known, day)
        for institution in session.scalars(due.order_by(Institution.code))
    ]


def _known(session: Session, period: ReportingPeriod) -> _Known:
    drafts = select(ReportDraft.institution_id).where(ReportDraft.period == period.period)
    wanted = select(SpecialReport).where(SpecialReport.period == period.period)
    versions = list(session.scalars(wanted.order_by(SpecialReport.version)))
    general, own = due_days(session, period)
    return _Known(
        drafts=frozenset(session.scalars(drafts)),
        latest={row.institution_id: row for row in versions},
        first_at={row.institution_id: row.submitted_at for row in reversed(versions)},
        general=general,
        own=own,
        exempt=exemptions_of(session, period.id),
    )


def _filed(institution: Institution, known: _Known, day: date) -> Filed:
    latest = known.latest.get(institution.id)
    exemption = known.exempt.get(institution.id)
    due_on = known.own.get(institution.id, known.general)
    missing = latest is None and exemption is None and day > due_on
    return Filed(
        institution=institution,
        state=_state(latest, exemption, missing=missing, begun=institution.id in known.drafts),
        due_on=due_on,
        is_late=latest.is_late if latest else missing,
        latest=latest,
        first_at=known.first_at.get(institution.id),
        exemption=exemption,
    )


def _state(
    latest: SpecialReport | None, exemption: Exemption | None, *, missing: bool, begun: bool
) -> str:
    if latest is not None:
        return latest.state
    if exemption is not None:
        return "exempt"
    if missing:
        return "overdue"
    return "draft" if begun else "not_started"
