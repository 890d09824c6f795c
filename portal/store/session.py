"""The engine and the one transaction boundary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

import portal.store.tables  # noqa: F401  # whoever opens the database knows every table

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_WRITES = "portal_writes"
_BUSY_MILLISECONDS = 15_000


def make_engine(url: str) -> Engine:
    """Return an engine for the database at ``url``, SQLite prepared for safe concurrent use."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Run one act: commit when the block ends well, roll back when it raises."""
    writing = engine.execution_options(**{_WRITES: True})
    with Session(writing, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def trial(engine: Engine) -> Iterator[Session]:
    """Do as if: the block may write and see what follows, then everything is rolled back."""
    writing = engine.execution_options(**{_WRITES: True})
    with Session(writing, expire_on_commit=False) as session:
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Look at one consistent state and change nothing: whatever was done is rolled back."""
    with Session(_one_state(engine), expire_on_commit=False, autoflush=False) as session:
        yield session


def _one_state(engine: Engine) -> Engine:
    # Of PostgreSQL each statement would see a newer state; SQLite's readers see one anyway.
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # WAL with synchronous=FULL: under power cuts WAL+NORMAL loses acknowledged rows.
    driver: Any = connection
    driver.isolation_level = None  # SQLAlchemy's "begin" event below speaks instead of the driver
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes the lock at once: one that reads first and writes
    # later fails with "database is locked" when somebody else wrote in between.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
