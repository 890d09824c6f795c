"""The addresses of the regulators' desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.regulator import cases, editions, periods, reports

pages = Blueprint("regulator", __name__)


for address, endpoint, view, methods in (
    ("/desk/reports", "reports", reports.show, ["GET"]),
    ("/desk/reports/periods", "periods", periods.show, ["GET"]),
    ("/desk/reports/periods/new", "new_period", periods.new, ["GET"]),
    ("/desk/reports/periods/new", "open_period", periods.create, ["POST"]),
    ("/desk/reports/periods/<period>", "reporting_period", periods.one, ["GET"]),
    ("/desk/reports/<receipt_no>", "report", reports.one, ["GET"]),
    ("/desk/reports/<receipt_no>", "decide_report", reports.decide, ["POST"]),
    ("/desk/editions", "editions", editions.index, ["GET"]),
    ("/desk/editions", "compose", editions.compose, ["POST"]),
    ("/desk/editions/<int:number>", "edition", editions.show, ["GET"]),
    ("/desk/editions/<int:number>/approve", "approve", editions.approve_draft, ["POST"]),
    ("/desk/editions/<int:number>/seal", "seal", editions.seal, ["POST"]),
    ("/desk/editions/<int:number>/drop", "drop", editions.drop, ["POST"]),
    ("/desk/cases", "cases", cases.index, ["GET"]),
    ("/desk/cases/new", "case_new", cases.new, ["GET", "POST"]),
    ("/desk/cases/<number>", "case", cases.case, ["GET"]),
    ("/desk/cases/<number>/<name>", "case_act", cases.do, ["POST"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
