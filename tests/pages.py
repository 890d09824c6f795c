"""What holds on every page: an id stands once, and what points to an id finds it."""

from __future__ import annotations

import re
from collections import Counter

from flask import Response, request

ID = re.compile(r"""\sid="([^"]*)\"""")
POINTS = re.compile(r"""\s(?:for|aria-labelledby|aria-describedby|aria-controls)="([^"]*)\"""")
INSIDE = re.compile(r"""\shref="#([^"]+)\"""")


class Pages:
    """The pages that an application answered, and what is wrong in them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.faults: set[str] = set()

    def read(self, response: Response) -> Response:
        """Look through an answer on its way out."""
        if response.mimetype == "text/html" and not response.is_streamed:
            for fault in faults_in(response.get_data(as_text=True)):
                self.faults.add(f"{request.method} {request.full_path}: {fault}")
        return response


def faults_in(html: str) -> list[str]:
    """Return what is wrong with the ids of a page."""
    ids = Counter(ID.findall(html))
    wanted = {one for several in POINTS.findall(html) for one in several.split()}
    missing = (wanted | set(INSIDE.findall(html))) - ids.keys()
    twice = [f'id="{one}" stands {count} times' for one, count in ids.items() if count > 1]
    return [*twice, *(f"nothing has the id {one}" for one in sorted(missing))]
