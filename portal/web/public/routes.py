"""The public addresses."""

from __future__ import annotations

from flask import Blueprint

from portal.web.public import editions, issues, notices

pages = Blueprint("public", __name__)


for address, endpoint, view in (
    ("/data", "data", editions.data),
    ("/editions", "editions", editions.index),
    ("/editions/<int:number>", "edition", editions.show),
    ("/editions/keys.pem", "keys", editions.keys),
    ("/issues", "issues", issues.issues),
    ("/issues/<no>", "issue", issues.issue),
    ("/notices", "notices", notices.index),
    ("/notices/<int:notice_id>", "notice", notices.one),
):
    pages.add_url_rule(address, endpoint, view, methods=["GET"])
