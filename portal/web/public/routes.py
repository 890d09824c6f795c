"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.public import editions

pages = Blueprint("public", __name__)

for address, endpoint, view in (
    ("/data", "data", editions.data),
    ("/editions", "editions", editions.index),
    ("/editions/<int:number>", "edition", editions.show),
    ("/editions/keys.pem", "keys", editions.keys),
):
    pages.add_url_rule(address, endpoint, view, methods=["GET"])
