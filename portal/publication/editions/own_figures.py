"""What an edition would say of one institution, for its own eyes before anybody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from portal.metrics.inputs import Answers, Count, Inputs, Listed, Place
from portal.metrics.provenance import Provenance
from portal.publication.editions import tables
from portal.publication.editions.canonical import canonical_json, sha256
from portal.publication.editions.letters import provenance_in
from portal.publication.editions.preview import Line, Preview, previews


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrade:
    """One trade: the figures that would be published, the counts of each period, the letters.

    ``letters`` are those with which counts came that were taken in on behalf.
    """

    preview: Preview
    line: Line
    periods: tuple[Count, ...]
    letters: tuple[Provenance, ...] = ()


def own_trades(members: Mapping[str, bytes], code: str) -> list[OwnTrade]:
    """Return what a draft or an edition says of one institution, by trade."""
    counts, letters = tables.rows_of(tables.COUNTS, members), provenance_in(members)
    return [
        OwnTrade(
            preview=preview,
            line=line,
            periods=tuple(
                one for one in counts if (one.trade, one.institution) == (preview.trade.trade, code)
            ),
            letters=tuple(
                one
                for one in letters
                if (one.trade, one.institution) == (preview.trade.trade, code)
            ),
        )
        for preview in previews(members)
        for line in preview.lines
        if line.institution.institution == code
    ]


def digests(inputs: Inputs) -> dict[str, str]:
    """Return code → hash of everything that an institution is asked to check."""
    told: defaultdict[str, list[object]] = defaultdict(list)
    rows: tuple[Listed | Place | Count | Answers, ...] = (
        *inputs.institutions,
        *inputs.places,
        *inputs.counts,
        *inputs.answers,
    )
    for one in rows:
        if one.institution:
            told[one.institution].append(asdict(one))
    return {code: sha256(canonical_json(rows)) for code, rows in told.items()}


def digest_of(inputs: Inputs, code: str, trade: str) -> str:
    """Return the hash of an institution's counts in one trade and of the answers about it."""
    counts = [one for one in inputs.counts if (one.trade, one.institution) == (trade, code)]
    answers = [one for one in inputs.answers if one.institution == code]
    return sha256(canonical_json([*map(asdict, counts), *map(asdict, answers)]))
