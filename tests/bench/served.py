"""Applications served as in production, and what a request costs the whole server."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
CONNECTIONS = 4
PATIENCE_SECONDS = 20
BROWSER = {"Accept-Encoding": "gzip, br", "Accept-Language": "zh-CN", "Connection": "keep-alive"}
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A running gunicorn."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        """Know its process and its port."""
        self._process = process
        self._port = port

    def cpu_seconds(self) -> float:
        """Return the CPU time, user and system, that master and workers have used."""
        return sum(
            used for number, parent, used in _processes() if self._process.pid in {number, parent}
        )

    def fetch(self, path: str, times: int = 1, headers: Mapping[str, str] = BROWSER) -> str:
        """Return the last body, after asking ``times`` times over one connection.

        Raises:
            RuntimeError: an answer was neither 200 nor 304.

        """
        body = b""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        for _ in range(times):
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status not in {200, 304}:
                msg = f"{path} answered {answer.status}"
                raise RuntimeError(msg)
        connection.close()
        return body.decode(errors="replace")

    def cpu_per_request(self, path: str, times: int) -> float:
        """Return microseconds of server CPU per request, asked over several connections."""
        before = self.cpu_seconds()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda _: self.fetch(path, times // CONNECTIONS), range(CONNECTIONS)))
        return (self.cpu_seconds() - before) / times * 1e6


@contextmanager
def serving(application: str, environ: Mapping[str, str]) -> Iterator[Server]:
    """Yield the application, served with the portal's own gunicorn settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = Path(sys.executable).with_name("gunicorn")
    options = ["--config", "scripts/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [program, *options, "--pythonpath", Path(__file__).parent, application],
        cwd=ROOT,
        env=os.environ | environ | {"WEB_CONCURRENCY": "2"},
    )
    try:
        _wait_for(port)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _processes() -> Iterator[tuple[int, int, float]]:
    """Yield number, parent and CPU seconds of every process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        yield int(path.parent.name), int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS
