"""The way to the numeric stack: loaded at first use, so that web workers start light.

Nothing else of the upper floors may import what loads numpy.
"""

from __future__ import annotations

import platform
from importlib.metadata import version

from portal.domain.errors import RuleBroken
from portal.domain.ranking import METHOD_VERSION
from portal.metrics.figures import Figures
from portal.metrics.inputs import FigureRules, Inputs

METHOD = METHOD_VERSION
"""The method under which new editions are computed."""


def figures_under(method: str, inputs: Inputs, rules: FigureRules) -> Figures:
    """Return an edition's figures as that version of the method computes them.

    Raises:
        RuleBroken: there is no such version here.

    """
    if method != METHOD_VERSION:
        raise RuleBroken("verify.method", method=method, known=METHOD_VERSION)
    from portal.metrics.standings import figures_of  # noqa: PLC0415  # see above

    return figures_of(inputs, rules)


def software() -> dict[str, str]:
    """Return the versions of everything that has a part in a figure."""
    return {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
    }
