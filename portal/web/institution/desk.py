"""The institution's desk: the next deadline, what is to be done, and the first steps."""

from __future__ import annotations

from flask import render_template

from portal.casework.institutions.offers import (
    current_fees,
    current_phone,
    own_institution,
    upcoming_classes,
)
from portal.domain.people import Permission
from portal.store.reports import reports_of
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.institution.cases import days_left, served_on_us
from portal.web.institution.figures import Own, own_checks
from portal.web.institution.standing import standings


@allowed(Permission.MY_DESK)
def show() -> str:
    """Show what the institution has to do, the nearest deadline first."""
    with look() as a:
        institution = own_institution(a.session, a.actor)
        known = standings(a, reports_of(a.session, institution.id))
        mine = sorted((s for s in known if s.needs_filing), key=lambda s: s.mend_by or s.due_on)
        left = [(case, days_left(a, case)) for case in served_on_us(a)]
        return render_template(
            "institution/desk.html",
            institution=institution,
            to_do=mine,
            to_answer=[(case, days) for case, days in left if days is not None],
            to_check=_to_check(a),
            remind_days=a.rules.report.reminder_days or 0,
            waiting=[s for s in known if s.state in {"submitted", "in_review"}],
            accepted=[s for s in known if s.state == "accepted"],
            next_due_on=a.office.calendar.next_report_due_on(a.day),
            phone=current_phone(a.session, institution.id),
            fees=current_fees(a.session, institution.id),
            classes=upcoming_classes(a.session, institution.id, a.day),
        )


def _to_check(a: Act) -> list[Own]:
    checks = own_checks(a, figures=False)
    return [one for one in checks if one.check.outcome == "open" and one.is_open]
