"""What starting costs: the web application beside the libraries that it stands on."""

from __future__ import annotations

import resource
import subprocess
import sys

from figures import Figure, medians

LIBRARIES = "import flask, sqlalchemy.orm, flask_login"
GOAL = 1.15


def cpu_seconds(statement: str) -> float:
    """Return the CPU seconds, user and system, of a fresh Python that runs the statement."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures() -> list[Figure]:
    """Return the cost of the import that every worker and every command pays."""
    ours, theirs = medians(lambda: cpu_seconds("import portal.app"), lambda: cpu_seconds(LIBRARIES))
    return [
        Figure(
            name="import the web application",
            value=ours,
            unit="s CPU",
            yardstick=LIBRARIES,
            yardstick_value=theirs,
            goal=GOAL,
        )
    ]
