"""The file as it was handed in: its name, its bytes, its fingerprint."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import BinaryIO

from portal.intake.files.refusals import shown

_BLOCK = 2**20
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Source:
    """A file on disk, or bytes that were sent; ``name`` is what the sender called it."""

    name: str
    content: Path | bytes

    @classmethod
    def at(cls, path: Path) -> Source:
        """Return the file at ``path``."""
        return cls(path.name, path)

    @property
    def shown_name(self) -> str:
        """Return the name fit to be seen: no folder, no long number in clear."""
        last = PurePath(self.name.replace("\\", "/")).name
        return shown(last)[:_LONGEST_NAME] or "-"

    @property
    def ending(self) -> str:
        """Return the ending of the name in small letters, with its dot."""
        return PurePath(self.name).suffix.lower()

    def open(self) -> BinaryIO:
        """Return the bytes from the start."""
        return (
            self.content.open("rb") if isinstance(self.content, Path) else io.BytesIO(self.content)
        )

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        content = self.content
        return content.stat().st_size if isinstance(content, Path) else len(content)

    def sha256(self) -> str:
        """Return the fingerprint of the bytes."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        with self.open() as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()
