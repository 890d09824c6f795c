"""A PostgreSQL server of the tests' own on a free loopback port: ``postgresql.py COMMAND…``.

The command runs with ``PORTAL_TEST_POSTGRESQL`` set; the server and its files go when it ends.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nothing here outlives a test, so nothing waits for the disk.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "max_connections=60",
)
PATIENCE_SECONDS = 30
MEMORY = Path("/dev/shm")  # noqa: S108 -- only the parent of a folder of our own
ROOM_BYTES = 2**31


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs; None = not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    elsewhere = shutil.which("initdb")
    return debian[-1].parent if debian else Path(elsewhere).parent if elsewhere else None


def unprivileged() -> str | None:
    """Return the user the server must run as; None = the present one (it refuses to be root)."""
    return "nobody" if os.geteuid() == 0 else None


def free_port() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_cluster(binaries: Path, folder: Path, password: str) -> Path:
    """Return a new data folder whose superuser ``portal`` has this password."""
    slip = folder / "password"
    slip.write_text(password, encoding="utf-8")
    user = unprivileged()
    if user:
        shutil.chown(folder, user)
        shutil.chown(slip, user)
    data = folder / "data"
    options = ["--username=portal", f"--pwfile={slip}", "--auth=scram-sha-256", "--no-sync"]
    subprocess.run(
        [binaries / "initdb", *options, "--encoding=UTF8", "--locale=C.UTF-8", "-D", data],
        check=True,
        stdout=subprocess.DEVNULL,
        user=user,
        cwd=folder,
    )
    return data


def start(binaries: Path, data: Path, port: int) -> subprocess.Popen[bytes]:
    """Return the server's process once it answers.

    Raises:
        RuntimeError: it ended or stayed silent; the text holds its log.

    """
    settings = [
        *FAST,
        f"port={port}",
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={data}",
    ]
    arguments = [part for setting in settings for part in ("-c", setting)]
    log = (data / "log").open("wb")
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, *arguments],
        stdout=log,
        stderr=log,
        user=unprivileged(),
        cwd=data,
        start_new_session=True,
    )
    log.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError((data / "log").read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.05)
    return process


def place() -> Path | None:
    """Return where a copied database costs a tenth: memory with room; None = the usual place."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else None


@contextmanager
def server() -> Iterator[str | None]:
    """Yield the address of a running server; None = PostgreSQL is not installed."""
    binaries = programs()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-", dir=place()))
    password, port = secrets.token_urlsafe(), free_port()
    try:
        process = start(binaries, make_cluster(binaries, folder, password), port)
        try:
            yield f"postgresql+psycopg://portal:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Return the exit status of a command that was run beside a server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as address:
        if address is None:
            sys.stderr.write("Skipped: PostgreSQL is not installed, so SQLite alone is tested.\n")
        given = {"PORTAL_TEST_POSTGRESQL": address} if address else {}
        return subprocess.run(command, check=False, env=os.environ | given).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
