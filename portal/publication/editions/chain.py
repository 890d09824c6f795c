"""The chain as a bundle carries it: every entry before the edition, as hashes and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import RuleBroken
from portal.publication.editions.tables import Table, rows_of, written
from portal.store.chain import START, ChainEntry, head_after


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLine:
    """One entry; ``kind`` is edition, event or key, ``edition`` the number of an edition."""

    number: int
    kind: str
    edition: int | None
    digest: str
    head: str


CHAIN: Table[ChainLine] = Table("chain.csv", ChainLine)


def chain_so_far(session: Session) -> tuple[ChainLine, ...]:
    """Return every entry of the chain, oldest first."""
    entries = session.scalars(select(ChainEntry).order_by(ChainEntry.number))
    return tuple(
        ChainLine(number=e.number, kind=e.kind, edition=e.edition, digest=e.digest, head=e.head)
        for e in entries
    )


def chain_member(lines: Sequence[ChainLine]) -> dict[str, bytes]:
    """Return the member of a bundle that holds these entries."""
    return {CHAIN.path: written(CHAIN, lines)}


def head_of(lines: Sequence[ChainLine]) -> dict[str, object]:
    """Return what a manifest says of the chain: how many entries, and the last head."""
    return {"entries": len(lines), "head": lines[-1].head if lines else START}


def chain_of(manifest: Mapping[str, object], members: Mapping[str, bytes]) -> tuple[ChainLine, ...]:
    """Return the entries that a bundle carries, each checked to follow from the one before.

    Raises:
        RuleBroken: an entry does not follow, or the manifest names another end.

    """
    lines = rows_of(CHAIN, members)
    head = START
    for expected, line in enumerate(lines, 1):
        head = head_after(head, expected, line.kind, line.digest)
        if (line.number, line.head) != (expected, head):
            raise RuleBroken("verify.chain_entry", entry=expected)
    editions = [line.digest for line in lines if line.kind == "edition"]
    if (editions[-1] if editions else None) != manifest.get("previous"):
        raise RuleBroken("verify.chain_entry", entry=len(lines))
    if manifest.get("chain") != head_of(lines):
        raise RuleBroken("verify.chain_entry", entry=len(lines))
    return lines
