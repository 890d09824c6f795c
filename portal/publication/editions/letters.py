"""The letters with which figures of a bundle came that were taken in on behalf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from portal.metrics.provenance import Provenance
from portal.publication.editions import tables


def provenance_in(members: Mapping[str, bytes]) -> tuple[Provenance, ...]:
    """Return what a bundle says of files taken in on behalf; editions of before say nothing."""
    is_told = tables.PROVENANCE.path in members
    return tables.rows_of(tables.PROVENANCE, members) if is_told else ()


def letters_in(members: Mapping[str, bytes]) -> list[tuple[Provenance, list[str]]]:
    """Return each letter with which figures of a bundle came, and the periods that it feeds."""
    fed: defaultdict[str, set[str]] = defaultdict(set)
    letters = {}
    for one in provenance_in(members):
        fed[one.receipt].add(one.period)
        letters[one.receipt] = one
    return [(letters[receipt], sorted(fed[receipt])) for receipt in sorted(letters)]
