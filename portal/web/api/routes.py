"""The addresses of the public interface."""

from __future__ import annotations

from flask import Blueprint

from portal.web.api import editions

pages = Blueprint("api", __name__, url_prefix="/api/v1")

for address, endpoint, view in (
    ("/editions", "editions", editions.edition_list),
    ("/editions.csv", "editions_csv", editions.edition_list),
    ("/editions/<int:number>", "edition", editions.edition),
    ("/editions/<int:number>/bundle.zip", "bundle", editions.bundle),
):
    pages.add_url_rule(address, endpoint, view, methods=["GET"])
