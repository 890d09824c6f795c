"""What a page costs: the demonstration's public pages beside a bare hello on the same gunicorn."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from figures import Figure, medians
from served import ROOT, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REQUESTS = 1_000
HIT = 1.10


def demonstration(place: Path) -> dict[str, str]:
    """Return the environment of a freshly loaded demonstration world below ``place``."""
    environ = {
        "PORTAL_DATABASE_URL": f"sqlite:///{place}/portal.db",
        "PORTAL_DATA_DIR": str(place),
        "PORTAL_SECRET_KEY": "secret of this run",
        "PORTAL_PERSON_KEY": "person key of this run",
    }
    portal = Path(sys.executable).with_name("portal")
    for arguments in (("init", "--office", "data/office/putuo.toml"), ("demo",)):
        run = partial(subprocess.run, cwd=ROOT, env=os.environ | environ, stdout=subprocess.DEVNULL)
        run([portal, *arguments], check=True)
    return environ


def pages(site: Server) -> Iterator[str]:
    """Yield the pages that most people open: the ranking, one trade, one institution, the list."""
    yield "/rank"
    for pattern, page in (
        (r'href="(/rank/[^"/?#]+)"', "/rank"),
        (r'href="(/i/[^"/?#]+)"', "/institutions"),
    ):
        found = re.search(pattern, site.fetch(page, headers={}))
        if found:
            yield found[1]
    yield "/issues"


def measured(site: Server, hello: Server, page: str) -> Figure:
    """Return what one request for the page costs."""
    site.fetch(page, 10)
    ours, theirs = medians(
        lambda: site.cpu_per_request(page, REQUESTS), lambda: hello.cpu_per_request("/", REQUESTS)
    )
    return Figure(
        name=page,
        value=ours,
        unit="µs CPU",
        yardstick="bare WSGI hello",
        yardstick_value=theirs,
        goal=HIT,
    )


def compared(environ: Mapping[str, str]) -> list[Figure]:
    """Return the figures of all pages."""
    with (
        serving("hello:application", {}) as hello,
        serving("portal.app:create_app()", environ) as site,
    ):
        return [measured(site, hello, page) for page in [*pages(site)]]


def figures() -> list[Figure]:
    """Return the cost of the pages that were asked for before."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        return compared(demonstration(Path(place)))
