"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.regulator import imports

pages = Blueprint("regulator", __name__)

for address, name, view, methods in (
    ("/desk/imports", "imports", imports.imports, ["GET"]),
    ("/desk/imports/<number>", "received", imports.received, ["GET"]),
):
    pages.add_url_rule(address, name, view, methods=methods)
