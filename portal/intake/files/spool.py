"""Checked rows on their way to the database: held in bounded memory, never a person in clear."""

from __future__ import annotations

import marshal
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

_BATCH = 5_000
_IN_MEMORY = 64 * 2**20
_LENGTH = 8

Staged = tuple[Any, ...]
"""A checked row as plain values (text, numbers, None)."""


class Spool:
    """Rows in order; beyond 64 MB they lie in a temporary file that nobody else can open."""

    def __init__(self) -> None:
        """Start empty."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the spool
        self._batch: list[Staged] = []
        self.count = 0
        weakref.finalize(self, self._file.close)

    def add(self, row: Staged) -> None:
        """Append a row."""
        self.extend([row])

    def extend(self, rows: Iterable[Staged]) -> None:
        """Append rows."""
        before = len(self._batch)
        self._batch += rows
        self.count += len(self._batch) - before
        if len(self._batch) >= _BATCH:
            self._put()

    def batches(self) -> Iterator[list[Staged]]:
        """Yield all rows in batches, from the first."""
        self._put()
        self._file.seek(0)
        while batch := self._next():
            yield batch

    def __iter__(self) -> Iterator[Staged]:
        """Yield all rows, from the first."""
        for batch in self.batches():
            yield from batch

    def _put(self) -> None:
        if self._batch:
            self._file.seek(0, 2)
            # As one block with its length: read piece by piece it would take fifty times as long.
            block = marshal.dumps(self._batch)
            self._file.write(len(block).to_bytes(_LENGTH, "big") + block)
            self._batch = []

    def _next(self) -> list[Staged]:
        length = int.from_bytes(self._file.read(_LENGTH), "big")
        if not length:
            return []
        batch: list[Staged] = marshal.loads(self._file.read(length))  # noqa: S302  # our own
        return batch
