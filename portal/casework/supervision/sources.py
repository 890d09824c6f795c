"""What a case was opened from: one reference each way, and nothing opened from what is not there.

References: a finding ``J2026-0001/3``, a letter ``T2026-0001``, a traced accident ``D2026-0001``,
a contradicted fact ``F12``, a signal ``2026-H1/P005/drop/low-voltage-electrician``. Whatever reads
otherwise names a paper from outside, and leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.cases import CaseSource
from portal.store.cases import CaseFile
from portal.store.inspections import Finding, Inspection
from portal.store.institutions import Institution
from portal.store.letters import Letter
from portal.store.reports import Fact
from portal.store.traces import Trace

CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source that is there; whom it is about, where it names one: institution or unit by id."""

    row: Inspection | Finding | Letter | Trace | Fact | Institution
    institution_id: int | None = None
    unit_id: int | None = None


def finding_ref(inspection: Inspection, finding: Finding) -> str:
    """Return how a case refers to a finding."""
    return f"{inspection.number}/{finding.id}"


def fact_ref(fact_id: int) -> str:
    """Return how a case refers to a fact of a special report."""
    return f"F{fact_id}"


def signal_ref(period: str, institution: str, kind: str, trade: str = "") -> str:
    """Return how a case refers to a signal: an institution's figures of a period."""
    return "/".join(part for part in (period, institution, kind, trade) if part)


def known_source(session: Session, source: str, ref: str | None) -> Known | None:
    """Return what a reference leads to; None: to nothing that is kept here."""
    if source not in _FIND or not ref or not is_own(source, ref):
        return None
    return _FIND[CaseSource(source)](session, ref)


def is_own(source: str, ref: str) -> bool:
    """Tell whether a reference has the shape of those that are kept here."""
    return source in _SHAPES and re.fullmatch(_SHAPES[CaseSource(source)], ref) is not None


def cases_from(session: Session, source: CaseSource, refs: Iterable[str]) -> dict[str, list[str]]:
    """Return reference → numbers of the cases that were opened from it, the oldest first."""
    found: dict[str, list[str]] = {}
    opened = select(CaseFile.source_ref, CaseFile.number).where(
        CaseFile.source == source, CaseFile.source_ref.in_(list(refs))
    )
    for ref, number in session.execute(opened.order_by(CaseFile.id)):
        found.setdefault(ref or "", []).append(number)
    return found


def _finding(session: Session, ref: str) -> Known | None:
    number, _, place = ref.partition("/")
    inspection = session.scalar(select(Inspection).where(Inspection.number == number))
    if inspection is None:
        return None
    about = {"institution_id": inspection.institution_id, "unit_id": inspection.unit_id}
    if not place:
        return Known(row=inspection, **about)
    finding = session.get(Finding, int(place))
    if finding is None or finding.inspection_id != inspection.id:
        return None
    return Known(row=finding, **about)


def _letter(session: Session, ref: str) -> Known | None:
    letter = session.scalar(select(Letter).where(Letter.number == ref))
    return Known(row=letter) if letter else None


def _trace(session: Session, ref: str) -> Known | None:
    trace = session.scalar(select(Trace).where(Trace.number == ref))
    return Known(row=trace) if trace else None


def _fact(session: Session, ref: str) -> Known | None:
    fact = session.get(Fact, int(ref.removeprefix("F")))
    if fact is None or fact.proof != CONTRADICTED:
        return None
    return Known(row=fact, institution_id=fact.institution_id)


def _signal(session: Session, ref: str) -> Known | None:
    code = ref.split("/")[1]
    institution = session.scalar(select(Institution).where(Institution.code == code))
    return Known(row=institution, institution_id=institution.id) if institution else None


_FIND: dict[CaseSource, Callable[[Session, str], Known | None]] = {
    CaseSource.INSPECTION: _finding,
    CaseSource.TIP: _letter,
    CaseSource.ACCIDENT: _trace,
    CaseSource.CONTRADICTION: _fact,
    CaseSource.ANOMALY: _signal,
}
_SHAPES: dict[CaseSource, str] = {
    CaseSource.INSPECTION: r"J\d{4}-\d{4,8}(/\d{1,9})?",
    CaseSource.TIP: r"T\d{4}-\d{4,8}",
    CaseSource.ACCIDENT: r"D\d{4}-\d{4,8}",
    CaseSource.CONTRADICTION: r"F\d{1,9}",
    CaseSource.ANOMALY: r"\d{4}(-[HQ]\d)?/[^/]+/(limits|drop|passed)(/[^/]+)?",
}
