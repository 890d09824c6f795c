"""The interface keeps to its own description: a short part of a long campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import schemathesis
from editions_desk import Desk
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from test_editions_pages import desk

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

__all__ = ["desk"]


def test_every_answer_is_as_described(desk: Desk, app: Flask) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    names = []
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        names.append(operation.label)

        @settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None)
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:  # noqa: ANN401  # the library's own
            case.call_and_validate()

        holds()
    assert "GET /rankings" in names


def test_every_address_of_the_interface_is_described(public_world: FlaskClient, app: Flask) -> None:
    told = public_world.get("/api/v1/openapi.json").get_json()["paths"]
    ours = (rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/"))
    served = {
        path.removeprefix("/api/v1").replace("<int:", "<").replace("<", "{").replace(">", "}")
        for path in ours
        if not path.endswith("openapi.json")
    }
    assert served == set(told)
