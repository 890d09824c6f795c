"""A fitted comparison with the draws of chosen institutions: what composites and pairs need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from portal.domain.ranking.arrays import Floats
from portal.domain.ranking.draws import draw_rates
from portal.domain.ranking.model import ranked
from portal.domain.ranking.posterior import Posterior, posterior
from portal.domain.ranking.values import Cell, Figure, Ranking, Settings


@dataclass(frozen=True)
class Comparison:
    """One comparison: its ranking, and its posterior to draw from again."""

    ranking: Ranking
    found: Posterior
    settings: Settings

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Return the figures by institution."""
        return {figure.institution: figure for figure in self.ranking.items}

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.found.counts.institutions)}

    def pattern_of(self, institution: str) -> int:
        """Return the number of its data: equal for institutions with equal data."""
        return int(self.found.counts.pattern[self._place[institution]])

    def draws_of(self, institutions: Sequence[str]) -> Floats:
        """Return the draws of their rates (draws, institutions), those that ranks come from."""
        columns = [self._place[name] for name in institutions]
        blocks = draw_rates(self.found.fit, self.settings.draws, self.settings.seed)
        return np.concatenate([block[:, columns] for block in blocks])


def compared(cells: Sequence[Cell], settings: Settings) -> Comparison | None:
    """Return the comparison of all institutions named in ``cells``; None without any trials.

    Raises: ValueError for repeated or impossible cells.
    """
    if not any(cell.trials > 0 for cell in cells):
        return None
    found = posterior(cells, settings.omega)
    return Comparison(ranked(cells, found, settings), found, settings)
