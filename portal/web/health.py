"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.store.schema import is_current
from portal.store.session import reading
from portal.store.site import Site
from portal.web.boundary import wiring

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    """Say that the process lives."""
    return jsonify(status="alive")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Say whether the database answers, has the newest schema and knows its office."""
    checks = {"database": False, "schema": False, "office": False}
    try:
        checks["schema"] = is_current(wiring().engine)
        with reading(wiring().read_engine) as session:
            checks["office"] = session.scalar(select(Site.id)) is not None
        checks["database"] = True
    except DatabaseError:
        pass
    ready = all(checks.values())
    return jsonify(status="ready" if ready else "not ready", **checks), 200 if ready else 503
