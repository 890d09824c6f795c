"""Taking an exam file into PostgreSQL, beside a raw COPY of the same file: wall time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from exam_files import HEADER, set_up, taken_in, write
from figures import ROUNDS, Figure
from postgresql import server
from sqlalchemy import make_url

MANY = 1_000_000 if os.environ.get("PORTAL_BENCH_FULL") else 200_000


def copied(address: str, file: Path) -> float:
    """Return the wall seconds of COPY into a table of texts without an index."""
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        columns = ", ".join(f"{name} text" for name in HEADER)
        connection.execute(f"CREATE TABLE bare ({columns})".encode())
        begun = perf_counter()
        with (
            file.open("rb") as source,
            connection.cursor().copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := source.read(2**18):
                copy.write(block)
        connection.commit()
        taken = perf_counter() - begun
        connection.execute("DROP TABLE bare")
    return taken


def figures() -> list[Figure]:
    """Return what taking in costs, beside COPY."""
    ours, bares = [], []
    with tempfile.TemporaryDirectory() as made, server() as address:
        if address is None:
            return []
        folder = Path(made)
        file = folder / "many.csv"
        write(file, 0, MANY)
        for _ in range(ROUNDS):
            site = fresh(address)
            set_up(site, folder)
            ours.append(taken_in(site, file).wall)
            bares.append(copied(address, file))
    return [
        Figure(
            name=f"checked import of {MANY:,} rows of CSV",
            value=median(ours),
            unit="s wall",
            yardstick="raw COPY, nothing checked",
            yardstick_value=median(bares),
            goal=2,
        )
    ]


def fresh(address: str) -> str:
    """Return the address of a database that was made anew."""
    url = make_url(address)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS intake")
        connection.execute("CREATE DATABASE intake")
    return url.set(database="intake").render_as_string(hide_password=False)
