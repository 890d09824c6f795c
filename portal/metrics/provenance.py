"""Which figures rest on files that regulators took in for an authority without an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.metrics.counts import FIRST_CERTIFICATES
from portal.metrics.inputs import OTHERS, Inputs
from portal.store.exams import ExamResult, Tally
from portal.store.institutions import Institution
from portal.store.receipts import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A published cell, and the letter with which its file came; persons are the two officials.

    ``institution`` empty: the cells too small to publish, pooled. ``received_on`` is a day.
    """

    trade: str
    institution: str
    exam_kind: str
    period: str
    receipt: str
    sender: str
    document_no: str
    received_on: str
    entered_by: str
    confirmed_by: str
    scan_sha256: str


def provenance_of(session: Session, inputs: Inputs) -> tuple[Provenance, ...]:
    """Return where published cells come from that rest on a file taken in on behalf."""
    known = _published(inputs)
    placed = (_placed(one, known) for one in _on_behalf(session))
    return tuple(sorted({one for one in placed if one}, key=_order))


def _order(one: Provenance) -> tuple[str, ...]:
    return one.trade, one.institution, one.exam_kind, one.period, one.receipt


def _published(inputs: Inputs) -> set[tuple[str, str, str, str]]:
    cells = {
        (one.trade, one.institution, FIRST_CERTIFICATES, one.period)
        for one in inputs.counts
        if one.withheld is None
    }
    return cells | {
        (one.trade, one.institution, one.exam_kind, one.period) for one in inputs.other_kinds
    }


def _placed(one: Provenance, known: set[tuple[str, str, str, str]]) -> Provenance | None:
    """Return the row as it may be published: a cell left out is told of in its pool only."""
    for code in (one.institution, OTHERS):
        if (one.trade, code, one.exam_kind, one.period) in known:
            return replace(one, institution=code)
    return None


def _on_behalf(session: Session) -> Iterator[Provenance]:
    for asked in (_cells(ExamResult), _cells(Tally).where(Tally.source == "tallies")):
        for row in session.execute(asked).mappings():
            yield Provenance(**(dict(row) | {"received_on": row["received_on"].isoformat()}))


def _cells(table: type[ExamResult | Tally]) -> Select[*tuple[Any, ...]]:
    letter = (Receipt.sender, Receipt.document_no, Receipt.received_on, Receipt.confirmed_by)
    return (
        select(
            table.trade,
            Institution.code.label("institution"),
            table.exam_kind,
            table.period,
            Receipt.number.label("receipt"),
            Receipt.taken_in_by.label("entered_by"),
            Receipt.scan_sha256,
            *letter,
        )
        .join(Institution, Institution.id == table.institution_id)
        .join(Receipt, Receipt.id == table.receipt_id)
        .where(Receipt.sender.is_not(None))
        .distinct()
    )
