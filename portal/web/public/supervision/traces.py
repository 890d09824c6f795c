"""What came of accidents traced back: the redacted results, as long as they are public."""

from __future__ import annotations

from flask import render_template

from portal.casework.supervision.traces import results_on
from portal.web.boundary import look


def traces() -> str:
    """Show the results."""
    with look() as here:
        results = results_on(here.session, here.day)
        return render_template("public/traces.html", traces=results, as_of=here.day)
