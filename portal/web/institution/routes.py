"""The addresses of an institution's desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.institution import cases

pages = Blueprint("institution", __name__)

for address, endpoint, view, methods in (
    ("/my/cases", "cases", cases.index, ["GET"]),
    ("/my/cases/<number>", "case", cases.case, ["GET", "POST"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
