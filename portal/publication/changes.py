"""What has changed for the public: editions, corrections, keys, listings and their ends.

What has ended is told of by its number, its day and the legal reason only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.casework.supervision.list_events import end_reason
from portal.domain.cases import CaseState, last_limit
from portal.publication.editions.archive import Sealed, sealed_editions
from portal.publication.listing.problem_list import Entry, entries_on
from portal.store.cases import CaseFile
from portal.store.chain import ChainEntry, ListEvent

_NOT_CHAINED = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; ``kind`` is publication, correction, withdrawal, key, listing or delisting.

    ``chain_number``, ``digest`` and ``head`` are None until the chain holds it (an entry that
    ended on its last day is written at the next act). ``statement`` with ``salt`` gives the digest.
    """

    kind: str
    on: date
    at: datetime | None = None
    edition: Sealed | None = None
    entry: Entry | None = None
    issue: str | None = None
    reason: str | None = None
    key: str | None = None
    chain_number: int | None = None
    digest: str | None = None
    head: str | None = None
    statement: str | None = None
    salt: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Return its place in the list, which rises from the newest to the oldest."""
        return -self.on.toordinal(), -(self.chain_number or _NOT_CHAINED)


def changes_on(
    session: Session, day: date, zone: ZoneInfo, since: date | None = None
) -> list[Change]:
    """Return what the public may know on ``day`` of everything that changed, newest first."""
    chained = {entry.number: entry for entry in session.scalars(select(ChainEntry))}
    found = [*_editions(session, chained, zone), *_keys(chained, zone)]
    found += _list(session, chained, day)
    kept = [one for one in found if since is None or one.on >= since]
    return sorted(kept, key=lambda one: (one.place, one.issue or ""))


def chain_head(session: Session) -> tuple[int, str] | None:
    """Return the number and the head of the chain's last entry; None before the first."""
    last = session.scalar(select(ChainEntry).order_by(ChainEntry.number.desc()).limit(1))
    return (last.number, last.head) if last else None


def _editions(session: Session, chained: dict[int, ChainEntry], zone: ZoneInfo) -> Iterator[Change]:
    entries = {entry.edition: entry for entry in chained.values() if entry.kind == "edition"}
    for one in sealed_editions(session):
        entry = entries.get(one.number)
        yield Change(
            kind=_kind(one),
            on=one.sealed_at.astimezone(zone).date(),
            at=one.sealed_at,
            edition=one,
            chain_number=entry.number if entry else None,
            digest=entry.digest if entry else None,
            head=entry.head if entry else None,
        )


def _kind(edition: Sealed) -> str:
    if edition.withdraws is not None:
        return "withdrawal"
    return "correction" if edition.replaces is not None else "publication"


def _keys(chained: dict[int, ChainEntry], zone: ZoneInfo) -> Iterator[Change]:
    for entry in chained.values():
        if entry.kind == "key":
            yield Change(
                kind="key",
                on=entry.at.astimezone(zone).date(),
                at=entry.at,
                chain_number=entry.number,
                digest=entry.digest,
                head=entry.head,
            )


def _list(session: Session, chained: dict[int, ChainEntry], day: date) -> Iterator[Change]:
    events = {(e.listing_no, e.kind): e for e in session.scalars(select(ListEvent))}
    public = {entry.no: entry for entry in entries_on(session, day)}
    asked = select(CaseFile).where(
        CaseFile.state == CaseState.PUBLISHED, CaseFile.publish_from_on <= day
    )
    for case in session.scalars(asked):
        no = case.listing_no or ""
        entry = public.get(no)
        kind = "listed" if entry else "delisted"
        on = case.publish_from_on if entry else last_limit(case)
        event = events.get((no, kind))
        link = chained[event.chain_number] if event else None
        yield Change(
            kind="listing" if entry else "delisting",
            on=on or day,
            entry=entry,
            issue=no,
            reason=None if entry else end_reason(case),
            chain_number=link.number if link else None,
            digest=link.digest if link else None,
            head=link.head if link else None,
            statement=event.statement if event else None,
            salt=event.salt if event else None,
        )
