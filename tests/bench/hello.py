"""The least a WSGI server can be asked for: the yardstick of every page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY = b"hello\n"


def application(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answer six bytes."""
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
