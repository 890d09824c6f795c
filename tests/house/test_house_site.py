"""The site as a whole: its addresses are kept for ever, and its workers start light."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tree import ROOT

if TYPE_CHECKING:
    from flask import Flask

FROZEN = ROOT / "tests/house/routes.txt"
HEAVY = ("numpy", "scipy", "plotly", "pandas")
ANSWERED_BY_FLASK = {"HEAD", "OPTIONS"}


def routes(app: Flask) -> set[str]:
    """Return every address with its methods, as the frozen list writes them."""
    return {
        f"{rule.rule}  {' '.join(sorted((rule.methods or set()) - ANSWERED_BY_FLASK))}"
        for rule in app.url_map.iter_rules()
    }


def test_addresses_are_those_that_were_promised(app: Flask) -> None:
    promised = set(FROZEN.read_text(encoding="utf-8").splitlines())
    lost, new = promised - routes(app), routes(app) - promised
    assert not lost, "somebody has linked to these, so they need a redirect:\n" + "\n".join(lost)
    assert not new, "add to tests/house/routes.txt, sorted:\n" + "\n".join(sorted(new))


def test_promised_addresses_are_sorted() -> None:
    lines = FROZEN.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))


def test_a_worker_starts_without_the_numeric_stack() -> None:
    asked = f"import sys, portal.app; print(*sys.modules.keys() & {set(HEAVY)!r})"
    run = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert run.stdout.split() == []
