"""Checked rows on their way to the database: held in bounded memory, never a person in clear."""

from __future__ import annotations

import marshal
import tempfile
import weakref
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import itemgetter
from typing import Any

_BATCH = 20_000
_IN_MEMORY = 32 * 2**20
_DRAWERS = [f"{number:02x}" for number in range(256)]

Staged = tuple[Any, ...]
"""A checked row as plain values (text, numbers, None)."""
_Block = tuple[int, int]
"""Where rows lie in the file: offset and length."""


class Spool:
    """Rows in order; beyond 32 MB they lie in a temporary file that nobody else can open."""

    def __init__(self) -> None:
        """Start empty."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the spool
        self._batch: list[Staged] = []
        self._blocks: list[_Block] = []
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
        for block in self._blocks:
            yield self._read(block)
        if self._batch:
            yield self._batch

    def __iter__(self) -> Iterator[Staged]:
        """Yield all rows, from the first."""
        for batch in self.batches():
            yield from batch

    def _put(self) -> None:
        self._blocks.append(self._written(self._batch))
        self._batch = []

    def _written(self, rows: list[Staged]) -> _Block:
        # As one block: read piece by piece it would take fifty times as long.
        block = marshal.dumps(rows)
        offset = self._file.seek(0, 2)
        self._file.write(block)
        return offset, len(block)

    def _read(self, block: _Block) -> list[Staged]:
        offset, length = block
        self._file.seek(offset)
        rows: list[Staged] = marshal.loads(self._file.read(length))  # noqa: S302  # our own
        return rows


class HashedSpool(Spool):
    """Rows that come back in the order of a hexadecimal hash, all rows of one hash in one batch.

    They lie in 256 drawers by the first two signs, so that only one drawer is sorted at a time.
    An index on that hash then grows from end to end, and not at a random place for each row.
    """

    def __init__(self, place: int) -> None:
        """Start empty; the hash is number ``place`` of a row."""
        super().__init__()
        self._hash = itemgetter(place)
        self._drawers: list[list[_Block]] = [[] for _ in _DRAWERS]

    def batches(self) -> Iterator[list[Staged]]:
        """Yield all rows in batches, in the order of the hash."""
        rest = self._cut()
        rows: list[Staged] = []
        for blocks, last in zip(self._drawers, rest, strict=True):
            for block in blocks:
                rows += self._read(block)
            rows += last
            if len(rows) >= _BATCH:
                yield sorted(rows, key=self._hash)
                rows = []
        if rows:
            yield sorted(rows, key=self._hash)

    def _put(self) -> None:
        for blocks, rows in zip(self._drawers, self._cut(), strict=True):
            if rows:
                blocks.append(self._written(rows))
        self._batch = []

    def _cut(self) -> list[list[Staged]]:
        """Return what each drawer gets of the rows that lie in no file yet."""
        self._batch.sort(key=self._hash)
        starts = [bisect_left(self._batch, sign, key=self._hash) for sign in _DRAWERS]
        return [self._batch[a:b] for a, b in pairwise([*starts, len(self._batch)])]
