"""Many rows at once, by the shortest way that the driver has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import FromClause
from sqlalchemy.orm import Session


def put(
    session: Session, table: FromClause, columns: Sequence[str], batches: Iterable[list[Any]]
) -> None:
    """Insert batches of tuples, in the order of ``columns``; dates are ISO texts.

    The names come from the code, never from a file.
    """
    connection = session.connection()
    names = ", ".join(columns)
    cursor = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table.description} ({names}) VALUES ({places})"  # noqa: S608
            for batch in batches:
                cursor.executemany(statement, batch)
            return
        with cursor.copy(f"COPY {table.description} ({names}) FROM STDIN") as copy:
            for batch in batches:
                for row in batch:
                    copy.write_row(row)
    finally:
        cursor.close()
