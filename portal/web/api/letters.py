"""Letters with which figures came that were taken in on behalf, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from portal.publication.standings.provenance import Behalf


def letter_of(one: Behalf) -> dict[str, Any]:
    """Return a letter and the periods that its file feeds."""
    return asdict(one) | {"received_on": one.received_on.isoformat(), "periods": list(one.periods)}
