"""The addresses of the regulators' desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.regulator import periods, reports

pages = Blueprint("regulator", __name__)

for address, endpoint, view, methods in (
    ("/desk/reports", "reports", reports.show, ["GET"]),
    ("/desk/reports/periods", "periods", periods.show, ["GET"]),
    ("/desk/reports/periods/new", "new_period", periods.new, ["GET"]),
    ("/desk/reports/periods/new", "open_period", periods.create, ["POST"]),
    ("/desk/reports/periods/<period>", "reporting_period", periods.one, ["GET"]),
    ("/desk/reports/<receipt_no>", "report", reports.one, ["GET"]),
    ("/desk/reports/<receipt_no>", "decide_report", reports.decide, ["POST"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
