"""Where sealed figures come from that regulators entered for an authority without an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.publication.standings.rankings import Head
from portal.store.editions_beside import EditionProvenance


@dataclass(frozen=True, slots=True)
class Behalf:
    """A file taken in on behalf: the letter it came with, and the periods that it feeds here."""

    receipt: str
    sender: str
    document_no: str
    received_on: date
    entered_by: str
    confirmed_by: str
    scan_sha256: str
    periods: tuple[str, ...] = ()


_LETTER = (
    EditionProvenance.receipt,
    EditionProvenance.sender,
    EditionProvenance.document_no,
    EditionProvenance.received_on,
    EditionProvenance.entered_by,
    EditionProvenance.confirmed_by,
    EditionProvenance.scan_sha256,
)


def on_behalf(session: Session, edition: Head, trade: str | None = None) -> dict[str, list[Behalf]]:
    """Return trade → the letters behind an edition's figures, oldest first; of one, if named."""
    table = EditionProvenance
    asked = select(table.trade, table.period, *_LETTER).where(table.edition_id == edition.id)
    if trade is not None:
        asked = asked.where(table.trade == trade)
    return _grouped(session.execute(asked.distinct()))


def behind_institution(session: Session, edition: Head, code: str) -> dict[str, list[Behalf]]:
    """Return trade → the letters behind one institution's figures."""
    table = EditionProvenance
    asked = select(table.trade, table.period, *_LETTER).where(
        table.edition_id == edition.id, table.institution_code == code
    )
    return _grouped(session.execute(asked))


def behind_trade(session: Session, edition: Head, trade: str | None) -> dict[str, list[Behalf]]:
    """Return institution's code → the letters behind its figures in a trade; None = in any."""
    table = EditionProvenance
    asked = select(table.institution_code, table.period, *_LETTER).where(
        table.edition_id == edition.id
    )
    if trade is not None:
        asked = asked.where(table.trade == trade)
    return _grouped(session.execute(asked))


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[str, list[Behalf]]:
    """Return the first column → the letters that stand with it, each with all its periods."""
    fed: defaultdict[tuple[str, Behalf], set[str]] = defaultdict(set)
    for key, period, *letter in rows:
        fed[key, Behalf(*letter)].add(period)
    found: defaultdict[str, list[Behalf]] = defaultdict(list)
    for key, one in sorted(fed, key=lambda cell: (cell[0], cell[1].receipt)):
        found[key].append(replace(one, periods=tuple(sorted(fed[key, one]))))
    return dict(found)
