"""Nothing jumps while a page arrives: each page is sent in pieces, and every piece is painted."""

from __future__ import annotations

from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

MAIN = "low-voltage-electrician"
PAGES = (
    "/",
    "/rank",
    f"/rank/{MAIN}",
    f"/en/rank/{MAIN}?sort=fee",
    "/i/S004",
    f"/compare?id=S001&id=S002&trade={MAIN}",
    "/editions",
)
PIECE = 500
PAUSE_SECONDS = 0.01
SHIFTS = """new Promise(done => {
  const moved = []
  const where = box => [box.x, box.y, box.width, box.height].map(Math.round).join()
  new PerformanceObserver(list => list.getEntries().forEach(one => one.sources.forEach(it =>
    moved.push(`${one.value}: ${it.node && (it.node.outerHTML || it.node.data)} `.slice(0, 99)
      + `${where(it.previousRect)} > ${where(it.currentRect)}`))))
    .observe({type: 'layout-shift', buffered: true})
  setTimeout(() => done(moved), 100)
})"""


def in_pieces(page: bytes) -> Iterator[bytes]:
    """Yield a page: its head at once, the rest in pieces as from a slow line."""
    at = page.index(b"<body>")
    yield page[:at]
    for start in range(at, len(page), PIECE):
        sleep(PAUSE_SECONDS)
        yield page[start : start + PIECE]


@pytest.fixture
def slow_site(public_world: FlaskClient) -> Iterator[str]:
    """Yield the address of a site that sends every page in pieces."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:  # noqa: ANN401  # WSGI
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        if path.startswith("/static/"):
            return Response(status=204)(environ, start)
        real = public_world.get(f"{path}?{query}", headers={"Accept-Language": "zh"})
        policy = {"Content-Security-Policy": real.headers["Content-Security-Policy"]}
        body = in_pieces(real.data)
        return Response(body, real.status, policy, mimetype="text/html")(environ, start)

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_a_page_arrives(chromium: Browser, slow_site: str, width: int) -> None:
    jumped: dict[str, list[str]] = {}
    for address in PAGES:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.goto(slow_site + address)
        jumped[address] = page.evaluate(SHIFTS)
        context.close()
    assert not {address: moved for address, moved in jumped.items() if moved}
