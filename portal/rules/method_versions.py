"""The versions of the public method in words, for the page that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from portal.rules.reading import DATA, read_toml


@dataclass(frozen=True, slots=True)
class MethodVersion:
    """One version of the method and what it brought."""

    number: str
    zh: str
    en: str

    def words(self, lang: str) -> str:
        """Return what it brought, in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


@cache
def method_versions() -> tuple[MethodVersion, ...]:
    """Return all versions, oldest first."""
    read = read_toml(DATA / "method-versions.toml")["version"]
    return tuple(MethodVersion(**one) for one in read)
