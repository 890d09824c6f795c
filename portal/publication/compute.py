"""The one door to the numeric stack.

Each function imports what it needs when it is first called, so that a web worker that computes
nothing starts without numpy and scipy.
"""
# ruff: noqa: PLC0415 - late imports are this module's purpose; the house allows them here only.

from __future__ import annotations

from collections.abc import Sequence

from portal.domain.ranking.values import Cell, Ranking, Settings


def ranking(cells: Sequence[Cell], settings: Settings) -> Ranking:
    """Return the figures of all institutions named in ``cells``, in publication order.

    Raises:
        ValueError: a cell comes twice or its counts are impossible.

    """
    from portal.domain.ranking.model import figures

    return figures(cells, settings)
