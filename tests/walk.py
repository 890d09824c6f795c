"""A walk through the site by its links."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
MOST_VIEWS_OF_A_PATH = 1
OWN_HOST = "localhost"
NO_LANGUAGE = "/api/"


class Walk:
    """Follows links from one page, each path a few times at most."""

    def __init__(self, reader: FlaskClient, root: str, wanted: Callable[[str], bool]) -> None:
        """Walk in one language, along addresses (without the language) that are wanted."""
        self._reader, self._root, self._wanted = reader, root, wanted
        self._views: Counter[str] = Counter()
        self.lost: list[str] = []
        self.met: list[str] = []
        self.pages: dict[str, str] = {}

    def go(self, *starts: str) -> dict[str, str]:
        """Return address → HTML of every page found."""
        waiting = [f"{self._root}{start}" for start in starts or ("/",)]
        for address in waiting:
            answer = self._reader.get(address, headers={"Accept-Language": "zh"})
            self.met.append(address)
            if answer.status_code not in {200, 303}:
                self.lost.append(f"{answer.status_code} {address}")
            if answer.mimetype == "text/html" and answer.status_code == 200:
                self.pages[address] = answer.text
                waiting += self._new(address, answer.text)
        return self.pages

    def _new(self, address: str, html: str) -> list[str]:
        found = []
        for href in LINK.findall(html):
            parts = urlsplit(urljoin(address, href.replace("&amp;", "&")))
            way = f"{parts.path}?{parts.query}".rstrip("?")
            own = parts.path.startswith((f"{self._root}/", NO_LANGUAGE))
            here = parts.scheme in {"", "http"} and parts.netloc in {"", OWN_HOST}
            switch = "lang=" in parts.query or "size=" in parts.query
            known = way in found or way in self.pages
            if not (own and here) or switch or known:
                continue
            if not self._wanted(way.removeprefix(self._root)):
                continue
            if self._views[parts.path] < MOST_VIEWS_OF_A_PATH:
                self._views[parts.path] += 1
                found.append(way)
        return found
