"""How gunicorn serves the portal, by ``scripts/serve`` and in the container alike.

The application is loaded once and the workers are forked from it, so they share its memory.
A worker that inherited an open database connection would talk over its siblings: each one
starts with an empty pool.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from gunicorn.glogging import Logger

from portal.web.addresses import without_codes

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker


class Discreet(Logger):
    """An access log in which the code of a survey slip cannot be read."""

    def atoms(self, *given: object, **named: object) -> dict[str, object]:
        """Return what a line is made of, codes left out."""
        found: dict[str, object] = super().atoms(*given, **named)
        return {
            name: without_codes(value) if isinstance(value, str) else value
            for name, value in found.items()
        }


logger_class = Discreet

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))
threads = 8
preload_app = True
control_socket_disable = True
timeout = 60
graceful_timeout = 10
keepalive = 5
# Requests past these are nobody's page; they are refused before any code of ours runs.
limit_request_line = 4094
limit_request_fields = 50
limit_request_field_size = 8190
# A heartbeat file on disk stops a worker when the disk does; memory is also writable in a
# container whose file system is not.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_fork(_server: object, worker: Worker) -> None:
    """Let a new worker forget the connections of the process it was forked from.

    Until it has handlers of its own it would also lose the signal to stop, and be waited for.
    """
    for stop in (signal.SIGTERM, signal.SIGQUIT):
        signal.signal(stop, lambda *_: os._exit(0))
    wired = getattr(worker.app.wsgi(), "extensions", {}).get("portal")
    for engine in (wired.engine, wired.read_engine) if wired else ():
        engine.dispose(close=False)


def post_worker_init(_worker: object) -> None:
    """Leave Ctrl-C to the master: a worker that both of them stop at once waits for itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def when_ready(_server: object) -> None:
    """Say where the portal answers, and keep what is loaded out of the collector's way."""
    gc.freeze()
    greeting = os.environ.get("PORTAL_GREETING")
    if greeting:
        sys.stdout.write(greeting + "\n")
        sys.stdout.flush()
