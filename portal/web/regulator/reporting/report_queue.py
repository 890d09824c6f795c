"""The queue of reports that wait for a review, who waits longest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy import select

from portal.casework.special_reports.report_doubts import doubts_of, newest_reports
from portal.domain.people import Permission
from portal.store.institutions import Institution
from portal.store.people import Person
from portal.store.reports import UNDER_REVIEW, SpecialReport
from portal.web.boundary import Act, look
from portal.web.guard import allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A report in the queue; ``waits`` are working days since it was handed in."""

    report: SpecialReport
    institution: Institution
    reviewer: str | None
    waits: int
    is_overdue: bool
    doubts: int


@allowed(Permission.DESK)
def show() -> str:
    """Show the queue, who waits longest first."""
    with look() as a:
        queue = sorted(_queue(a), key=lambda w: (-w.waits, w.report.id))
        done = list(a.session.execute(_decided(a)).all())
        return render_template(
            "regulator/reports.html",
            queue=queue,
            decided=done,
            review_days=a.rules.report.review_working_days,
        )


def _queue(a: Act) -> Iterator[Waiting]:
    wanted = _with_institution(a).where(SpecialReport.state.in_(UNDER_REVIEW))
    most = a.rules.report.review_working_days
    newest = newest_reports(a.session)
    for report, institution in a.session.execute(wanted):
        handed_in = report.submitted_at.astimezone(a.office.zone).date()
        waits = a.rules.calendar.working_days_between(handed_in, a.day)
        yield Waiting(
            report=report,
            institution=institution,
            reviewer=_reviewer(a, report),
            waits=waits,
            is_overdue=waits > most,
            doubts=len(doubts_of(report, newest, a.day, a.rules)),
        )


def _decided(a: Act) -> Any:  # noqa: ANN401  # a select of two entities
    done = _with_institution(a).where(SpecialReport.state.not_in(UNDER_REVIEW))
    return done.order_by(SpecialReport.reviewed_at.desc()).limit(20)


def _with_institution(a: Act) -> Any:  # noqa: ANN401  # a select of two entities
    both = select(SpecialReport, Institution).join(
        Institution, Institution.id == SpecialReport.institution_id
    )
    area = a.actor.area_code
    return both.where(Institution.area_code == area) if area is not None else both


def _reviewer(a: Act, report: SpecialReport) -> str | None:
    person = a.session.get(Person, report.reviewer_id) if report.reviewer_id else None
    return person.name if person else None
