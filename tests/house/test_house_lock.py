"""The locks: every dependency pinned with its hashes, and no registry named."""

from __future__ import annotations

import re
import tomllib

import pytest
from tree import ROOT

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
NAMED = re.compile(r"^[A-Za-z0-9._-]+")


def plain(requirement: str) -> str:
    """Return the package's name as locks write it."""
    named = NAMED.match(requirement)
    assert named, requirement
    return re.sub(r"[._-]+", "-", named[0]).lower()


def pinned(lock: str) -> dict[str, str]:
    """Return name → text of everything the lock says about it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    starts = [*PINNED.finditer(text)]
    ends = [*(found.start() for found in starts[1:]), len(text)]
    return {
        plain(found[1]): text[found.start() : end] for found, end in zip(starts, ends, strict=True)
    }


def wanted() -> dict[str, list[str]]:
    """Return lock → what pyproject asks of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    return {
        "requirements.lock": runtime,
        "requirements-dev.lock": [*runtime, *project["dependency-groups"]["dev"]],
        "scripts/installer.lock": ["uv"],
    }


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "scripts/installer.lock"]
)
def test_lock_pins_all_with_hashes(lock: str) -> None:
    entries = pinned(lock)
    missing = [name for name in map(plain, wanted()[lock]) if name not in entries]
    bare = [name for name, entry in entries.items() if "--hash=sha256:" not in entry]
    assert not missing, f"run the command in docs/operate.md: {missing}"
    assert not bare, bare
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_development_uses_the_same_versions() -> None:
    runtime = set(PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    development = set(PINNED.findall((ROOT / "requirements-dev.lock").read_text(encoding="utf-8")))
    assert runtime
    assert runtime <= development
