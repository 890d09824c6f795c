"""Tables become dataclasses strictly: every wrong key or type is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.rules.bounds import require
from portal.rules.error import RuleError
from portal.rules.reading import build, parse_toml, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A part."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """A whole."""

    name: str
    share: float
    count: int = 1
    limit: int | None = None
    parts: tuple[Inner, ...] = ()
    words: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a count of 13."""
        require(self.count != 13, "13 is refused")


GOOD: dict[str, Any] = {"name": "a", "share": 1}


def test_a_good_table_becomes_a_dataclass() -> None:
    outer = build(Outer, GOOD | {"limit": 3, "parts": [{"on": "2026-03-05"}], "words": ["x"]}, "w")
    assert outer.share == 1.0
    assert type(outer.share) is float
    assert outer.limit == 3
    assert outer.parts == (Inner(on=date(2026, 3, 5)),)
    assert outer.words == frozenset({"x"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"other": 1}, "unknown other"),
        ({"name": 5}, r"w\.name: str is wanted, not 5"),
        ({"share": "a lot"}, r"w\.share: float is wanted"),
        ({"share": True}, r"w\.share: float is wanted"),
        ({"count": True}, r"w\.count: int is wanted"),
        ({"count": 1.5}, r"w\.count: int is wanted"),
        ({"limit": "3"}, r"w\.limit: int is wanted"),
        ({"parts": {"on": "2026-03-05"}}, r"w\.parts: a list is wanted"),
        ({"parts": [{"on": "5 March"}]}, r"w\.parts\[0\]\.on: date is wanted"),
        ({"parts": [{"on": 20260305}]}, r"w\.parts\[0\]\.on: date is wanted"),
        ({"parts": ["2026-03-05"]}, r"w\.parts\[0\]: a table is wanted"),
        ({"parts": [{}]}, r"w\.parts\[0\]: missing on"),
        ({"count": 13}, "w: 13 is refused"),
    ],
)
def test_a_wrong_table_is_refused_by_name(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleError, match=said):
        build(Outer, GOOD | change, "w")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(RuleError, match="w: missing share"):
        build(Outer, {"name": "a"}, "w")


def test_dates_of_toml_become_iso_strings() -> None:
    assert parse_toml("a = 2026-03-05\nb = [{c = 2026-01-01}]", "w") == {
        "a": "2026-03-05",
        "b": [{"c": "2026-01-01"}],
    }


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes('name = "培训"'.encode("gb18030"))
    with pytest.raises(RuleError, match=r"a\.toml: cannot be read"):
        read_toml(file)
    file.write_text("name =", encoding="utf-8")
    with pytest.raises(RuleError, match=r"a\.toml: not TOML"):
        read_toml(file)
    with pytest.raises(RuleError, match=r"b\.toml: cannot be read"):
        read_toml(tmp_path / "b.toml")
