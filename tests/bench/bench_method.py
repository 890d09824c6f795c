"""What the method costs: CPU seconds and memory beside their ceilings, growth beside the data's."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from figures import Figure, medians
from invented_counts import USUAL, Kind, world

from portal.domain.ranking.model import figures as rank
from portal.domain.ranking.ranks import Question, rank_draws

ROOT = Path(__file__).parents[2]
ROUNDS = 3
LARGE, STRATA, FEW_DRAWS = 10_000, 4, 1_000
SMALL, SMALL_DRAWS, MANY_DRAWS = 1_000, 2_000, 4_000
CEILINGS = {"small": 2.0, "large": 10.0, "ranks": 2.0, "memory": 1024.0}
BLOCK = 100
TASK = (
    "import sys; sys.path[:0] = ['.', 'tests', 'tests/bench']; "
    f"import bench_method as b; b.seconds({LARGE}, {STRATA}, {FEW_DRAWS})"
)


def seconds(institutions: int, strata: int, draws: int) -> float:
    """Return the CPU seconds of one whole ranking."""
    cells = world(Kind(institutions=institutions, strata=strata), 1).cells
    before = time.process_time()
    rank(cells, replace(USUAL, draws=draws))
    return time.process_time() - before


def rank_seconds() -> float:
    """Return the CPU seconds of the ranks alone, the draws being there."""
    random = np.random.default_rng(1)
    level = random.normal(1.5, 0.5, LARGE)
    blocks = [
        1 / (1 + np.exp(-(level + random.normal(0, 0.3, (BLOCK, LARGE)))))
        for _ in range(MANY_DRAWS // BLOCK)
    ]
    everybody = np.arange(LARGE)
    asked = Question([everybody], everybody, np.full(LARGE, 80.0), MANY_DRAWS, 0.9, 10)
    before = time.process_time()
    rank_draws(iter(blocks), asked)
    return time.process_time() - before


def megabytes() -> float:
    """Return the peak memory of a process that makes the large ranking."""
    subprocess.run([sys.executable, "-c", TASK], cwd=ROOT, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def figures() -> list[Figure]:
    """Return every cost beside its ceiling."""
    small, large, ranks = medians(
        lambda: seconds(SMALL, STRATA, SMALL_DRAWS),
        lambda: seconds(LARGE, STRATA, FEW_DRAWS),
        rank_seconds,
        rounds=ROUNDS,
    )
    told = (
        ("1,000 institutions × 4 trades × 2,000 draws", small, "s CPU", "small"),
        ("10,000 institutions × 4 trades × 1,000 draws", large, "s CPU", "large"),
        ("rank ranges of 10,000 institutions × 4,000 draws", ranks, "s CPU", "ranks"),
        ("peak memory of 10,000 × 4 × 1,000", megabytes(), "MiB", "memory"),
    )
    return [
        Figure(
            name=name,
            value=value,
            unit=unit,
            yardstick="ceiling",
            yardstick_value=CEILINGS[key],
            goal=1.0,
        )
        for name, value, unit, key in told
    ]
