"""Special reports that came late or not at all, named from the day that the rulebook sets."""

from __future__ import annotations

from flask import render_template

from portal.publication.institutions.late_reports import late_lists
from portal.web.boundary import look


def late_reports() -> str:
    """Show how each reporting period went, the newest first."""
    with look() as here:
        return render_template(
            "public/late_reports.html",
            lists=late_lists(here.session, here.day, here.rules),
            wait_days=here.rules.report.late_public_after_days,
        )
