"""What all tests share: a database of their own, the application over it, and the long campaigns.

``database`` is an address: a SQLite file, and in ``tests/journeys`` a PostgreSQL database too
where ``PORTAL_TEST_POSTGRESQL`` names a server. Either is a copy of one that was migrated once.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from pages import Pages
from sqlalchemy import create_engine, make_url
from trail import told_in_words

from portal.rules.office import Office, load_office
from portal.settings import ROOT, Settings
from portal.store import session as session_module
from portal.store.schema import upgrade
from portal.store.session import make_engine, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import URL, Engine

pytest_plugins = ["chromium", "handed", "public_world", "public_listing", "sealed_world"]

JOURNEYS = Path(__file__).parent / "journeys"
POSTGRESQL = os.environ.get("PORTAL_TEST_POSTGRESQL")
SET_UP_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

# The same examples in every run, on a machine of any speed; a campaign looks for new ones.
hypothesis.settings.register_profile("seeded", derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("campaign", max_examples=2_000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--all``, which runs the long campaigns in full."""
    parser.addoption("--all", action="store_true", help="run the long campaigns in full")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how far property tests look."""
    hypothesis.settings.load_profile("campaign" if config.getoption("--all") else "seeded")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the full campaigns out of an ordinary run."""
    if config.getoption("--all"):
        return
    campaigns = [item for item in items if item.get_closest_marker("campaign")]
    if campaigns:
        config.hook.pytest_deselected(items=campaigns)
        items[:] = [item for item in items if item not in campaigns]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database on SQLite, each journey on PostgreSQL too."""
    if "database" not in metafunc.fixturenames:
        return
    kinds = [pytest.param("sqlite", id="sqlite")]
    if POSTGRESQL and JOURNEYS in metafunc.definition.path.parents:
        kinds.append(pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql))
    metafunc.parametrize("database", kinds, indirect=True)


def migrate(address: str) -> str:
    """Bring the database at this address to the newest schema; return the address."""
    engine = make_engine(address)
    upgrade(engine)
    engine.dispose()
    return address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty SQLite database of the newest schema."""
    path = tmp_path_factory.mktemp("migrated") / "portal.db"
    migrate(f"sqlite:///{path}")
    return path


class Cluster:
    """The PostgreSQL server of the run: a migrated template, and copies of it for the tests."""

    def __init__(self, address: str) -> None:
        """Make this worker's template."""
        self._address = make_url(address)
        self._engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        self._template = f"template_{WORKER}"
        self._number = count(1)
        self._say(f'CREATE DATABASE "{self._template}"')
        migrate(self._text(self._named(self._template)))

    def copy(self) -> str:
        """Return the address of a fresh copy."""
        name = f"test_{WORKER}_{next(self._number)}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        return self._text(self._named(name))

    def drop(self, address: str) -> None:
        """Throw a copy away, whoever is still connected to it."""
        self._say(f'DROP DATABASE "{make_url(address).database}" WITH (FORCE)')

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()

    def _named(self, name: str) -> URL:
        return self._address.set(database=name)

    @staticmethod
    def _text(address: URL) -> str:
        return address.render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Yield the PostgreSQL server that ``scripts/test`` started."""
    assert POSTGRESQL, "PORTAL_TEST_POSTGRESQL names no server"
    cluster = Cluster(POSTGRESQL)
    yield cluster
    cluster.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of an empty database of the newest schema."""
    if request.param == "sqlite":
        path = tmp_path / "portal.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    address = cluster.copy()
    yield address
    cluster.drop(address)


@pytest.fixture(autouse=True)
def _engines_end_with_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what the test's applications and engines left open, however many it made."""
    made: list[Engine] = []

    def remembered(*given: Any, **named: Any) -> Engine:  # noqa: ANN401 -- SQLAlchemy's own
        made.append(create_engine(*given, **named))
        return made[-1]

    monkeypatch.setattr(session_module, "create_engine", remembered)
    yield
    for engine in made:
        engine.dispose()


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Yield an engine on the test's database; what the trail tells meanwhile must have words."""
    with told_in_words():
        yield make_engine(database)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Return settings whose database, data folder and keys are the test's own."""
    return Settings(
        database_url=database,
        data_dir=tmp_path / "data",
        secret_key="secret of this test",  # noqa: S106 -- signs nothing outside the test
        person_key="person key of this test",
    )


@pytest.fixture
def office_file() -> Path:
    """Return the office that the site of the test serves; a test of another place names its own."""
    return ROOT / "data/office/putuo.toml"


@pytest.fixture
def office(engine: Engine, office_file: Path) -> Office:
    """Return the office for which the test's database was set up, as by ``portal init``."""
    from portal.casework.setting_up import set_up  # noqa: PLC0415 -- see ``app``

    text = office_file.read_text(encoding="utf-8")
    with transaction(engine) as session:
        set_up(session, text, SET_UP_AT)
    return load_office(text)


@pytest.fixture
def app(settings: Settings, office: Office) -> Iterator[Flask]:
    """Yield the application after ``portal init``; every page it answers must be sound."""
    from portal.app import create_app  # noqa: PLC0415 -- a test of the pure floors starts light

    del office
    app = create_app(settings)
    pages = Pages()
    app.after_request(pages.read)
    yield app
    assert not pages.faults, "\n".join(sorted(pages.faults))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return somebody who is not signed in."""
    return app.test_client()
