"""What may stand in an address, and the site's own address for paper."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

from portal.web.boundary import wiring

_LARGEST_ID = 2**31 - 1
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_CODE_IN_ADDRESS = re.compile(r"(/survey/)(?!receipt\b)[^/\s?\"]+")


class RowNumber(IntegerConverter):
    """A number that a row can have; a larger one is no address of ours."""

    def __init__(self, map: Map) -> None:  # noqa: A002  # the library's word
        """Take what fits a row's key."""
        super().__init__(map, max=_LARGEST_ID)


def install(app: Flask) -> None:
    """Bound the numbers in addresses, and refuse the one sign that no database takes."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_no_nul)


def _no_nul() -> None:
    asked = (request.path, *request.args.keys(), *request.args.values())
    if any("\x00" in text for text in asked):
        raise BadRequest


def own_host() -> str:
    """Return scheme and host of this site as it may stand in what others keep; "" if unknown.

    Only a name that the operator gave counts, or this machine's own: any other is what the asker
    wrote into the request.
    """
    named = on_paper("")
    if named is not None:
        return named
    asked = urlsplit(request.host_url)
    return request.host_url.rstrip("/") if asked.hostname in _THIS_MACHINE else ""


def site_root() -> str:
    """Return where the site hangs, without the language and without a slash at the end."""
    return own_host() + request.script_root.removesuffix("/en")


def on_paper(path: str) -> str | None:
    """Return the whole address of a path, by the host that the operator named; None if none."""
    hosts = [host for host in wiring().settings.trusted_hosts if not host.startswith((".", "["))]
    if not hosts or hosts[0] in {"localhost", "127.0.0.1"}:
        return None
    return f"https://{hosts[0]}{path}"


def without_codes(line: str) -> str:
    """Return a line for a log in which no code of a survey slip stands."""
    return _CODE_IN_ADDRESS.sub(r"\1…", line)
