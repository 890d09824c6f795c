"""The gate: only with enough true difference between institutions is an order published."""

import numpy as np

from portal.domain.ranking.counts import Counts


def rankability(counts: Counts, tau: float, least: float) -> float | None:
    """τ²/(τ² + median s²), over institutions with at least ``least`` trials; None without any.

    s² = 1/(Σ_c n_ic p_c q_c) is an institution's sampling variance on the logit scale, p_c the
    pooled rate of a stratum, (Σy + ½)/(Σn + 1) so that all-pass strata have one too.
    """
    trials = counts.per_stratum(counts.trials[:, None])[:, 0]
    passed = counts.per_stratum(counts.successes[:, None])[:, 0]
    pooled = (passed + 0.5) / (trials + 1)
    worth = counts.per_pattern(counts.trials * (pooled * (1 - pooled))[counts.column])
    enough = counts.per_pattern(counts.trials) >= least
    if not enough.any():
        return None
    each = np.repeat(1 / worth[enough], counts.copies[enough].astype(np.int64))
    return float(tau**2 / (tau**2 + np.median(each)))
