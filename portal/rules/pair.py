"""The same words in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One label, title or sentence in Chinese and English."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """Return the words in ``zh`` or ``en``.

        Raises:
            KeyError: another language.

        """
        return {"zh": self.zh, "en": self.en}[lang]
