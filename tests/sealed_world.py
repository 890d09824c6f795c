"""A site with two editions that were truly composed and sealed, so that every bundle opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editions_desk import Desk
from editions_ground import PERIOD

from portal.rules.rulebook import rules_on
from portal.settings import machine_clock

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from portal.rules.office import Office
    from portal.settings import Settings


@pytest.fixture
def sealed_world(app: Flask, engine: Engine, office: Office, settings: Settings) -> FlaskClient:
    """Return a reader of that site."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    desk = Desk(engine, office, settings.data_dir)
    desk.rules = rules_on(machine_clock().astimezone(office.zone).date())
    for period in ("2025-H1", PERIOD):
        number, _ = desk.compose(period)
        desk.operator_seals(number)
    return app.test_client()
