"""The addresses of the regulator's desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.regulator import cases

pages = Blueprint("regulator", __name__)

for address, endpoint, view, methods in (
    ("/desk/cases", "cases", cases.index, ["GET"]),
    ("/desk/cases/new", "case_new", cases.new, ["GET", "POST"]),
    ("/desk/cases/<number>", "case", cases.case, ["GET"]),
    ("/desk/cases/<number>/<name>", "case_act", cases.do, ["POST"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
