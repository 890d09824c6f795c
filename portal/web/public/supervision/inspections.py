"""The year's inspections for everybody."""

from __future__ import annotations

from flask import render_template, request

from portal.publication.listing.inspection_year import inspection_year, inspection_years
from portal.web.boundary import look


def inspections() -> str:
    """Show a year's plan, what was done of it, what was waived by whom, and the draws."""
    asked = request.args.get("year", "")
    with look() as here:
        years = inspection_years(here.session) or [here.day.year]
        year = int(asked) if asked in map(str, years) else years[0]
        told = inspection_year(here.session, year, here.day)
        return render_template("public/inspections.html", told=told, years=years, as_of=here.day)
