"""What stands beside the headline rate: its other definitions, and other kinds of exam."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from portal.metrics.figures import OtherKindFigures
from portal.metrics.inputs import FigureRules, Inputs, window_of
from portal.metrics.suppression import sum_of
from portal.metrics.window import rounded


def other_definitions(counts: Mapping[str, int | None]) -> dict[str, float | None]:
    """Return passed/sat, passed/registered and the no-show share, as counted; None = unknown."""
    registered, sat, passed = (counts[name] for name in ("registered", "sat", "passed"))
    seen = share_of(sat, registered)
    return {
        "passed_of_sat": rounded(share_of(passed, sat)),
        "passed_of_registered": rounded(share_of(passed, registered)),
        "no_show": None if seen is None else rounded(1 - seen),
    }


def share_of(part: int | None, whole: int | None) -> float | None:
    """Return part ÷ whole; None where either is not known, or there is nothing to divide by."""
    return None if part is None or not whole else part / whole


def other_kinds_of(inputs: Inputs, rules: FigureRules) -> tuple[OtherKindFigures, ...]:
    """Return each institution's other kinds of exam, summed over the published cells."""
    window = frozenset(window_of(inputs.period, rules.ranking))
    cells = [one for one in inputs.other_kinds if one.period in window]
    found = []
    for (trade, institution, kind), group in groupby(
        cells, key=lambda one: (one.trade, one.institution, one.exam_kind)
    ):
        rows = list(group)
        sat, passed = sum(row.sat for row in rows), sum(row.passed for row in rows)
        found.append(
            OtherKindFigures(
                trade=trade,
                institution=institution,
                exam_kind=kind,
                registered=sum_of(row.registered for row in rows),
                sat=sat,
                passed=passed,
                passed_of_sat=rounded(share_of(passed, sat)),
            )
        )
    return tuple(found)
