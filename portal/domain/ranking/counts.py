"""The counts of one comparison as arrays, in an order that does not depend on the input's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from portal.domain.ranking.arrays import Floats, Ints, sums_by
from portal.domain.ranking.values import Cell


@dataclass(frozen=True)
class Counts:
    """Distinct patterns of cells and who has them; institutions with equal data share a pattern.

    Patterns with many cells come first, and the cells lie in layers: first the first cell of every
    pattern, then the second of those that have one, and so on; so layer m covers the patterns
    ``0 … sizes[m] - 1``. ``pattern`` (institutions,) is each one's pattern; ``copies`` (patterns,)
    how many share it; ``owner`` and ``column`` (cells,) pattern and stratum. ``share`` (strata,)
    the weight of a stratum in the rate shown; ``prior_mean`` the pooled logit.
    """

    institutions: tuple[str, ...]
    strata: tuple[str, ...]
    pattern: Ints
    copies: Floats
    sizes: tuple[int, ...]
    owner: Ints
    column: Ints
    trials: Floats
    successes: Floats
    share: Floats
    prior_mean: float

    @cached_property
    def layers(self) -> list[tuple[int, slice]]:
        """Of each layer the number of patterns it covers and its cells."""
        ends = np.cumsum(self.sizes)
        return [
            (size, slice(int(end) - size, int(end)))
            for size, end in zip(self.sizes, ends, strict=True)
        ]

    def cells_of(self, first: int, last: int) -> Ints:
        """Return the cells (indices) of the patterns ``first`` to ``last - 1``, in layers."""
        covered = [
            np.arange(cells.start + first, cells.start + min(last, size))
            for size, cells in self.layers
            if size > first
        ]
        return np.concatenate(covered)

    def part(self, first: int, last: int) -> "Counts":
        """Return the patterns ``first`` to ``last - 1`` alone, with the shares and prior of all."""
        cells = self.cells_of(first, last)
        return replace(
            self,
            copies=self.copies[first:last],
            sizes=tuple(min(last, size) - first for size in self.sizes if size > first),
            owner=self.owner[cells] - first,
            column=self.column[cells],
            trials=self.trials[cells],
            successes=self.successes[cells],
        )

    def scaled(self, factor: Floats) -> "Counts":
        """Return the same with the trials and successes of each cell times ``factor`` (cells,)."""
        return replace(self, trials=self.trials * factor, successes=self.successes * factor)

    def per_pattern(self, values: Floats) -> Floats:
        """Return sums over the cells of each pattern: (cells, …) → (patterns, …)."""
        first, *others = self.layers
        out = values[first[1]].copy()
        for size, cells in others:
            out[:size] += values[cells]
        return out

    def per_stratum(self, values: Floats) -> Floats:
        """Return sums over the institutions of each stratum: (cells, …) → (strata, …)."""
        rows = values * self.copies[self.owner][:, None]
        sums = [sums_by(self.column, each, len(self.strata)) for each in rows.T]
        return np.array(sums).T


def byte_order(name: str) -> bytes:
    """Return the sort key of names everywhere in the method: their UTF-8 bytes."""
    return name.encode("utf-8", "surrogatepass")


def gather(cells: Sequence[Cell]) -> Counts:
    """Return the cells as arrays.

    Cells without trials carry no information and are dropped; an institution without any stays,
    known only through the prior.
    Raises: ValueError for a repeated institution and stratum, for impossible counts, or when
    there are no trials at all.
    """
    _check(cells)
    institutions = tuple(sorted({c.institution for c in cells}, key=byte_order))
    strata = tuple(sorted({c.stratum for c in cells if c.trials > 0}, key=byte_order))
    if not strata:
        msg = "no trials at all"
        raise ValueError(msg)
    rows = _rows(cells, institutions, strata)
    distinct = sorted(dict.fromkeys(rows), key=len, reverse=True)
    seen = {row: at for at, row in enumerate(distinct)}
    pattern = np.array([seen[row] for row in rows])
    sizes = [sum(len(row) > at for row in distinct) for at in range(len(distinct[0]))]
    flat = [(at, *distinct[at][layer]) for layer, size in enumerate(sizes) for at in range(size)]
    owner, column, trials, successes = (np.array(values) for values in zip(*flat, strict=True))
    copies = np.bincount(pattern).astype(np.float64)
    counts = Counts(
        institutions=institutions,
        strata=strata,
        pattern=pattern,
        copies=copies,
        sizes=tuple(sizes),
        owner=owner,
        column=column,
        trials=trials.astype(np.float64),
        successes=successes.astype(np.float64),
        share=np.zeros(len(strata)),
        prior_mean=0.0,
    )
    return _with_totals(counts)


def _with_totals(counts: Counts) -> Counts:
    """Return the same with the strata's shares and the pooled logit."""
    each = counts.per_stratum(np.stack([counts.trials, counts.successes], axis=1))
    total, passed = each.sum(axis=0)
    pooled = (passed + 0.5) / (total + 1)
    return replace(
        counts, share=each[:, 0] / total, prior_mean=float(np.log(pooled / (1 - pooled)))
    )


def _check(cells: Sequence[Cell]) -> None:
    keys = {(c.institution, c.stratum) for c in cells}
    if len(keys) != len(cells):
        msg = "an institution and stratum come twice"
        raise ValueError(msg)
    if not all(0 <= c.successes <= c.trials < float("inf") for c in cells):
        msg = "counts must be 0 ≤ successes ≤ trials"
        raise ValueError(msg)


def _rows(
    cells: Sequence[Cell], institutions: tuple[str, ...], strata: tuple[str, ...]
) -> list[tuple[tuple[int, float, float], ...]]:
    column = {name: at for at, name in enumerate(strata)}
    rows: dict[str, list[tuple[int, float, float]]] = {name: [] for name in institutions}
    for cell in cells:
        if cell.trials > 0:
            rows[cell.institution].append(
                (column[cell.stratum], float(cell.trials), float(cell.successes))
            )
    return [tuple(sorted(row)) or ((0, 0.0, 0.0),) for row in rows.values()]
