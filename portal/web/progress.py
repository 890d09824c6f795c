"""Long work with its progress shown, by a page that arrives bit by bit: no script, no polling.

The work runs in a thread of its own and goes on when the reader leaves. What ends before it has
told anything is answered as any other form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from flask import Response, render_template, stream_with_context

from portal.domain.errors import PortalError
from portal.rules.words import say
from portal.web.language import language

Told = Callable[[int], None]
Result = TypeVar("Result")
_LINE_EVERY = 10_000
_LOOK_SECONDS = 0.2
_HERE = "<!-- progress -->"


class Work(Generic[Result]):
    """What runs in the background; it tells now and then how many rows it has read."""

    def __init__(self, do: Callable[[Told], Result]) -> None:
        """Begin."""
        self._first = 0
        self._told: SimpleQueue[int] = SimpleQueue()
        threads = ThreadPoolExecutor(max_workers=1)
        self._done: Future[Result] = threads.submit(do, self._told.put)
        threads.shutdown(wait=False)

    def is_long(self) -> bool:
        """Wait for many rows or for the end; tell whether it was the rows that came first."""
        self._first = next(self._counts(), 0)
        return self._first > 0

    def counts(self) -> Iterator[int]:
        """Yield the rows read so far, whenever there are so many more, until the end."""
        if self._first:
            yield self._first
        yield from self._counts()

    def _counts(self) -> Iterator[int]:
        shown = self._first
        while not self._done.done() or not self._told.empty():
            try:
                count = self._told.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
            if count >= shown + _LINE_EVERY:
                shown = count
                yield count

    def result(self) -> Result:
        """Return what came of it; raise what went wrong."""
        return self._done.result()


def told_page(work: Work[Result], address_of: Callable[[Result], str], back: str) -> Response:
    """Return a page that tells how far the work is, and leads on when it is done.

    ``back`` is the address to go to where something is wrong.
    """
    return Response(
        stream_with_context(_parts(work, address_of, back)),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        content_type="text/html; charset=utf-8",
    )


def _parts(work: Work[Result], address_of: Callable[[Result], str], back: str) -> Iterator[str]:
    before, _, after = render_template("parts/progress_page.html").partition(_HERE)
    yield before
    for count in work.counts():
        yield render_template("parts/progress_line.html", count=count)
    try:
        ended = {"address": address_of(work.result()), "fault": ""}
    except PortalError as error:
        ended = {"address": back, "fault": say(error.key, language(), **error.facts)}
    yield render_template("parts/progress_end.html", **ended)
    yield after
