"""The method foretells next year's real rates with a smaller error than the raw rate does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[1] / "bench/forecast.py"
DOCUMENT = Path(__file__).parents[2] / "docs/method.md"


@pytest.fixture(scope="module")
def forecast() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("forecast", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["forecast"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("part", ["t", "d"])
def test_both_errors_are_smaller_than_the_raw_rate_s(forecast: ModuleType, part: str) -> None:
    years = forecast.counts_of(part)
    found = forecast.losses({year: years[year] for year in (2018, 2019)})
    for name in ("this method, the year alone", "this method, its window"):
        assert found[0, name].log_loss < found[0, "raw rate"].log_loss
        assert found[0, name].squares < found[0, "raw rate"].squares


def test_the_document_holds_the_tables(forecast: ModuleType) -> None:
    text = DOCUMENT.read_text("utf-8")
    assert all(f"| {name} |" in text for name in forecast.METHODS[1:2])
    assert text.index(forecast.BEGIN) < text.index("**Theory**") < text.index(forecast.END)
