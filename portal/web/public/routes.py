"""The public addresses."""
"""The addresses of the public pages."""

from __future__ import annotations

from flask import Blueprint

from portal.web.public import editions, issues

pages = Blueprint("public", __name__)


for address, endpoint, view in (
    ("/data", "data", editions.data),
    ("/editions", "editions", editions.index),
    ("/editions/<int:number>", "edition", editions.show),
    ("/editions/keys.pem", "keys", editions.keys),
    ("/issues", "issues", issues.issues),
    ("/issues/<no>", "issue", issues.issue),
):
    pages.add_url_rule(address, endpoint, view, methods=["GET"])
from portal.web.public import notices

pages = Blueprint("public", __name__)

for address, endpoint, view, methods in (
    ("/notices", "notices", notices.index, ["GET"]),
    ("/notices/<int:notice_id>", "notice", notices.one, ["GET"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
